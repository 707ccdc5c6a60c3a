public import Chronometry
import Foundation
import GRDB
public import Ledger
import Metrology
public import Procedures
import Registry
import Verification

/// Issued certificates and notices.
public struct Certificates: Sendable {
    public struct Issued: Hashable, Sendable {
        public let number: String
        public let record: String
        public let document: CertificateDocument
    }

    private let ledger: Ledger
    private let zone: ZoneOffset
    private let software: CertificateDocument.Software

    public init(_ ledger: Ledger, zone: ZoneOffset = .china, version: String) {
        self.ledger = ledger
        self.zone = zone
        software = .init(name: "Steelyard 衡准", version: version)
    }

    /// Issues the certificate (conforming) or the notice (not conforming) of a signed record.
    ///
    /// Called again for the same record it returns what was issued: one record, one document.
    ///
    /// - Throws: ``CertificationError`` where signatures are missing or do not fit;
    ///   `ProcedureError.notApproved` where the technical manager has not approved the procedure.
    public func issue(_ recordNumber: String, under procedure: Procedure) throws -> Issued {
        let stored = try Records(ledger).record(recordNumber)
        let record = stored.record
        if let issued = try find("verification_record.number = ?", recordNumber) { return issued }
        guard procedure.digest == record.procedureFile.digest,
            let approval = try ProcedureApproval.find(procedure, at: record.institution, in: ledger)
        else {
            throw ProcedureError.notApproved(record.procedure, institution: record.institution)
        }
        let signatures = try RecordSigning(ledger, zone: zone).signatures(on: stored)
        for role in RecordSignature.Role.allCases
        where !signatures.contains(where: { $0.role == role }) {
            throw CertificationError.missingSignature(record: recordNumber, role: role.rawValue)
        }
        guard record.verdict != .undetermined else {
            throw CertificationError.undetermined(record: recordNumber)
        }
        let parties = try ledger.read { db in
            guard let institution = try Institutions.find(record.institution, in: db) else {
                throw CertificationError.unknownInstitution(record.institution)
            }
            return DocumentParties(
                institution: institution, owner: try Owners.find(record.client, in: db),
                people: try signatures.compactMap { try People.find($0.person, in: db) },
                approver: try People.find(approval.approvedBy, in: db)?.name ?? approval.approvedBy)
        }
        let signatory = signatures.last?.person ?? record.verifier
        return try ledger.commit(signatory, reason: "issue on record \(recordNumber)") { transaction in
            let date = transaction.at.date(in: zone)
            let number = try CertificateNumbers.next(
                institution: record.institution, year: date.components.year,
                regulation: record.procedure, in: transaction.database)
            let document = try CertificateDocument(
                number: number, stored: stored, procedure: procedure, approval: approval,
                signatures: signatures, parties: parties, issuedOn: date, zone: zone,
                software: software)
            guard
                let instrument = try Int64.fetchOne(
                    transaction.database,
                    sql: "SELECT instrument FROM verification_record WHERE id = ?",
                    arguments: [stored.id])
            else { throw CertificationError.malformedRow(table: "verification_record", id: stored.id) }
            try transaction.insert(
                "certificate",
                [
                    "number": number, "kind": document.kind.rawValue,
                    "institution": record.institution, "record": stored.id,
                    "instrument": instrument, "valid_until": document.valid_until?.value,
                    "issued_at": transaction.at.iso8601,
                    "document": try CanonicalJSON.text(document),
                ])
            return Issued(number: number, record: recordNumber, document: document)
        }
    }

    /// - Throws: ``CertificationError/unknownCertificate(_:)``.
    public func certificate(_ number: String) throws -> Issued {
        guard let issued = try find("certificate.number = ?", number) else {
            throw CertificationError.unknownCertificate(number)
        }
        return issued
    }

    /// The newest certificate or notice of each instrument with that serial number.
    public func certificates(ofSerial serial: String) throws -> [Issued] {
        try all(
            """
            certificate.id IN (SELECT max(certificate.id) FROM certificate
            JOIN instrument ON instrument.id = certificate.instrument
            WHERE instrument.serial = ? GROUP BY instrument.id)
            """, serial)
    }

    public func all() throws -> [Issued] {
        try all("? = ''", "")
    }

    private func find(_ condition: String, _ argument: String) throws -> Issued? {
        try all(condition, argument).first
    }

    private func all(_ condition: String, _ argument: String) throws -> [Issued] {
        try ledger.read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT certificate.*, verification_record.number AS record_number FROM certificate
                    JOIN verification_record ON verification_record.id = certificate.record
                    WHERE \(condition) ORDER BY certificate.id
                    """,
                arguments: [argument])
        }.map { row in
            let text: String = row["document"]
            guard
                let document = try? JSONDecoder().decode(
                    CertificateDocument.self, from: Data(text.utf8))
            else { throw CertificationError.malformedRow(table: "certificate", id: row["id"]) }
            return Issued(number: row["number"], record: row["record_number"], document: document)
        }
    }
}

/// Numbers of certificates and notices: `421200-2026-JJG162-000001`: administrative code, year,
/// regulation, one series for both kinds without a gap.
enum CertificateNumbers {
    /// The next number; called inside the transaction that uses it, so that two can never be equal.
    static func next(
        institution: String, year: Int, regulation: String, in database: Database
    ) throws -> String {
        let short = regulation.split(separator: "-")[0].filter { $0 != " " }
        let prefix = "\(institution)-\(year)-\(short)-"
        let last = try String.fetchOne(
            database, sql: "SELECT max(number) FROM certificate WHERE number LIKE ? || '______'",
            arguments: [prefix])
        let sequence = (last.flatMap { Int($0.dropFirst(prefix.count)) } ?? 0) + 1
        let digits = String(sequence)
        return prefix + String(repeating: "0", count: max(0, 6 - digits.count)) + digits
    }
}

struct DocumentParties {
    let institution: Institution
    let owner: Owner?
    let people: [Person]
    /// Name of the technical manager who approved the procedure.
    let approver: String
}
