public import Chronometry
import Foundation
import GRDB
public import Ledger
import Registry
public import Verification

/// One person's signature on one record.
public struct RecordSignature: Hashable, Sendable {
    public enum Role: String, CaseIterable, Hashable, Sendable {
        case verifier, checker, signatory

        var registered: Registry.Role {
            switch self {
            case .verifier: .verifier
            case .checker: .checker
            case .signatory: .signatory
            }
        }
    }

    public let role: Role
    public let person: String
    public let signedAt: Instant
    public let signature: String
    let publicKey: String
    let recordDigest: String
}

/// Who signs, in which order: verifier, checker, signatory, three different people, each qualified
/// on the day (计量检定印、证管理办法: 检定、核验、主管).
public struct RecordSigning: Sendable {
    private let ledger: Ledger
    private let zone: ZoneOffset
    private let clock: @Sendable () -> Instant

    public init(
        _ ledger: Ledger, zone: ZoneOffset = .china,
        clock: @escaping @Sendable () -> Instant = SystemClock.now
    ) {
        self.ledger = ledger
        self.zone = zone
        self.clock = clock
    }

    /// What is signed: the role, the record's number and its digest.
    static func message(_ role: RecordSignature.Role, _ number: String, _ digest: String) -> Data {
        Data("steelyard signature 1\n\(role.rawValue)\n\(number)\n\(digest)\n".utf8)
    }

    /// - Throws: ``CertificationError`` where this person may not sign this record in this role now.
    public func sign(
        _ number: String, as role: RecordSignature.Role, with key: SigningKey
    ) throws {
        let stored = try Records(ledger).record(number)
        let record = stored.record
        let day = clock().date(in: zone)
        guard let person = try ledger.read({ try People.find(key.person, in: $0) }) else {
            throw CertificationError.unknownPerson(key.person)
        }
        guard person.institution == record.institution else {
            throw CertificationError.otherInstitution(
                person: person.name, institution: record.institution)
        }
        guard
            person.qualified(
                role.registered, for: record.subject.category, regulations: [record.procedure],
                on: day) != nil
        else {
            throw CertificationError.notQualified(
                person: person.name, role: role.registered.name.en,
                category: record.subject.category, on: day)
        }
        if role == .verifier, key.person != record.verifier {
            throw CertificationError.notTheVerifier(
                person: key.person, record: number, verifier: record.verifier)
        }
        let present = try signatures(on: stored)
        if let same = present.first(where: { $0.role == role }) {
            throw CertificationError.alreadySigned(
                record: number, role: role.rawValue, by: same.person)
        }
        guard !present.contains(where: { $0.person == key.person }) else {
            throw CertificationError.samePerson(person: key.person, record: number)
        }
        let order = RecordSignature.Role.allCases
        for earlier in order.prefix(while: { $0 != role })
        where !present.contains(where: { $0.role == earlier }) {
            throw CertificationError.signedOutOfOrder(record: number, missing: earlier.rawValue)
        }
        let keyRow = try ledger.read { db in
            try Int64.fetchOne(
                db, sql: "SELECT id FROM signing_key WHERE public_key = ? AND person = ?",
                arguments: [key.publicKey, key.person])
        }
        guard let keyRow else {
            throw CertificationError.noSigningKey(person: key.person, path: "the ledger")
        }
        let signature = try key.sign(Self.message(role, number, stored.digest))
        try ledger.commit(key.person, reason: "sign record \(number) as \(role.rawValue)") {
            transaction in
            try transaction.insert(
                "record_signature",
                [
                    "record": stored.id, "role": role.rawValue, "person": key.person,
                    "signing_key": keyRow, "record_digest": stored.digest, "signature": signature,
                    "signed_at": transaction.at.iso8601,
                ])
        }
    }

    /// Checks every signature on a record.
    ///
    /// - Returns: how many there are.
    /// - Throws: ``CertificationError/badSignature(record:person:)``.
    public func check(_ stored: Records.Stored) throws -> Int { try signatures(on: stored).count }

    /// The signatures on a record, in the order they were given, each checked against its key and
    /// the record's digest.
    ///
    /// - Throws: ``CertificationError/badSignature(record:person:)``.
    func signatures(on stored: Records.Stored) throws -> [RecordSignature] {
        let rows = try ledger.read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT record_signature.*, signing_key.public_key FROM record_signature
                    JOIN signing_key ON signing_key.id = record_signature.signing_key
                    WHERE record = ? ORDER BY record_signature.id
                    """,
                arguments: [stored.id])
        }
        return try rows.map { row in
            guard let role = RecordSignature.Role(rawValue: row["role"]),
                let signedAt = Instant(row["signed_at"])
            else { throw CertificationError.malformedRow(table: "record_signature", id: row["id"]) }
            let found = RecordSignature(
                role: role, person: row["person"], signedAt: signedAt, signature: row["signature"],
                publicKey: row["public_key"], recordDigest: row["record_digest"])
            let message = Self.message(role, stored.record.number, stored.digest)
            guard found.recordDigest == stored.digest,
                SigningKey.verifies(found.signature, of: message, by: found.publicKey)
            else {
                throw CertificationError.badSignature(
                    record: stored.record.number, person: found.person)
            }
            return found
        }
    }
}
