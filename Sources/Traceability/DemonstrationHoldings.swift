import Chronometry
import DataFiles
import Registry

/// The short form of demonstration data: a kind of equipment and a public standard built from it are
/// described once, and each institute lists what it holds and until when.
///
/// Real files may not use it: it invents serial and certificate numbers.
struct DemonstrationHoldings {
    private(set) var standards: [Standard] = []
    private(set) var certificates: [CalibrationCertificate] = []
    private(set) var publicStandards: [PublicStandard] = []

    /// One kind of equipment: everything but who holds it and its numbers.
    private struct Equipment {
        let name: Bilingual
        let maker: String
        let model: String
        let quantity: String
        let unit: String
        let range: String
        let accuracy: String
        let kind: Standard.Kind
        let issuer: String
        /// Nil for a national standard.
        let reference: String?
        let influence: CalibrationCertificate.Influence
        let certificateUnit: String
        let points: [CalibrationCertificate.Point]
        /// Days from issue to the last day.
        let interval: Int
    }

    private struct Project {
        let name: Bilingual
        let categories: [String]
        let regulations: [String]
        let range: String
        let accuracy: String
        let main: [String]
    }

    init(_ keys: DataMapping, _ reading: StandardsReading, isDemonstration: Bool) throws {
        let sections = [
            keys.optional("equipment"), keys.optional("projects"), keys.optional("held"),
        ].compactMap { $0 }
        guard let first = sections.first else { return }
        guard isDemonstration else {
            throw first.error(
                "'\(first.path)' is for demonstration data: it invents serial numbers and certificates")
        }
        guard sections.count == 3 else {
            throw first.error("'equipment', 'projects' and 'held' stand together or not at all")
        }
        let equipment = try Self.named(sections[0]) { try Self.equipment($0, reading) }
        let projects = try Self.named(sections[1]) { try Self.project($0, reading) }
        for (institution, holdings) in try sections[2].entries() {
            let holder = try institution.text()
            try holdings.mapping { keys in
                for (name, until) in try keys.optional("equipment")?.entries() ?? [] {
                    guard let kind = equipment[try name.text()] else {
                        throw name.error("there is no equipment '\(try name.text())' in this file")
                    }
                    try hold(kind, try name.text(), until, by: holder, reading)
                }
                for (name, until) in try keys.optional("projects")?.entries() ?? [] {
                    guard let project = projects[try name.text()] else {
                        throw name.error("there is no project '\(try name.text())' in this file")
                    }
                    try hold(project, try name.text(), until, by: holder, reading)
                }
            }
        }
    }

    /// `until` is the last day of the certificate held, or `none` where there is none.
    private mutating func hold(
        _ kind: Equipment, _ name: String, _ until: DataNode, by holder: String,
        _ reading: StandardsReading
    ) throws {
        let key = "\(name)-\(holder)"
        standards.append(
            Standard(
                key: key, institution: holder, name: kind.name, maker: kind.maker,
                model: kind.model, serial: "DEMO-\(holder)-\(name)", quantity: kind.quantity,
                unit: kind.unit, range: kind.range, accuracy: kind.accuracy, kind: kind.kind))
        guard try until.text() != "none" else { return }
        let lastDay = try reading.days.day(until)
        try certificates.append(
            reading.placed(at: until) {
                try CalibrationCertificate(
                    number: "演示-\(key)", standard: key, issuer: kind.issuer,
                    issuedOn: lastDay.advanced(byDays: -kind.interval), validUntil: lastDay,
                    reference: kind.reference, influence: kind.influence,
                    unit: kind.certificateUnit, points: kind.points, documentDigest: nil,
                    review: .demonstration)
            })
    }

    /// `until` is the last day of both papers, or `{assessment: …, certificate: …, regulations: […]}`.
    private mutating func hold(
        _ project: Project, _ name: String, _ until: DataNode, by holder: String,
        _ reading: StandardsReading
    ) throws {
        var regulations = project.regulations
        let (assessment, certificate) =
            if until.isMapping {
                try until.mapping { keys in
                    regulations = try keys.optional("regulations").map(reading.texts) ?? regulations
                    return (
                        try reading.days.day(keys.required("assessment")),
                        try reading.days.day(keys.required("certificate"))
                    )
                }
            } else {
                (try reading.days.day(until), try reading.days.day(until))
            }
        let key = "\(name)-\(holder)"
        publicStandards.append(
            PublicStandard(
                key: key, institution: holder, name: project.name,
                assessment: Self.paper("演示-考核-\(key)", until: assessment),
                certificate: Self.paper("演示-社会公用-\(key)", until: certificate),
                categories: project.categories, regulations: regulations, range: project.range,
                accuracy: project.accuracy, mainStandards: project.main.map { "\($0)-\(holder)" }))
    }

    /// A paper of five years, as assessment certificates have.
    private static func paper(_ number: String, until lastDay: CivilDate) -> PublicStandard.Paper {
        PublicStandard.Paper(
            number: number, validFrom: lastDay.advanced(byMonths: -60).advanced(byDays: 1),
            validUntil: lastDay)
    }

    private static func named<T>(
        _ node: DataNode, _ body: (DataNode) throws -> T
    ) throws -> [String: T] {
        var named: [String: T] = [:]
        for (key, value) in try node.entries() { named[try key.text()] = try body(value) }
        return named
    }

    private static func equipment(_ node: DataNode, _ reading: StandardsReading) throws -> Equipment {
        try node.mapping { keys in
            Equipment(
                name: try Bilingual(keys.required("name")), maker: try keys.required("maker").text(),
                model: try keys.required("model").text(),
                quantity: try keys.required("quantity").text(),
                unit: try keys.required("unit").text(), range: try keys.required("range").text(),
                accuracy: try keys.required("accuracy").text(),
                kind: try keys.optional("kind")?.oneOf(Standard.Kind.self) ?? .working,
                issuer: try keys.required("issuer").text(),
                reference: try keys.optional("reference")?.text(),
                influence: try reading.influence(keys.required("influence")),
                certificateUnit: try keys.required("certificate_unit").text(),
                points: try reading.points(keys.required("points")),
                interval: try keys.required("interval_days").integer())
        }
    }

    private static func project(_ node: DataNode, _ reading: StandardsReading) throws -> Project {
        try node.mapping { keys in
            Project(
                name: try Bilingual(keys.required("name")),
                categories: try reading.texts(keys.required("categories")),
                regulations: try keys.optional("regulations").map(reading.texts) ?? [],
                range: try keys.required("range").text(),
                accuracy: try keys.required("accuracy").text(),
                main: try reading.texts(keys.required("main")))
        }
    }
}
