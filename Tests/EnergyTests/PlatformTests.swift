import Chronometry
import Energy
import Foundation
import Simulation
import Synchronization
import Testing

/// The simulated platform over real HTTP on this machine.
@Suite struct PlatformTests {
    /// Runs `body` against a platform that listens.
    private func with(
        _ platform: SimulatedPlatform, _ body: @escaping @Sendable (_ register: String) async throws -> Void
    ) async throws {
        let (ports, listening) = AsyncStream<Int>.makeStream()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                do {
                    try await platform.run(port: 0) { listening.yield($0) }
                } catch is CancellationError {}
            }
            group.addTask {
                for await port in ports {
                    try await body("http://127.0.0.1:\(port)/enterprise/register")
                    return
                }
            }
            try await group.next()
            group.cancelAll()
        }
    }

    private func bench(_ files: TemporaryLedger, _ register: String) async throws -> Bench {
        let bench = try Bench(
            files.open(), plan(register: register), clock: TestClock("2026-11-25 10:00:00"))
        for (index, value) in ["100.1", "101.35", "103.0"].enumerated() {
            let boundary = at("2026-11-25 10:00:00").advanced(bySeconds: Double(index) * 900)
            try await bench.sample(boundary.text(in: .china), value)
        }
        return bench
    }

    private func deliver(_ register: String, in files: TemporaryLedger) async throws {
        let bench = try await bench(files, register)
        try await HTTPTransport.with { transport in
            var outbox = bench.outbox(transport)
            try await bench.drain(&outbox)
        }
        let found = try bench.records.completeness(
            until: at("2026-11-25 10:30:00"), now: bench.clock.now)
        #expect(found.isComplete)
        #expect(found.points.first?.destinations.first?.accepted == 2)
    }

    @Test func aSoundPlatformReceivesEachValueOnce() async throws {
        let files = try TemporaryLedger()
        let platform = try SimulatedPlatform()
        try await with(platform) { try await deliver($0, in: files) }
        let report = await platform.report
        #expect([report.received, report.distinct, report.refused, report.cut] as [Int] == [2, 2, 0, 0])
        #expect(report.days.map(\.day) == ["2026-11-25"])
        #expect(report.days.first?.due == 96)
    }

    @Test func aPlatformThatRefusesOnceReceivesEachValueOnce() async throws {
        let files = try TemporaryLedger()
        let platform = try SimulatedPlatform(faults: PlatformFaults(refuseFirst: 1))
        try await with(platform) { try await deliver($0, in: files) }
        let report = await platform.report
        #expect([report.received, report.distinct, report.refused] as [Int] == [2, 2, 1])
    }

    /// The answer is cut off after the values were taken in, and the platform stops listening: the
    /// terminal cannot know, sends again, and the copy is the same.
    @Test func aPlatformThatGoesAwayOnceHoldsEachValueWithoutConflict() async throws {
        let files = try TemporaryLedger()
        let platform = try SimulatedPlatform(
            faults: PlatformFaults(awayAfter: 0, awayFor: 0.2))
        try await with(platform) { try await deliver($0, in: files) }
        let report = await platform.report
        #expect(report.distinct == 2)
        #expect(report.cut == 1)
        #expect(report.duplicatesConflicting == 0)
        #expect(report.duplicatesIdentical >= 1)
    }

    @Test func aPlatformStartedAgainRemembersItsJournal() async throws {
        let files = try TemporaryLedger()
        let journal = files.folder + "/journal.jsonl"
        let first = try SimulatedPlatform(
            faults: PlatformFaults(refuseFirst: 1), journal: journal)
        try await with(first) { try await deliver($0, in: files) }
        let again = try SimulatedPlatform(journal: journal)
        try await with(again) { register in
            let url = try PlatformURL(register)
            _ = try await HTTPTransport.with { try await $0.post("{}", to: url) }
        }
        let report = await again.report
        #expect([report.received, report.distinct, report.refused] as [Int] == [2, 2, 0])
    }

    /// The platform's checks in their order, each with a body that fails just that one.
    @Test func thePlatformChecksWhatItIsSent() async throws {
        let platform = try SimulatedPlatform()
        try await with(platform) { register in
            let url = try PlatformURL(register)
            let dataURL = try PlatformURL(
                register.replacing("enterprise/register", with: "inf/uploadEnergyData"))
            try await HTTPTransport.with { transport in
                let bench = try await bench(TemporaryLedger(), register)
                var outbox = bench.outbox(transport)
                try await bench.drain(&outbox)
                let answer = try await transport.post(
                    #"{"enterpriseCode":"91421200MA0000000G","region":"421202"}"#, to: url)
                let device = try #require(answer.body.split(separator: "\"deviceId\":\"").last?.prefix(32))
                let good =
                    #"{"deviceId":"\#(device)","enterpriseCode":"91421200MA0000000G","data":[{"#
                    + #""dataCode":"00-00-0000-023300-10","dataValue":1.25,"inputType":4,"#
                    + #""statType":0,"statDate":"2026-11-25 10:00:00","#
                    + #""uploadDate":"2026-11-25 10:30:00","scope":1,"valid":true}]}"#
                let faults = [
                    ("\"data\"", "data", "JSON格式不正确"),
                    (String(device), "0", "序列号与企业统一社会信用代码不符"),
                    (#""inputType":4,"#, "", "inputType不能为空"),
                    (#""inputType":4"#, #""inputType":9"#, "inputType取值不正确:9"),
                    ("023300-10", "023300-11", "采集数据项未配置"),
                    (#""scope":1"#, #""scope":2"#, "生产工序编码不能为00"),
                    ("25 10:00:00", "25 10:01:00", "statDate不是统计周期的开始时间"),
                    ("1.25", "100.01", "dataValue超出配置范围"),
                ]
                for (part, wrong, text) in faults {
                    let body = good.replacing(part, with: wrong)
                    let refusal = try await transport.post(body, to: dataURL)
                    #expect(refusal.body.contains(text), "\(part) → \(wrong): \(refusal.body)")
                }
                // Numbers as texts, as another public terminal sends them: the same value again.
                let texts = good.replacing("1.25", with: "\"1.250\"").replacing(
                    "true", with: "\"1\"")
                let accepted = try await transport.post(texts, to: dataURL)
                #expect(accepted.body.contains("RECEIVE SUCCESS"))
                let other = good.replacing("1.25", with: "1.26")
                _ = try await transport.post(other, to: dataURL)
            }
        }
        let report = await platform.report
        #expect(report.distinct == 2)
        #expect(report.duplicatesIdentical == 1)
        #expect(report.duplicatesConflicting == 1)
    }
}
