import Chronometry
import DataFiles
import Foundation
import GRDB
import Ledger
import Registry
import Testing
import Traceability

let today = CivilDate(daysSinceEpoch: 20_000)

func day(_ offset: Int) -> CivilDate { today.advanced(byDays: offset) }

func standard(_ key: String, _ kind: Standard.Kind = .working) -> Standard {
    Standard(
        key: key, institution: "421200", name: Bilingual(zh: key, en: key), maker: "演示", model: "M",
        serial: "S-\(key)", quantity: "volume", unit: "m3/h", range: "0 … 5", accuracy: "0.1 %",
        kind: kind)
}

func certificate(
    _ number: String, of standard: String, above reference: String?, issued: Int = -100,
    until: Int = 200,
    points: [(Double, Double, Double, Double)] = [(1, 0, 0.1, 2)]
) throws -> CalibrationCertificate {
    try CalibrationCertificate(
        number: number, standard: standard, issuer: "演示", issuedOn: day(issued),
        validUntil: day(until), reference: reference,
        influence: CalibrationCertificate.Influence(name: "flow rate", unit: "m3/h"), unit: "%",
        points: points.map {
            CalibrationCertificate.Point(
                at: $0.0, correction: $0.1, expandedUncertainty: $0.2, coverageFactor: $0.3)
        }, documentDigest: nil, review: .demonstration)
}

@Suite struct Chaining {
    /// working ← province ← national
    private func graph(
        middleUntil: Int = 200, extra: [CalibrationCertificate] = []
    ) throws -> ReferenceGraph {
        ReferenceGraph(
            standards: [
                standard("working"), standard("province", .province), standard("national", .national),
            ],
            certificates: try [
                certificate("C-3", of: "national", above: nil, until: 900),
                certificate("C-2", of: "province", above: "national", until: middleUntil),
                certificate("C-1", of: "working", above: "province", until: 300),
            ] + extra)
    }

    @Test func `a whole chain reaches the national standard and ends with its earliest certificate`() throws {
        let chain = try graph().chain(of: "working", on: today)
        #expect(chain.links.map(\.standard.key) == ["working", "province", "national"])
        #expect(chain.isUnbroken)
        #expect(
            Standing(of: chain)
                == .inDate(standard: "working", through: day(200), certificate: "C-2"))
    }

    @Test func `an expired link in the middle breaks it the day after its last day`() throws {
        let graph = try graph(middleUntil: 0)
        #expect(graph.chain(of: "working", on: today).isUnbroken)
        let chain = graph.chain(of: "working", on: day(1))
        #expect(
            chain.breaks == [.expired(standard: "province", certificate: "C-2", lastDay: today)])
        // The rest of the way is still shown.
        #expect(chain.links.map(\.isInDate) == [true, false, true])
        let standing = Standing(of: chain)
        #expect(
            standing
                == .expired(standard: "working", link: "province", certificate: "C-2", since: day(1)))
        #expect(!standing.isInDate)
        #expect(standing.en.contains("province above it is out of date since \(day(1))"))
    }

    @Test func `a certificate counts from its day of issue, and the newest one decides`() throws {
        let renewed = try certificate("C-1b", of: "working", above: "province", issued: 10, until: 20)
        let graph = try graph(extra: [renewed])
        #expect(graph.certificate(of: "working", on: day(9))?.number == "C-1")
        #expect(graph.certificate(of: "working", on: day(10))?.number == "C-1b")
        // The older one would still hold, but the newer one has taken its place.
        #expect(!graph.chain(of: "working", on: day(21)).isUnbroken)
    }

    @Test func `a cycle is an answer`() throws {
        let graph = ReferenceGraph(
            standards: [standard("a"), standard("b")],
            certificates: try [
                certificate("C-a", of: "a", above: "b"), certificate("C-b", of: "b", above: "a"),
            ])
        let chain = graph.chain(of: "a", on: today)
        #expect(chain.breaks == [.cycle(["a", "b", "a"])])
        #expect(Standing(of: chain) == .broken(standard: "a", .cycle(["a", "b", "a"])))
    }

    @Test func `a reference that is not on file is a gap`() throws {
        let graph = ReferenceGraph(
            standards: [standard("a")],
            certificates: [try certificate("C-a", of: "a", above: "elsewhere")])
        #expect(
            graph.chain(of: "a", on: today).breaks
                == [.unknownStandard(key: "elsewhere", namedBy: "C-a")])
    }

    @Test func `no certificate, and a chain that ends below the national standard`() throws {
        let graph = ReferenceGraph(
            standards: [standard("a"), standard("b")],
            certificates: [try certificate("C-a", of: "a", above: nil)])
        #expect(
            graph.chain(of: "a", on: today).breaks
                == [.endsBelowNational(standard: "a", certificate: "C-a")])
        #expect(Standing(of: graph.chain(of: "b", on: today)) == .noCalibration(standard: "b"))
        #expect(
            graph.chain(of: "z", on: today).breaks == [.unknownStandard(key: "z", namedBy: nil)])
    }

    @Test func `the printed chain names each link and what breaks it`() throws {
        let text = try graph(middleUntil: -1).chain(of: "working", on: today).text
        #expect(text.contains("    ↑ national"))
        #expect(text.contains("U = 0.1 % (k = 2)"))
        #expect(text.contains("certificate C-2 of province held until \(day(-1))"))
    }
}

