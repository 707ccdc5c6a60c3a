import Chronometry
import Energy
import Foundation
import Ledger
import Synchronization
import Testing

/// The program dies here: nothing of its memory is used afterwards.
struct Killed: Error {}

/// A platform in memory, with a place to interfere before a request arrives and after it was taken in.
final class MemoryPlatform: PlatformTransport {
    enum Moment: Sendable { case before, after }

    struct State: Sendable {
        var registrations = 0
        var isRegistered = false
        var isConfigured = false
        /// Every value that arrived, by (code, statistic, date), in the order of arrival.
        var values: [String: [String]] = [:]
        var calls = 0
    }

    private let state = Mutex(State())
    private let interfere: @Sendable (Int, Moment) throws -> PlatformAnswer?

    /// - Parameter interfere: given the number of the request, from 0; may throw, or answer in the
    ///   platform's place.
    init(_ interfere: @escaping @Sendable (Int, Moment) throws -> PlatformAnswer? = { _, _ in nil }) {
        self.interfere = interfere
    }

    var now: State { state.withLock { $0 } }

    func forgetTerminal() {
        state.withLock { $0.isRegistered = false }
    }

    static let refusal = PlatformAnswer(
        status: 200, body: #"{"responseCode":"1","responseMessage":"系统繁忙"}"#)

    func post(_ body: String, to url: PlatformURL) async throws -> PlatformAnswer {
        let call = state.withLock { state in
            defer { state.calls += 1 }
            return state.calls
        }
        if let answer = try interfere(call, .before) { return answer }
        let object = try JSONSerialization.jsonObject(with: Data(body.utf8)) as? [String: Any]
        let answer = state.withLock { take(object ?? [:], url.text, &$0) }
        if let answer = try interfere(call, .after) { return answer }
        return PlatformAnswer(status: 200, body: answer)
    }

    private func take(_ object: [String: Any], _ url: String, _ state: inout State) -> String {
        let operation = url.split(separator: "/").last ?? ""
        if operation == "register" {
            state.registrations += 1
            state.isRegistered = true
            let base = "http://127.0.0.1:1"
            return #"{"responseCode":"0","deviceId":"d1","loadDicVersionURL":"\#(base)/versionCheck","#
                + #""centerInfoURL":"\#(base)/config","centerDataURL":"\#(base)/data"}"#
        }
        guard state.isRegistered else {
            return #"{"responseCode":"1","responseMessage":"序列号与企业统一社会信用代码不符"}"#
        }
        if operation == "config" { state.isConfigured = true }
        if operation == "data" {
            guard state.isConfigured else {
                return #"{"responseCode":"1","responseMessage":"采集数据项未配置"}"#
            }
            let rows = object["data"] as? [[String: Any]] ?? []
            for row in rows where "\(row["dataValue"] ?? "")" == "13" {
                return #"{"responseCode":"1","responseMessage":"不吉利的数值"}"#
            }
            for row in rows {
                let key = ["dataCode", "statType", "statDate"].map { "\(row[$0] ?? "?")" }
                state.values[key.joined(separator: " "), default: []].append(
                    "\(row["dataValue"] ?? "?")")
            }
        }
        return #"{"responseCode":"0","responseMessage":"RECEIVE SUCCESS","regVersion":"1","dicVersion":"1"}"#
    }
}

@Suite struct OutboxTests {
    /// A bench with `quarters` values of 1, 2, 3 … kWh waiting.
    private func bench(
        _ files: TemporaryLedger, values: [Int] = [1, 2, 3, 4], send: String = "at-once"
    ) async throws -> Bench {
        let bench = try Bench(
            files.open(), plan(send: send), clock: TestClock("2026-11-25 10:00:00"))
        var counter = 100
        try await bench.sample("2026-11-25 10:00:00", "\(counter)")
        for (index, value) in values.enumerated() {
            counter += value
            let boundary = at("2026-11-25 10:00:00").advanced(bySeconds: Double(index + 1) * 900)
            try await bench.sample(boundary.text(in: .china), "\(counter)")
        }
        return bench
    }

    private func expectEachOnce(_ platform: MemoryPlatform, _ bench: Bench, copies: Int = 1) throws {
        let values = platform.now.values
        #expect(values.count == 4)
        for start in 0..<4 {
            let date = at("2026-11-25 10:00:00").advanced(bySeconds: Double(start) * 900)
            let got = values["00-00-0000-023300-10 0 \(date.text(in: .china))"] ?? []
            #expect(Set(got) == ["\(start + 1)"])
            #expect(got.count <= copies)
        }
        let completeness = try bench.records.completeness(until: bench.clock.now, now: bench.clock.now)
        let delivery = try #require(completeness.points.first?.destinations.first)
        #expect(delivery.accepted == 4)
        #expect(delivery.twice == 0)
    }

