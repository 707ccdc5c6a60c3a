import Chronometry
import DataFiles
import Foundation
import GRDB
import Ledger
import Registry
import Testing

/// A ledger of its own in the temporary directory, gone afterwards.
@discardableResult
func withLedger<T>(_ body: (Ledger) throws -> T) throws -> T {
    let folder = FileManager.default.temporaryDirectory.appending(path: "registry-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(
        Ledger(
            path: folder.appending(path: "ledger.sqlite").path, schemas: [RegistryTables.schema]))
}

let today = CivilDate(daysSinceEpoch: 20_000)

let institutions = """
    demonstration: true
    source: invented
    institutions:
      - key: "421223"
        level: county
        name: {zh: 演示, en: demonstration}
        authorization: {number: A-1, valid_until: today + 10 days, covers: [taximeter, JJG 162-2019]}
        address: 路 1 号
        postcode: "437500"
        telephone: 0715-0000000
        email: a@example.invalid
        people:
          - key: deng
            name: 邓
            qualifications:
              - {role: verifier, certificate: V-1, covers: all, valid_until: today + 5 days}
          - key: xiao
            name: 肖
            qualifications:
              - {role: verifier, certificate: V-2, covers: [taximeter], valid_until: today + 16 days}
              - {role: checker, certificate: V-3, covers: [JJG 162-2019], valid_until: today}
    owners:
      - {key: utility, name: 演示自来水, address: 路 2 号, credit_code: 91421200DEM000014D}
    """

func file(_ text: String, today: CivilDate = today) throws -> InstitutionsFile {
    try InstitutionsFile(DataNode.parse(text, file: "institutions.yaml"), today: today)
}

@Suite struct ReadingInstitutions {
    @Test func `a second reading changes nothing and leaves no audit entry`() throws {
        try withLedger { ledger in
            let first = try ledger.commit("test", reason: "first") { try file(institutions).keep(in: $0) }
            #expect(first == counts(inserted: 7))
            let before = try ledger.verifyAudit()
            let second = try ledger.commit("test", reason: "again") {
                try file(institutions).keep(in: $0)
            }
            #expect(second == counts(unchanged: 7))
            #expect(try ledger.verifyAudit() == before)
        }
    }

    @Test func `a changed fact is an update of that row alone`() throws {
        try withLedger { ledger in
            try ledger.commit("test", reason: "first") { try file(institutions).keep(in: $0) }
            let changed = institutions.replacing("路 2 号", with: "路 3 号")
            let kept = try ledger.commit("test", reason: "moved") { try file(changed).keep(in: $0) }
            #expect(kept == counts(updated: 1, unchanged: 6))
            #expect(try ledger.read { try Owners.find("utility", in: $0)?.address } == "路 3 号")
        }
    }

    @Test func `days relative to today are refused in real data`() {
        let real = institutions.replacing("demonstration: true\n", with: "")
        let error = #expect(throws: DataFileError.self) { try file(real) }
        #expect(error?.line == 6)
        #expect(error?.message.contains("only demonstration data") == true)
    }

    @Test func `a wrong key is shown where it stands`() {
        let wrong = institutions.replacing("postcode:", with: "postcod:")
        let error = #expect(throws: DataFileError.self) { try file(wrong) }
        // The missing key is noticed at the mapping it is missing from.
        #expect(error?.line == 4)
        #expect(error?.message.contains("'postcode'") == true)
        let extra = institutions.replacing("level: county", with: "level: county\n    levl: city")
        let unknown = #expect(throws: DataFileError.self) { try file(extra) }
        #expect(unknown?.line == 6)
        #expect(unknown?.column == 5)
        #expect(unknown?.message.contains("did you mean 'level'") == true)
    }

    @Test func `a mistyped credit code is refused`() {
        let wrong = institutions.replacing("91421200DEM000014D", with: "91421200DEM000015D")
        #expect(throws: DataFileError.self) { try file(wrong) }
    }

    @Test(arguments: ["today + 3", "today +3 days", "today + x days", "tomorrow", "today + -1 days"])
    func `a day that is none is refused`(text: String) {
        let wrong = institutions.replacing("today + 10 days", with: text)
        #expect(throws: DataFileError.self) { try file(wrong) }
    }
}

