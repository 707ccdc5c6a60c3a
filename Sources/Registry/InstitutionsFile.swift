public import Chronometry
public import DataFiles
public import Ledger

/// Institutes with their people, and owners, as one YAML file writes them.
public struct InstitutionsFile: Sendable {
    public let institutions: [Institution]
    public let people: [Person]
    public let owners: [Owner]

    /// - Parameter today: what `today` means in a file marked `demonstration: true`; real files
    ///   may not use the word.
    /// - Throws: `DataFileError` at the place that is wrong.
    public init(path: String, today: CivilDate) throws {
        try self.init(DataNode.load(path), today: today)
    }

    public init(_ node: DataNode, today: CivilDate) throws {
        (institutions, people, owners) = try node.mapping { keys in
            _ = try keys.required("source").text()
            let isDemonstration = try keys.optional("demonstration")?.boolean() ?? false
            let days = DayPhrase(today: isDemonstration ? today : nil)
            let read = try keys.required("institutions").list().map {
                try Self.institution($0, days, isDemonstration: isDemonstration)
            }
            let owners = try keys.optional("owners")?.list().map(Self.owner) ?? []
            return (read.map(\.0), read.flatMap(\.1), owners)
        }
    }

    /// Puts everything on file; reading the same file again changes nothing.
    @discardableResult
    public func keep(in transaction: Transaction) throws -> KeptCounts {
        var counts = KeptCounts()
        for institution in institutions {
            counts.count(try Institutions.keep(institution, in: transaction))
        }
        for person in people {
            for kept in try People.keep(person, in: transaction) { counts.count(kept) }
        }
        for owner in owners { counts.count(try Owners.keep(owner, in: transaction)) }
        return counts
    }

    private static func institution(
        _ node: DataNode, _ days: DayPhrase, isDemonstration: Bool
    ) throws -> (Institution, [Person]) {
        try node.mapping { keys in
            let key = try keys.required("key").text()
            let institution = Institution(
                key: key, level: try keys.required("level").oneOf(Institution.Level.self),
                region: try keys.optional("region")?.text(),
                name: try Bilingual(keys.required("name")),
                authorization: try authorization(keys.required("authorization"), days),
                contact: Institution.Contact(
                    address: try keys.required("address").text(),
                    postcode: try keys.required("postcode").text(),
                    telephone: try keys.required("telephone").text(),
                    email: try keys.required("email").text()),
                isDemonstration: isDemonstration)
            let people = try keys.optional("people")?.list().map { try person($0, of: key, days) }
            return (institution, people ?? [])
        }
    }

    private static func authorization(
        _ node: DataNode, _ days: DayPhrase
    ) throws -> Institution.Authorization {
        try node.mapping { keys in
            Institution.Authorization(
                number: try keys.required("number").text(),
                validUntil: try days.day(keys.required("valid_until")),
                scope: try scope(keys.required("covers")))
        }
    }

    private static func person(
        _ node: DataNode, of institution: String, _ days: DayPhrase
    ) throws -> Person {
        try node.mapping { keys in
            Person(
                key: try keys.required("key").text(), name: try keys.required("name").text(),
                institution: institution,
                qualifications: try keys.required("qualifications").list().map {
                    try qualification($0, days)
                })
        }
    }

    private static func qualification(
        _ node: DataNode, _ days: DayPhrase
    ) throws -> Qualification {
        try node.mapping { keys in
            Qualification(
                role: try keys.required("role").oneOf(Role.self),
                certificate: try keys.required("certificate").text(),
                scope: try scope(keys.required("covers")),
                validUntil: try days.day(keys.required("valid_until")))
        }
    }

    private static func scope(_ node: DataNode) throws -> Scope {
        if node.isScalar {
            guard try node.text() == "all" else {
                throw node.error("'\(node.path)' must be 'all' or a list of categories and regulations")
            }
            return .all
        }
        return .listed(Set(try node.list().map { try $0.text() }))
    }

    private static func owner(_ node: DataNode) throws -> Owner {
        try node.mapping { keys in
            let code = try keys.optional("credit_code").map { node in
                guard let code = SocialCreditCode(try node.text()) else {
                    throw node.error(
                        "'\(node.path)' must be an 18-character credit code with the right check character (GB 32100-2015)"
                    )
                }
                return code
            }
            return Owner(
                key: try keys.required("key").text(), name: try keys.required("name").text(),
                address: try keys.required("address").text(), creditCode: code)
        }
    }
}
