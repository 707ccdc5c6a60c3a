public import Chronometry
public import DataFiles
public import Ledger
public import Registry

/// Standards with the certificates held for them, and public standards, as one YAML file writes them.
public struct StandardsFile: Sendable {
    public let standards: [Standard]
    public let certificates: [CalibrationCertificate]
    public let publicStandards: [PublicStandard]

    /// - Parameter today: what `today` means in a file marked `demonstration: true`; real files
    ///   may not use the word.
    /// - Throws: `DataFileError` at the place that is wrong.
    public init(path: String, today: CivilDate) throws {
        try self.init(DataNode.load(path), today: today)
    }

    public init(_ node: DataNode, today: CivilDate) throws {
        (standards, certificates, publicStandards) = try node.mapping { keys in
            _ = try keys.required("source").text()
            let isDemonstration = try keys.optional("demonstration")?.boolean() ?? false
            let reading = StandardsReading(
                days: DayPhrase(today: isDemonstration ? today : nil),
                review: isDemonstration ? .demonstration : .awaitingReview)
            let written = try keys.optional("standards")?.list().map(reading.standard) ?? []
            let assessed = try keys.optional("public_standards")?.list().map(reading.publicStandard)
            let held = try DemonstrationHoldings(
                keys, reading, isDemonstration: isDemonstration)
            return (
                written.map(\.standard) + held.standards,
                written.flatMap(\.certificates) + held.certificates,
                (assessed ?? []) + held.publicStandards
            )
        }
    }

    /// Puts everything on file; reading the same file again changes nothing. A certificate that
    /// differs from what is on file becomes a correction.
    ///
    /// - Parameter why: the reason given with each correction.
    @discardableResult
    public func keep(why: String, in transaction: Transaction) throws -> KeptCounts {
        var counts = KeptCounts()
        for standard in standards { counts.count(try Standards.keep(standard, in: transaction)) }
        for certificate in certificates {
            do {
                counts.count(try Calibrations.record(certificate, in: transaction))
            } catch TraceabilityError.differs {
                counts.count(try Calibrations.correct(certificate, why: why, in: transaction))
            }
        }
        for standard in publicStandards {
            counts.count(try PublicStandards.keep(standard, in: transaction))
        }
        return counts
    }
}

/// Reads the parts of a standards file.
struct StandardsReading {
    let days: DayPhrase
    /// The mark of certificates that state none.
    let review: CalibrationCertificate.Review

    func standard(
        _ node: DataNode
    ) throws -> (standard: Standard, certificates: [CalibrationCertificate]) {
        try node.mapping { keys in
            let key = try keys.required("key").text()
            let standard = Standard(
                key: key, institution: try keys.required("institution").text(),
                name: try Bilingual(keys.required("name")), maker: try keys.required("maker").text(),
                model: try keys.required("model").text(), serial: try keys.required("serial").text(),
                quantity: try keys.required("quantity").text(),
                unit: try keys.required("unit").text(), range: try keys.required("range").text(),
                accuracy: try keys.required("accuracy").text(),
                kind: try keys.required("kind").oneOf(Standard.Kind.self))
            let certificates = try keys.optional("calibrations")?.list().map {
                try certificate($0, of: key)
            }
            return (standard, certificates ?? [])
        }
    }

    func publicStandard(_ node: DataNode) throws -> PublicStandard {
        try node.mapping { keys in
            PublicStandard(
                key: try keys.required("key").text(),
                institution: try keys.required("institution").text(),
                name: try Bilingual(keys.required("name")),
                assessment: try paper(keys.required("assessment")),
                certificate: try paper(keys.required("certificate")),
                categories: try texts(keys.required("categories")),
                regulations: try keys.optional("regulations").map(texts) ?? [],
                range: try keys.required("range").text(),
                accuracy: try keys.required("accuracy").text(),
                mainStandards: try texts(keys.required("main_standards")))
        }
    }

    func texts(_ node: DataNode) throws -> [String] {
        try node.list().map { try $0.text() }
    }

    func influence(_ node: DataNode) throws -> CalibrationCertificate.Influence {
        try node.mapping { keys in
            CalibrationCertificate.Influence(
                name: try keys.required("name").text(), unit: try keys.required("unit").text())
        }
    }

    /// Each point is `[at, correction, U, k]`, the order in which a certificate prints them.
    func points(_ node: DataNode) throws -> [CalibrationCertificate.Point] {
        try node.list().map { point in
            let numbers = try point.list().map { try $0.number() }
            guard numbers.count == 4 else {
                throw point.error("'\(point.path)' must be [at, correction, U, k]: four numbers")
            }
            return CalibrationCertificate.Point(
                at: numbers[0], correction: numbers[1], expandedUncertainty: numbers[2],
                coverageFactor: numbers[3])
        }
    }

    private func certificate(
        _ node: DataNode, of standard: String
    ) throws -> CalibrationCertificate {
        try node.mapping { keys in
            try placed(at: node) {
                try CalibrationCertificate(
                    number: try keys.required("number").text(), standard: standard,
                    issuer: try keys.required("issuer").text(),
                    issuedOn: try days.day(keys.required("issued_on")),
                    validUntil: try days.day(keys.required("valid_until")),
                    reference: try keys.optional("reference")?.text(),
                    influence: try influence(keys.required("influence")),
                    unit: try keys.required("unit").text(),
                    points: try points(keys.required("points")),
                    documentDigest: try keys.optional("document_sha256")?.text(),
                    review: try keys.optional("review")?.oneOf(CalibrationCertificate.Review.self)
                        ?? review)
            }
        }
    }

    /// Turns a complaint of this module into one at a place of the file.
    func placed<T>(at node: DataNode, _ body: () throws -> T) throws -> T {
        do {
            return try body()
        } catch let error as TraceabilityError {
            throw node.error(error.description)
        }
    }

    private func paper(_ node: DataNode) throws -> PublicStandard.Paper {
        try node.mapping { keys in
            PublicStandard.Paper(
                number: try keys.required("number").text(),
                validFrom: try days.day(keys.required("valid_from")),
                validUntil: try days.day(keys.required("valid_until")))
        }
    }
}