@Suite struct CertificateValues {
    private func flow() throws -> CalibrationCertificate {
        try certificate(
            "C", of: "a", above: nil,
            points: [(0.1, 0.02, 0.12, 2), (0.5, -0.02, 0.10, 2), (1, -0.04, 0.20, 2.1)])
    }

    @Test func `between points the correction is linear and U the larger one`() throws {
        let values = try #require(try flow().values(at: 0.2))
        #expect(abs(values.correction - 0.01) < 1e-12)
        #expect(values.expandedUncertainty == 0.12)
        #expect(values.k == 2)
        let upper = try #require(try flow().values(at: 0.75))
        #expect(abs(upper.correction + 0.03) < 1e-12)
        #expect(upper.expandedUncertainty == 0.20)
        #expect(upper.k == 2.1)
    }

    @Test func `at a point its own values`() throws {
        let values = try #require(try flow().values(at: 0.5))
        #expect(values == (-0.02, 0.10, 2))
        #expect(try flow().values(at: 0.1) != nil)
        #expect(try flow().values(at: 1) != nil)
    }

    @Test(arguments: [0.0999, 1.0001, -1, .nan, .infinity])
    func `outside the calibrated range nothing`(at: Double) throws {
        #expect(try flow().values(at: at) == nil)
    }

    @Test func `a certificate that cannot be right is refused`() {
        #expect(throws: TraceabilityError.self) {
            try certificate("C", of: "a", above: nil, points: [(1, 0, 0.1, 2), (1, 0, 0.1, 2)])
        }
        #expect(throws: TraceabilityError.self) {
            try certificate("C", of: "a", above: nil, points: [(1, 0, 0.1, 0)])
        }
        #expect(throws: TraceabilityError.self) { try certificate("C", of: "a", above: nil, points: []) }
        #expect(throws: TraceabilityError.self) {
            try certificate("C", of: "a", above: nil, issued: 1, until: 0)
        }
    }
}