    @Test func everyValueArrivesOnceAndIsThenKeptAsAccepted() async throws {
        let files = try TemporaryLedger()
        let bench = try await bench(files)
        let platform = MemoryPlatform()
        var outbox = bench.outbox(platform)
        try await bench.drain(&outbox)
        try expectEachOnce(platform, bench)
        #expect(platform.now.registrations == 1)
        // Nothing is left to send, and nothing is sent.
        let calls = platform.now.calls
        #expect(try await outbox.step() == .idle)
        #expect(platform.now.calls == calls)
    }

    /// Four requests lead to the first acknowledgement: register, version check, configuration,
    /// data. The program is killed before or after each has arrived, and started again.
    @Test(arguments: 0..<4, [MemoryPlatform.Moment.before, .after])
    func killedAtAnyRequestEachValueIsThereExactlyOnce(
        request: Int, moment: MemoryPlatform.Moment
    ) async throws {
        let files = try TemporaryLedger()
        let platform = MemoryPlatform { call, now in
            if call == request, now == moment { throw Killed() }
            return nil
        }
        do {
            let bench = try await bench(files)
            var outbox = bench.outbox(platform)
            await #expect(throws: Killed.self) { try await bench.drain(&outbox) }
        }
        let again = try Bench(files.open(), plan(), clock: TestClock("2026-11-25 11:00:30"))
        var outbox = again.outbox(platform)
        try await again.drain(&outbox)
        // The one upload that arrived without its answer being kept comes twice, and the same.
        try expectEachOnce(platform, again, copies: request == 3 && moment == .after ? 2 : 1)
    }

    @Test func aPlatformThatIsAwayIsAskedAgainUntilItAnswers() async throws {
        let files = try TemporaryLedger()
        let bench = try await bench(files)
        let platform = MemoryPlatform { call, now in
            switch call {
            case 0..<40: throw EnergyError.unreachable(url: "x", why: "connection refused")
            case 43 where now == .after: throw EnergyError.unreachable(url: "x", why: "cut off")
            case 44: PlatformAnswer(status: 503, body: "")
            default: nil
            }
        }
        var outbox = bench.outbox(platform)
        try await bench.drain(&outbox)
        try expectEachOnce(platform, bench, copies: 2)
    }

    @Test func oneRefusalIsKeptAndTheValueSentAgain() async throws {
        let files = try TemporaryLedger()
        let bench = try await bench(files)
        // The upload of four is refused, then its first half, then the first quarter of it.
        let platform = MemoryPlatform { call, _ in (3...5).contains(call) ? MemoryPlatform.refusal : nil }
        var outbox = bench.outbox(platform)
        try await bench.drain(&outbox)
        try expectEachOnce(platform, bench)
    }

    @Test func aValueThePlatformNeverTakesIsLeftToAPersonAndHoldsUpNobody() async throws {
        let files = try TemporaryLedger()
        let bench = try await bench(files, values: [1, 13, 3, 4])
        let platform = MemoryPlatform()
        var outbox = bench.outbox(platform)
        try await bench.drain(&outbox)
        #expect(platform.now.values.count == 3)
        let completeness = try bench.records.completeness(
            until: at("2026-11-25 11:00:00"), now: bench.clock.now)
        let delivery = try #require(completeness.points.first?.destinations.first)
        #expect([delivery.accepted, delivery.waiting, delivery.refused] as [Int] == [3, 0, 1])
        #expect(completeness.missing.map(\.start) == ["2026-11-25 10:15:00"])
        #expect(completeness.missing.first?.reason == "refused by the platform: 不吉利的数值")
        #expect(!completeness.isComplete)
        let resent = try bench.records.resendRefused(of: nil, actor: "test", reason: "cleared")
        #expect(resent == 1)
        #expect(try bench.records.waiting(for: "province") == 1)
    }

    @Test func aTerminalThePlatformForgotRegistersAgainOnce() async throws {
        let files = try TemporaryLedger()
        let bench = try await bench(files, values: [1, 2, 3])
        let platform = MemoryPlatform()
        var outbox = bench.outbox(platform)
        try await bench.drain(&outbox)
        platform.forgetTerminal()
        try await bench.sample("2026-11-25 11:00:00", "110")
        try await bench.drain(&outbox)
        try expectEachOnce(platform, bench)
        #expect(platform.now.registrations == 2)
    }

    @Test func aDailyDestinationIsSentNothingOfTodayAndAllOfYesterday() async throws {
        let files = try TemporaryLedger()
        let bench = try await bench(files, send: "daily")
        let platform = MemoryPlatform()
        var outbox = bench.outbox(platform)
        while try await outbox.step() != .idle {}
        #expect(platform.now.values.isEmpty)
        bench.clock.move(to: at("2026-11-26 01:29:59"))
        #expect(try await outbox.step() == .idle)
        bench.clock.move(to: at("2026-11-26 01:30:00"))
        #expect(try await outbox.step() == .progressed(decided: 4))
    }

    @Test func theLedgerOfARunIsSound() async throws {
        let files = try TemporaryLedger()
        let bench = try await bench(files)
        var outbox = bench.outbox(MemoryPlatform())
        try await bench.drain(&outbox)
        guard case .sound(_, _, _) = try bench.ledger.verifyAudit() else {
            Issue.record("the audit chain does not hold")
            return
        }
    }
}
