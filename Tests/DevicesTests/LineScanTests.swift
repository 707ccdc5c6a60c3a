import Devices
import Metrology
import Simulation
import Synchronization
import Testing

/// Whole scans of simulated lines, in virtual time.
@Suite struct LineScanTests {
    private static let profiles = (try? ProfileCatalogue.profiles(in: MBusCodecTests.devices)) ?? []
    private static let serial = Connection.Line.serial(path: "/dev/virtual")
    private static let network = Connection.Line.tcp(host: "meter", port: 502)

    private final class Heard: Sendable {
        let findings = Mutex<[ScanFinding]>([])
        let left = Mutex<[Int]>([])
    }

    private func scan(
        _ line: VirtualLine, at place: Connection.Line = serial, _ scope: ScanPlan.Scope
    ) async throws -> (summary: ScanSummary, left: [Int]) {
        let heard = Heard()
        let scan = LineScan(place, scope, profiles: Self.profiles, access: line.access)
        let summary = try await scan.run(
            progress: { progress in heard.left.withLock { $0.append(progress.left) } },
            found: { finding in heard.findings.withLock { $0.append(finding) } })
        #expect(heard.findings.withLock { $0 } == summary.findings)
        return (summary, heard.left.withLock { $0 })
    }

    private func modbus(
        _ units: [UInt8], _ framing: SlaveFrames = .rtu, bank: any RegisterBank = Answering(),
        identification: [UInt8: String] = [:]
    ) -> [any InstrumentVoice] {
        units.map { ModbusVoice(ModbusSlave(unit: $0, bank: bank, identification: identification), framing) }
    }

    /// Every register holds 7, or none is there.
    private struct Answering: RegisterBank {
        var refuses = false

        func read(_ table: Simulation.RegisterTable, address: Int, count: Int) -> Result<[UInt16], SlaveException> {
            refuses ? .failure(.illegalAddress) : .success(Array(repeating: 7, count: count))
        }

        func write(address: Int, values: [UInt16]) -> SlaveException? { .illegalAddress }
    }

    private func scope(_ protocols: Set<ScanProtocol>, isSerial: Bool = true, units: [Int] = Array(1...20))
        -> ScanPlan.Scope
    { .init(isSerial: isSerial, speeds: [9600, 2400], protocols: protocols, units: units) }

    /// No longer than was said before, and not much shorter: every question was waited for.
    @Test(arguments: [true, false]) func anEmptyLineTakesTheTimeForecast(isSerial: Bool) async throws {
        let line = VirtualLine([])
        let scope = scope(Set(ScanProtocol.allCases), isSerial: isSerial)
        let (summary, left) = try await scan(line, at: isSerial ? Self.serial : Self.network, scope)
        #expect(summary.findings.isEmpty && summary.noise.isEmpty && !summary.leftOut)
        let plan = ScanPlan(scope)
        #expect(line.requests.count == plan.tries.count)
        // Meters are read (11, 01), asked for their address (13), and the link of one is initialised (40).
        let meters = line.requests.map(\.bytes).filter { $0.starts(with: [0xFE, 0xFE, 0xFE, 0xFE, 0x68]) }
        #expect(Set(meters.compactMap { $0[11] == 0x68 ? $0[12] : nil }) == [0x11, 0x13, 0x01])
        #expect(Set(meters.compactMap { $0[11] == 0x68 ? nil : $0[13] }) == [0x01])
        let short = line.requests.map(\.bytes).filter { $0.first == 0x10 && $0.last == 0x16 }
        #expect(Set(short) == [bytes("10 40 FE 3E 16")])
        #expect(left == Array((1...plan.tries.count).reversed()))
        #expect(line.clock.seconds <= plan.seconds + 1e-6 && line.clock.seconds > 0.9 * plan.seconds)
    }

