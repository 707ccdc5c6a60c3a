import Chronometry
import Devices
import Metrology
import Simulation
import Synchronization

/// Bytes written as `11 03 00 6B`; a text that is none is a mistake in the test itself.
func bytes(_ text: String) -> [UInt8] { [UInt8](spacedHexadecimal: text) ?? [] }

func exchange(_ request: [UInt8], _ answer: [UInt8], _ framing: Exchange.Framing = .rtu) -> Exchange {
    let moment = Instant(milliseconds: 0)
    return Exchange(
        framing: framing, request: request, answer: answer, sentAt: moment, answeredAt: moment, line: "test")
}

/// A serial frame: `message` with its checksum.
func frame(_ message: [UInt8]) -> [UInt8] {
    let crc = ModbusFrame.checksum(message)
    return message + [UInt8(crc & 0xFF), UInt8(crc >> 8)]
}

func profileText(_ channels: String, modbus: String = "{function: input}") -> String {
    """
    maker: Test
    models: [T]
    kind: test instrument
    source: test
    confidence: found
    modbus: \(modbus)
    channels:
    \(channels)
    """
}

func profile(_ channels: String, modbus: String = "{function: input}") throws -> DeviceProfile {
    try DeviceProfile.parse(profileText(channels, modbus: modbus), name: "test/t")
}

func decimal(_ text: String) -> ExactDecimal { ExactDecimal(text) ?? ExactDecimal(-999_999) }

/// A register bank that keeps what it was asked and told.
final class RecordingBank: RegisterBank {
    struct Request: Hashable {
        let address: Int
        let count: Int
    }

    struct State {
        var reads: [Request] = []
        var writes: [Int: [UInt16]] = [:]
    }

    private let state = Mutex(State())

    var reads: [Request] { state.withLock { $0.reads } }
    var writes: [Int: [UInt16]] { state.withLock { $0.writes } }

    /// Every register holds its own address.
    func read(_ table: Simulation.RegisterTable, address: Int, count: Int) -> Result<[UInt16], SlaveException> {
        state.withLock { $0.reads.append(Request(address: address, count: count)) }
        return .success((address..<(address + count)).map { UInt16($0) })
    }

    func write(address: Int, values: [UInt16]) -> SlaveException? {
        guard address < 1000 else { return .illegalAddress }
        state.withLock { $0.writes[address] = values }
        return nil
    }
}

/// Runs `body` with a line on which the bank is unit 1.
func withLine(
    _ bank: any RegisterBank, fault: WireFault? = nil,
    _ body: (DeviceLines, _ address: String) async throws -> Void
) async throws {
    let line = try SimulatedLine([ModbusSlave(unit: 1, bank: bank, fault: fault)])
    defer { line.stop() }
    try await body(DeviceLines(), "serial://\(line.port)")
}