@Suite struct Qualifications {
    @Test func `a qualification holds through its last day and not on the next`() throws {
        try withLedger { ledger in
            try ledger.commit("test", reason: "first") { try file(institutions).keep(in: $0) }
            func verifiers(on day: Int) throws -> [String] {
                try ledger.read {
                    try People.qualified(
                        .verifier, for: "taximeter", of: "421223", on: today.advanced(byDays: day),
                        in: $0
                    ).map(\.key)
                }
            }
            #expect(try verifiers(on: 5) == ["deng", "xiao"])
            #expect(try verifiers(on: 6) == ["xiao"])
            #expect(try verifiers(on: 16) == ["xiao"])
            #expect(try verifiers(on: 17) == [])
        }
    }

    @Test func `a paper may name the regulation instead of the category`() throws {
        try withLedger { ledger in
            try ledger.commit("test", reason: "first") { try file(institutions).keep(in: $0) }
            func checkers(_ regulations: [String]) throws -> [String] {
                try ledger.read {
                    try People.qualified(
                        .checker, for: "water-meter", regulations: regulations, of: "421223",
                        on: today, in: $0
                    ).map(\.key)
                }
            }
            #expect(try checkers(["JJG 162-2019"]) == ["xiao"])
            #expect(try checkers(["JJG 686-2015"]) == [])
        }
    }
}

@Suite struct RegisteringInstruments {
    private func meter(serial: String = "0001", q3: String = "2.5 m3/h") -> Instrument {
        Instrument(
            maker: "演示表厂", model: "LXS-15", serial: serial, category: "water-meter",
            owner: "utility", particulars: ["Q3": q3, "R": "100"])
    }

    @Test func `the same nameplate twice is one instrument`() throws {
        try withLedger { ledger in
            try ledger.commit("test", reason: "first") { try file(institutions).keep(in: $0) }
            func register(_ instrument: Instrument) throws -> Kept {
                try ledger.commit("test", reason: "window") {
                    try Instruments.register(instrument, in: $0)
                }
            }
            let first = try register(meter())
            #expect(first.change == .inserted)
            #expect(try register(meter()) == Kept(id: first.id, change: .unchanged))
            #expect(try register(meter(q3: "4 m3/h")) == Kept(id: first.id, change: .updated))
            #expect(try register(meter(serial: "0002")).id != first.id)
            let found = try ledger.read { try Instruments.bearing(serial: "0001", in: $0) }
            #expect(found.map(\.id) == [first.id])
            #expect(found.first?.instrument == meter(q3: "4 m3/h"))
        }
    }

    @Test func `an unknown owner is refused by name`() throws {
        try withLedger { ledger in
            #expect(throws: RegistryError.self) {
                try ledger.commit("test", reason: "window") { try Instruments.register(meter(), in: $0) }
            }
        }
    }
}

@Suite struct CreditCodes {
    /// The example by which the code of GB 32100-2015 is usually explained.
    @Test func `the published example is right`() {
        #expect(SocialCreditCode("91350100M000100Y43") != nil)
    }

    @Test(arguments: ["91350100M000100Y44", "91350100M000100Y4", "9135O100M000100Y43", ""])
    func `anything else is not a code`(text: String) {
        #expect(SocialCreditCode(text) == nil)
    }
}

@Suite struct RegionsOfTheRepository {
    @Test func `the city has six counties`() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let file = try RegionsFile(path: root.appending(path: "Calibration/regions.yaml").path)
        #expect(
            file.regions.filter { $0.parent == "421200" }.map(\.code)
                == ["421202", "421221", "421222", "421223", "421224", "421281"])
        try withLedger { ledger in
            try ledger.commit("test", reason: "regions") { try file.keep(in: $0) }
            #expect(try ledger.read { try Regions.all(in: $0) }.count == 8)
        }
    }
}

func counts(inserted: Int = 0, updated: Int = 0, unchanged: Int = 0) -> KeptCounts {
    var counts = KeptCounts()
    for (number, change) in [
        (inserted, Kept.Change.inserted), (updated, .updated), (unchanged, .unchanged),
    ] {
        for _ in 0..<number { counts.count(Kept(id: 0, change: change)) }
    }
    return counts
}
