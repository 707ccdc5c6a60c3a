import Chronometry
import DataFiles
import Energy
import Foundation
import Ledger
import Metrology
import Synchronization

/// A ledger file of its own for one test, gone with it.
final class TemporaryLedger: Sendable {
    let folder: String

    init() throws {
        folder = NSTemporaryDirectory() + "energy-tests-" + UUID().uuidString
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    func open() throws -> Ledger {
        try Ledger(path: folder + "/ledger.sqlite", schemas: [EnergyTables.schema])
    }
}

/// Time that stands still until it is told to move; waiting moves it.
final class TestClock: Sendable {
    private let instant: Mutex<Instant>

    init(_ text: String) {
        instant = Mutex(at(text))
    }

    var now: Instant { instant.withLock { $0 } }

    func move(to target: Instant) {
        instant.withLock { $0 = max($0, target) }
    }

    var source: RunClock.Source {
        RunClock.Source(
            read: {
                let now = self.now
                return SteadyClock.Reading(wall: now, monotonic: Double(now.milliseconds) / 1000)
            },
            sleep: { seconds in
                try Task.checkCancellation()
                self.move(to: self.now.advanced(bySeconds: seconds))
            })
    }
}

/// Local time of China; a text no clock can show is a mistake in the test itself.
func at(_ text: String) -> Instant {
    Instant(text, zone: .china) ?? Instant(milliseconds: 0)
}

func decimal(_ text: String) -> ExactDecimal {
    ExactDecimal(text) ?? ExactDecimal(-999_999)
}

struct ReadingFailed: Error, CustomStringConvertible {
    let description = "no answer from unit 1"
}

/// Counters that a test sets by hand.
final class HandSetCounters: CounterSource {
    private let values = Mutex<[String: String]>([:])
    /// How often reading fails before it works.
    private let failures = Mutex(0)

    func set(_ point: String, _ value: String) {
        values.withLock { $0[point] = value }
    }

    func fail(_ times: Int) {
        failures.withLock { $0 = times }
    }

    func read(_ point: MeteringPoint) async throws -> CounterReading {
        let fails = failures.withLock { left in
            defer { left = max(0, left - 1) }
            return left > 0
        }
        guard !fails, let value = values.withLock({ $0[point.key] }) else { throw ReadingFailed() }
        let moment = Instant(milliseconds: 0)
        return CounterReading(
            value: decimal(value), unit: "kWh",
            exchange: CounterExchange(
                request: "0104", answer: "0104", requestedAt: moment, answeredAt: moment))
    }
}

func plan(
    register: String = "http://127.0.0.1:1/enterprise/register", send: String = "at-once"
) throws -> EnergyPlan {
    try EnergyPlan.read(
        DataNode.parse(
            planText(register: register, send: send), file: "plan.yaml"))
}

func planText(
    register: String = "http://127.0.0.1:1/enterprise/register", send: String = "at-once"
) -> String {
    """
    enterprise:
      credit_code: 91421200MA0000000G
      name: 示范纺织
      region: "421202"
      type_code: "150"
      type_name: 有限责任公司
      industry_code: C17
      central: false
      converting: false
      consumption_level: 2
      latitude: 29.85
      longitude: 114.32
      phone: 0715-0000000
    destinations:
      - {key: province, dialect: a, register: "\(register)", send: \(send)}
    points:
      - key: incomer
        code: 00-00-0000-023300-10
        name: 全厂-二次能源-电力-购进
        device: eastron/sdm630
        connection: tcp://127.0.0.1:5021?unit=1
        channel: active-energy-import
        unit: kWh
        input: field-meter
        statistic: real-time
        scope: whole-plant
        range: {least: 0, greatest: 100}
        source: test
    """
}

/// A collection driven by hand, quarter hour by quarter hour.
struct Bench {
    let ledger: Ledger
    let records: EnergyRecords
    let plan: EnergyPlan
    let counters = HandSetCounters()
    let clock: TestClock
    let runClock: RunClock

    init(_ ledger: Ledger, _ plan: EnergyPlan, clock: TestClock) throws {
        self.ledger = ledger
        self.plan = plan
        self.clock = clock
        records = EnergyRecords(ledger)
        runClock = RunClock(clock.source)
        try records.record(plan, at: clock.now)
    }

    /// Reads the counter at `boundary` and closes what is certain.
    func sample(_ boundary: String, _ value: String, late seconds: Double = 0) async throws {
        clock.move(to: at(boundary).advanced(bySeconds: seconds))
        counters.set("incomer", value)
        try await Collector(
            records: records, points: plan.points, source: counters, clock: runClock
        ).sample(at: at(boundary))
        try close()
    }

    func close() throws {
        try records.closeIntervals(
            of: plan.points.map(\.key), for: plan.destinations.map(\.key), now: clock.now)
    }

    func outbox(_ transport: any PlatformTransport) -> Outbox {
        Outbox(
            records: EnergyRecords(ledger), plan: plan, destination: plan.destinations[0],
            transport: transport, now: { clock.now })
    }

    /// Runs until nothing is due, moving time over every pause.
    func drain(_ outbox: inout Outbox) async throws {
        for _ in 0..<500 {
            switch try await outbox.step() {
            case .progressed: continue
            case .blocked(let until): clock.move(to: until)
            case .idle:
                guard try records.waiting(for: "province") > 0 else { return }
                // A refused value waits for its own time.
                clock.move(to: clock.now.advanced(bySeconds: 60))
            }
        }
    }
}
