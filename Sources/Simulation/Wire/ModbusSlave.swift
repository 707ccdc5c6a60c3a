/// A slave's view of its registers: what a request becomes inside an instrument.
///
/// Methods are called from the line's own thread, one at a time for each line.
public protocol RegisterBank: Sendable {
    /// The values of `count` registers from `address`, or the exception to answer with.
    func read(_ table: RegisterTable, address: Int, count: Int) -> Result<[UInt16], SlaveException>
    /// Takes holding registers written from `address` on; nil where it was accepted.
    func write(address: Int, values: [UInt16]) -> SlaveException?
}

public enum RegisterTable: Sendable {
    case holding, input
}

/// Exception codes a simulated slave answers with.
public struct SlaveException: Error, Hashable, Sendable {
    public let code: UInt8

    public static let illegalFunction = SlaveException(code: 1)
    public static let illegalAddress = SlaveException(code: 2)
    public static let illegalValue = SlaveException(code: 3)
}

/// What goes wrong on the wire, by name.
public enum WireFault: Hashable, Sendable {
    /// No answer at all.
    case silent
    /// The answer comes, that many milliseconds late.
    case late(milliseconds: Int)
    case wrongChecksum
    /// The answer carries the address of the next unit.
    case wrongUnit
    case exception(UInt8)
    /// Stray bytes before the answer.
    case noise
    /// The registers keep the values of the first reading.
    case sticking

    /// Reads `silent`, `late=300`, `wrong-crc`, `wrong-unit`, `exception=4`, `noise`, `sticking`.
    public init?(_ text: String) {
        let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
        let value = parts.count == 2 ? Int(parts[1]) : nil
        switch (parts.first, value) {
        case ("silent", nil): self = .silent
        case ("late", let milliseconds?) where (0...60_000).contains(milliseconds):
            self = .late(milliseconds: milliseconds)
        case ("wrong-crc", nil): self = .wrongChecksum
        case ("wrong-unit", nil): self = .wrongUnit
        case ("exception", let code?) where (1...255).contains(code): self = .exception(UInt8(code))
        case ("noise", nil): self = .noise
        case ("sticking", nil): self = .sticking
        default: return nil
        }
    }

    public static let names = "silent, late=MS, wrong-crc, wrong-unit, exception=CODE, noise, sticking"
}

/// One unit on a simulated line.
public struct ModbusSlave: Sendable {
    public let unit: UInt8
    public let bank: any RegisterBank
    public var fault: WireFault?

    public init(unit: UInt8, bank: any RegisterBank, fault: WireFault? = nil) {
        self.unit = unit
        self.bank = bank
        self.fault = fault
    }

    /// The protocol data unit that answers `pdu`.
    func answer(_ pdu: [UInt8]) -> [UInt8] {
        func refuse(_ exception: SlaveException) -> [UInt8] { [pdu[0] | 0x80, exception.code] }
        func word(_ index: Int) -> Int { Int(pdu[index]) << 8 | Int(pdu[index + 1]) }
        switch (pdu[0], pdu.count) {
        case (3, 5), (4, 5):
            let count = word(3)
            guard (1...125).contains(count) else { return refuse(.illegalValue) }
            guard word(1) + count <= 0x10000 else { return refuse(.illegalAddress) }
            let table: RegisterTable = pdu[0] == 3 ? .holding : .input
            switch bank.read(table, address: word(1), count: count) {
            case .failure(let exception): return refuse(exception)
            case .success(let values):
                return [pdu[0], UInt8(2 * count)]
                    + values.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
            }
        case (6, 5):
            if let exception = bank.write(address: word(1), values: [UInt16(word(3))]) {
                return refuse(exception)
            }
            return pdu
        case (16, 6...):
            let count = word(3)
            guard (1...123).contains(count), Int(pdu[5]) == 2 * count, pdu.count == 6 + 2 * count
            else { return refuse(.illegalValue) }
            let values = (0..<count).map { UInt16(word(6 + 2 * $0)) }
            if let exception = bank.write(address: word(1), values: values) { return refuse(exception) }
            return Array(pdu[0..<5])
        default: return refuse(.illegalFunction)
        }
    }
}