@Suite struct KeepingCertificates {
    private func withStandard<T>(_ body: (Ledger, String) throws -> T) throws -> T {
        let folder = FileManager.default.temporaryDirectory.appending(path: "trace-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appending(path: "ledger.sqlite").path
        let ledger = try Ledger(path: path, schemas: [RegistryTables.schema, TraceabilityTables.schema])
        try ledger.commit("test", reason: "set up") { transaction in
            try Institutions.keep(
                Institution(
                    key: "421200", level: .city, region: nil, name: Bilingual(zh: "演示", en: "demo"),
                    authorization: Institution.Authorization(
                        number: "A", validUntil: day(100), scope: .all),
                    contact: Institution.Contact(
                        address: "a", postcode: "p", telephone: "t", email: "e"),
                    isDemonstration: true), in: transaction)
            try Standards.keep(standard("a"), in: transaction)
        }
        return try body(ledger, path)
    }

    @Test func `a correction is a new row and the replaced one stays`() throws {
        try withStandard { ledger, _ in
            let first = try certificate("C", of: "a", above: "n", until: 10)
            let second = try certificate("C", of: "a", above: "n", until: 20)
            let kept = try ledger.commit("test", reason: "received") {
                try Calibrations.record(first, in: $0)
            }
            #expect(
                try ledger.commit("test", reason: "again") { try Calibrations.record(first, in: $0) }
                    == Kept(id: kept.id, change: .unchanged))
            #expect(throws: TraceabilityError.differs(number: "C", standard: "a")) {
                try ledger.commit("test", reason: "other") { try Calibrations.record(second, in: $0) }
            }
            let corrected = try ledger.commit("test", reason: "misread") {
                try Calibrations.correct(second, why: "the date was misread", in: $0)
            }
            #expect(corrected.id != kept.id)
            #expect(try ledger.read { try Calibrations.all(of: "a", in: $0) } == [second])
            #expect(try ledger.read { try Calibrations.find(id: kept.id, in: $0) } == first)
        }
    }

    @Test(arguments: [
        "UPDATE calibration SET valid_until = '2999-01-01'", "DELETE FROM calibration",
        "UPDATE calibration_point SET correction = 0.5", "DELETE FROM calibration_point",
    ])
    func `nobody changes or deletes a calibration`(sql: String) throws {
        try withStandard { ledger, path in
            let one = try certificate("C", of: "a", above: "n")
            try ledger.commit("test", reason: "received") { try Calibrations.record(one, in: $0) }
            let queue = try DatabaseQueue(path: path)
            let error = #expect(throws: DatabaseError.self) {
                try queue.write { try $0.execute(sql: sql) }
            }
            #expect(error?.message?.contains("append-only") == true)
        }
    }

    @Test func `a public standard needs its main standards on file`() throws {
        try withStandard { ledger, _ in
            let paper = PublicStandard.Paper(number: "P", validFrom: day(-10), validUntil: day(10))
            #expect(!paper.holds(on: day(-11)))
            #expect(paper.holds(on: day(-10)) && paper.holds(on: day(10)))
            #expect(!paper.holds(on: day(11)))
            func bench(_ main: String) -> PublicStandard {
                PublicStandard(
                    key: "bench", institution: "421200", name: Bilingual(zh: "装置", en: "bench"),
                    assessment: paper, certificate: paper, categories: ["water-meter"],
                    regulations: ["JJG 162-2019"], range: "r", accuracy: "a", mainStandards: [main])
            }
            #expect(throws: TraceabilityError.self) {
                try ledger.commit("test", reason: "x") { try PublicStandards.keep(bench("b"), in: $0) }
            }
            try ledger.commit("test", reason: "x") { try PublicStandards.keep(bench("a"), in: $0) }
            #expect(try ledger.read { try PublicStandards.find("bench", in: $0) } == bench("a"))
        }
    }
}

@Suite struct ReadingStandards {
    private let text = """
        source: papers of the institute
        standards:
          - key: a
            institution: "421200"
            name: {zh: 甲, en: a}
            maker: m
            model: m
            serial: s
            quantity: volume
            unit: m3/h
            range: r
            accuracy: a
            kind: working
            calibrations:
              - number: C-1
                issuer: i
                issued_on: 2026-01-01
                valid_until: 2026-12-31
                reference: up
                influence: {name: flow rate, unit: m3/h}
                unit: "%"
                points: [[1, 0.1, 0.2, 2], [2, 0.1, 0.2]]
        """

    private func read(_ text: String) throws -> StandardsFile {
        try StandardsFile(DataNode.parse(text, file: "standards.yaml"), today: today)
    }

    @Test func `a real file's certificates await review`() throws {
        let file = try read(text.replacing("0.2]]", with: "0.2, 2]]"))
        #expect(file.certificates.map(\.review) == [.awaitingReview])
        #expect(file.certificates.first?.points.count == 2)
    }

    @Test func `a point without k is shown where it stands`() {
        let error = #expect(throws: DataFileError.self) { try read(text) }
        #expect(error?.line == 22)
        #expect(error?.message.contains("[at, correction, U, k]") == true)
    }

    @Test func `a wrong key is shown where it stands`() {
        let wrong = text.replacing("0.2]]", with: "0.2, 2]]").replacing(
            "reference: up", with: "referense: up")
        let error = #expect(throws: DataFileError.self) { try read(wrong) }
        #expect(error?.line == 19)
        #expect(error?.column == 9)
        #expect(error?.message.contains("did you mean 'reference'") == true)
    }

    @Test func `the short form that invents numbers is refused in real data`() {
        let error = #expect(throws: DataFileError.self) {
            try read("source: s\nequipment: {}\nprojects: {}\nheld: {}")
        }
        #expect(error?.message.contains("for demonstration data") == true)
    }
}