    @Test func everyUnitOfALineIsFoundAndTheOtherSpeedsAreLeftOut() async throws {
        let line = VirtualLine(modbus([3, 17]))
        let (summary, left) = try await scan(line, scope([.modbus]))
        #expect(
            summary.findings.map(\.connection)
                == [3, 17].map {
                    "serial:///dev/virtual?baud=9600&parity=none&unit=\($0)"
                })
        #expect(summary.findings.allSatisfy { $0.spoken == .modbusRTU } && summary.leftOut)
        // Nothing but readings and the question who it is.
        #expect(line.requests.allSatisfy { [1, 2, 3, 4, 0x2B].contains($0.bytes[1]) })
        // After the first was found: the units after it at this speed, and nothing else.
        #expect(left.last == 1 && left.count == 20 && left[3] == 17)
    }

    @Test func aRefusalIsAnAnswer() async throws {
        let (summary, _) = try await scan(VirtualLine(modbus([2], bank: Answering(refuses: true))), scope([.modbus]))
        #expect(summary.findings.map(\.connection) == ["serial:///dev/virtual?baud=9600&parity=none&unit=2"])
        #expect(summary.findings[0].candidates.isEmpty)
    }

    /// What answers after the time-out answers the next question, and is not taken for the unit asked there.
    @Test func aSlowUnitIsFoundByItsOwnNumber() async throws {
        let line = VirtualLine(modbus([4]), FairWeather(delay: 0.2))
        let (summary, _) = try await scan(line, scope([.modbus]))
        #expect(summary.findings.map(\.connection) == ["serial:///dev/virtual?baud=9600&parity=none&unit=4"])
    }

    @Test func whatItSaysOfItselfNamesTheProfile() async throws {
        let line = VirtualLine(
            modbus([1], .tcp, bank: Answering(refuses: true), identification: [0: "Eastron", 1: "SDM630-Modbus"]))
        let (summary, _) = try await scan(line, at: Self.network, scope([.modbus], isSerial: false))
        let finding = try #require(summary.findings.first)
        #expect(finding.connection == "tcp://meter:502?unit=1&framing=tcp" && finding.spoken == .modbusTCP)
        #expect(finding.candidates.map(\.profile) == ["eastron/sdm630"])
        #expect(finding.candidates.first?.certainty == .identified)
        // The same instrument of another maker is none of ours.
        let other = VirtualLine(
            modbus([1], .tcp, bank: Answering(refuses: true), identification: [0: "Nobody", 1: "SDM630-Modbus"]))
        let (found, _) = try await scan(other, at: Self.network, scope([.modbus], isSerial: false))
        #expect(found.findings.count == 1 && found.findings.first?.candidates.isEmpty ?? false)
    }

    /// Holding registers from `start` on, asked for as they are, and nothing else.
    private struct Coded: RegisterBank {
        let start: Int
        let registers: [UInt16]

        func read(_ table: Simulation.RegisterTable, address: Int, count: Int) -> Result<[UInt16], SlaveException> {
            table == .holding && address == start && count == registers.count
                ? .success(registers) : .failure(.illegalAddress)
        }

        func write(address: Int, values: [UInt16]) -> SlaveException? { .illegalAddress }
    }

    /// 230 V where the profile says, and nothing where its other source says: plausible, and no more than that.
    @Test(arguments: [(2300, true), (7, false), (0, false)])
    func aValueInRangeMakesAProfilePlausible(raw: UInt16, isPlausible: Bool) async throws {
        let profile = try DeviceProfile.named("acrel/dtsd1352", in: MBusCodecTests.devices)
        let voltage = try #require(try profile.channel("voltage-l1").registers)
        let bank = Coded(start: voltage.address, registers: [raw])
        let (summary, _) = try await scan(VirtualLine(modbus([1], bank: bank)), scope([.modbus], units: [1]))
        let found = summary.findings.first?.candidates.first { $0.profile == "acrel/dtsd1352" }
        #expect((found?.certainty == .plausible) == isPlausible, "\(summary)")
        if isPlausible { #expect(found?.why == "voltage-l1 would be 230.0") }
    }

    @Test func aRegisterThatTellsTheKindNamesTheProfile() async throws {
        let profile = try DeviceProfile.named("abb/a-b-series", in: MBusCodecTests.devices)
        let code = try #require(try profile.channel("model-code").registers)
        // "B23 "
        let bank = Coded(start: code.address, registers: [0x4232, 0x3320])
        let (summary, _) = try await scan(VirtualLine(modbus([1], bank: bank)), scope([.modbus], units: [1]))
        #expect(summary.findings.first?.candidates.map(\.profile) == ["abb/a-b-series"])
        #expect(summary.findings.first?.candidates.first?.why == "model-code is B23")
        // "XYZ "
        let stranger = Coded(start: code.address, registers: [0x5859, 0x5A20])
        let (other, _) = try await scan(VirtualLine(modbus([1], bank: stranger)), scope([.modbus], units: [1]))
        #expect(other.findings.count == 1 && other.findings.first?.candidates.isEmpty ?? false)
    }

    /// Any unit number reaches it: it is found once.
    @Test func anInstrumentThatDoesNotLookAtTheUnitIsFoundOnce() async throws {
        let line = VirtualLine(modbus(Array(1...247), .tcp))
        let (summary, _) = try await scan(line, at: Self.network, scope([.modbus], isSerial: false))
        #expect(summary.findings.map(\.connection) == ["tcp://meter:502?unit=1&framing=tcp"])
        #expect(summary.findings.first?.says.contains("it answers to every unit number") ?? false)
    }

    /// Meters of one bus: what several send at the same time is nobody's, but for one byte that is the same.
    private struct Bus: InstrumentVoice {
        var meters: [MBusVoice]

        mutating func hear(_ bytes: [UInt8], at time: Double) -> [SpokenAnswer] {
            let answers = meters.indices.flatMap { meters[$0].hear(bytes, at: time) }
            guard answers.count > 1, let first = answers.first else { return answers }
            return [first.bytes.count == 1 ? first : SpokenAnswer(first.bytes.map { $0 ^ 0x5A })]
        }

        mutating func hearSilence(at time: Double) {
            for index in meters.indices { meters[index].hearSilence(at: time) }
        }
    }

    @Test func severalMetersOfABusAreFoundByTheirIdentification() async throws {
        let numbers = ["12345678", "12345679", "80000001"]
        let meters = try numbers.enumerated().map { place, number in
            try #require(
                MBusVoice(
                    address: UInt8(place + 1),
                    identity: .init(identification: number, manufacturer: "KAM", version: 8, medium: 4), records: []
                ) { _, _ in nil })
        }
        let (summary, _) = try await scan(VirtualLine([Bus(meters: meters)]), scope([.mbus]))
        #expect(
            summary.findings.map(\.connection)
                == numbers.map {
                    "serial:///dev/virtual?baud=2400&parity=even&address=\($0)"
                })
        #expect(summary.findings.first?.candidates.contains { $0.profile == "kamstrup/multical-601" } ?? false)
    }

    @Test func noiseIsToldFromSilence() async throws {
        let line = VirtualLine(modbus([1]), Garbling())
        let (summary, _) = try await scan(line, scope([.modbus], units: [1]))
        #expect(summary.findings.isEmpty)
        #expect(
            summary.noise.map(\.serial?.baud) == [9600, 9600, 2400, 2400] && summary.noise.allSatisfy { $0.times == 2 })
    }

    private struct Garbling: LineWeather {
        mutating func arrivals(
            of answer: [UInt8], to request: [UInt8], at time: Double
        ) -> [(delay: Double, bytes: [UInt8])] { [(0.02, answer.map { $0 ^ 0x55 })] }
    }
}
