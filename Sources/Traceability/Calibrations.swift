import Chronometry
public import GRDB
public import Ledger
public import Registry

/// The certificates on file. The tables are append-only; a correction is a new row that names the
/// one it replaces, and the replaced row stays readable.
public enum Calibrations {
    /// Puts the certificate on file; the same certificate twice changes nothing.
    ///
    /// - Throws: ``TraceabilityError/differs(number:standard:)`` where another content is on file
    ///   under that number: that is a correction, and needs ``correct(_:why:in:)``.
    @discardableResult
    public static func record(
        _ certificate: CalibrationCertificate, in transaction: Transaction
    ) throws -> Kept {
        if let present = try current(certificate, in: transaction.database) {
            guard present.certificate == certificate else {
                throw TraceabilityError.differs(
                    number: certificate.number, standard: certificate.standard)
            }
            return Kept(id: present.id, change: .unchanged)
        }
        return Kept(
            id: try append(certificate, replacing: nil, why: nil, in: transaction),
            change: .inserted)
    }

    /// Replaces what is on file under the certificate's number and standard by a new row.
    ///
    /// - Parameter why: in words an inspector understands.
    @discardableResult
    public static func correct(
        _ certificate: CalibrationCertificate, why: String, in transaction: Transaction
    ) throws -> Kept {
        guard let present = try current(certificate, in: transaction.database) else {
            throw TraceabilityError.nothingToCorrect(
                number: certificate.number, standard: certificate.standard)
        }
        guard present.certificate != certificate else {
            return Kept(id: present.id, change: .unchanged)
        }
        return Kept(
            id: try append(certificate, replacing: present.id, why: why, in: transaction),
            change: .updated)
    }

    /// Every certificate that was not replaced, of one standard or all, oldest issue first.
    public static func all(
        of standard: String? = nil, in database: Database
    ) throws -> [CalibrationCertificate] {
        try rows(
            where: standard == nil ? "TRUE" : "standard = ?",
            standard.map { [$0] } ?? [], in: database
        ).map(\.certificate)
    }

    /// Numbered as stored; nil where there is no such row. Also finds replaced ones.
    public static func find(
        id: Int64, in database: Database
    ) throws -> CalibrationCertificate? {
        try Row.fetchOne(database, sql: "SELECT * FROM calibration WHERE id = ?", arguments: [id])
            .map { try certificate(StoredRow($0, of: "calibration"), in: database) }
    }

    private static func current(
        _ certificate: CalibrationCertificate, in database: Database
    ) throws -> (id: Int64, certificate: CalibrationCertificate)? {
        try rows(
            where: "number = ? AND standard = ?", [certificate.number, certificate.standard],
            in: database
        ).first
    }

    private static func rows(
        where condition: String, _ arguments: StatementArguments, in database: Database
    ) throws -> [(id: Int64, certificate: CalibrationCertificate)] {
        try Row.fetchAll(
            database,
            sql: """
                SELECT * FROM calibration WHERE \(condition)
                AND id NOT IN (SELECT replaces FROM calibration WHERE replaces IS NOT NULL)
                ORDER BY issued_on, id
                """, arguments: arguments
        ).map {
            let row = StoredRow($0, of: "calibration")
            return (row.id, try certificate(row, in: database))
        }
    }

    private static func append(
        _ certificate: CalibrationCertificate, replacing: Int64?, why: String?,
        in transaction: Transaction
    ) throws -> Int64 {
        guard try Standards.find(certificate.standard, in: transaction.database) != nil else {
            throw TraceabilityError.unknown(
                what: "standard", key: certificate.standard,
                namedBy: "certificate \(certificate.number)")
        }
        let id = try transaction.insert(
            "calibration",
            [
                "number": certificate.number, "standard": certificate.standard,
                "issuer": certificate.issuer, "issued_on": certificate.issuedOn.description,
                "valid_until": certificate.validUntil.description,
                "reference": certificate.reference, "influence": certificate.influence.name,
                "influence_unit": certificate.influence.unit, "unit": certificate.unit,
                "document_sha256": certificate.documentDigest,
                "review": certificate.review.rawValue, "replaces": replacing, "replaces_why": why,
            ])
        for point in certificate.points {
            try transaction.insert(
                "calibration_point",
                [
                    "calibration": id, "at": point.at, "correction": point.correction,
                    "expanded_uncertainty": point.expandedUncertainty,
                    "coverage_factor": point.coverageFactor,
                ])
        }
        return id
    }

    private static func certificate(
        _ row: StoredRow, in database: Database
    ) throws -> CalibrationCertificate {
        let points = try Row.fetchAll(
            database, sql: "SELECT * FROM calibration_point WHERE calibration = ? ORDER BY at",
            arguments: [row.id])
        return try CalibrationCertificate(
            number: try row.text("number"), standard: try row.text("standard"),
            issuer: try row.text("issuer"), issuedOn: try row.date("issued_on"),
            validUntil: try row.date("valid_until"), reference: row.optionalText("reference"),
            influence: CalibrationCertificate.Influence(
                name: try row.text("influence"), unit: try row.text("influence_unit")),
            unit: try row.text("unit"),
            points: points.map {
                CalibrationCertificate.Point(
                    at: $0["at"], correction: $0["correction"],
                    expandedUncertainty: $0["expanded_uncertainty"],
                    coverageFactor: $0["coverage_factor"])
            },
            documentDigest: row.optionalText("document_sha256"), review: try row.oneOf("review"))
    }
}
