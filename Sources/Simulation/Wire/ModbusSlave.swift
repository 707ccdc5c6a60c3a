/// A slave's view of its registers and bits: what a request becomes inside an instrument.
///
/// Methods are called from the line's own thread, one at a time for each line.
public protocol RegisterBank: Sendable {
    /// The values of `count` registers from `address`, or the exception to answer with; of bits, 0 or 1 each.
    func read(_ table: RegisterTable, address: Int, count: Int) -> Result<[UInt16], SlaveException>
    /// The same for a bank that shows what it shows at `time`, in seconds of the line's clock.
    func read(_ table: RegisterTable, address: Int, count: Int, at time: Double) -> Result<[UInt16], SlaveException>
    /// Takes holding registers written from `address` on; nil where it was accepted.
    func write(address: Int, values: [UInt16]) -> SlaveException?
    /// Takes coils written from `address` on; nil where it was accepted.
    func write(coils values: [Bool], address: Int) -> SlaveException?
}

extension RegisterBank {
    public func read(
        _ table: RegisterTable, address: Int, count: Int, at time: Double
    ) -> Result<[UInt16], SlaveException> {
        table.isOfBits ? .failure(.illegalFunction) : read(table, address: address, count: count)
    }

    public func write(coils values: [Bool], address: Int) -> SlaveException? { .illegalFunction }
}

public enum RegisterTable: String, Hashable, Sendable, CaseIterable {
    case holding, input, coil, discrete

    var isOfBits: Bool { self == .coil || self == .discrete }
}

/// Exception codes a simulated slave answers with.
public struct SlaveException: Error, Hashable, Sendable {
    public let code: UInt8

    public static let illegalFunction = SlaveException(code: 1)
    public static let illegalAddress = SlaveException(code: 2)
    public static let illegalValue = SlaveException(code: 3)
}

/// One unit on a simulated line.
public struct ModbusSlave: Sendable {
    public let unit: UInt8
    public let bank: any RegisterBank
    public var fault: WireFault?
    /// What it says it is, by object number: 0 maker, 1 product code, 2 revision; empty where it does not tell.
    public var identification: [UInt8: String]

    public init(
        unit: UInt8, bank: any RegisterBank, fault: WireFault? = nil, identification: [UInt8: String] = [:]
    ) {
        self.unit = unit
        self.bank = bank
        self.fault = fault
        self.identification = identification
    }

    /// The protocol data unit that answers `pdu` (Modbus Application Protocol V1.1b3, clause 6).
    func answer(_ pdu: [UInt8], at time: Double = 0) -> [UInt8] {
        func refuse(_ exception: SlaveException) -> [UInt8] { [pdu[0] | 0x80, exception.code] }
        func word(_ index: Int) -> Int { Int(pdu[index]) << 8 | Int(pdu[index + 1]) }
        switch (pdu[0], pdu.count) {
        case (1, 5), (2, 5), (3, 5), (4, 5):
            let table: RegisterTable = [.coil, .discrete, .holding, .input][Int(pdu[0]) - 1]
            let count = word(3)
            guard (1...(table.isOfBits ? 2000 : 125)).contains(count) else { return refuse(.illegalValue) }
            guard word(1) + count <= 0x10000 else { return refuse(.illegalAddress) }
            switch bank.read(table, address: word(1), count: count, at: time) {
            case .failure(let exception): return refuse(exception)
            case .success(let values):
                let bytes =
                    table.isOfBits ? Self.packed(values) : values.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
                return [pdu[0], UInt8(bytes.count)] + bytes
            }
        case (5, 5):
            guard word(3) == 0 || word(3) == 0xFF00 else { return refuse(.illegalValue) }
            return bank.write(coils: [word(3) != 0], address: word(1)).map(refuse) ?? pdu
        case (6, 5): return bank.write(address: word(1), values: [UInt16(word(3))]).map(refuse) ?? pdu
        case (15, 6...):
            let count = word(3)
            guard (1...1968).contains(count), Int(pdu[5]) == (count + 7) / 8, pdu.count == 6 + Int(pdu[5])
            else { return refuse(.illegalValue) }
            let values = (0..<count).map { pdu[6 + $0 / 8] >> UInt8($0 % 8) & 1 == 1 }
            return bank.write(coils: values, address: word(1)).map(refuse) ?? Array(pdu[0..<5])
        case (16, 6...):
            let count = word(3)
            guard (1...123).contains(count), Int(pdu[5]) == 2 * count, pdu.count == 6 + 2 * count
            else { return refuse(.illegalValue) }
            let values = (0..<count).map { UInt16(word(6 + 2 * $0)) }
            return bank.write(address: word(1), values: values).map(refuse) ?? Array(pdu[0..<5])
        case (43, 4) where pdu[1] == 14 && !identification.isEmpty: return identify(pdu)
        default: return refuse(.illegalFunction)
        }
    }

    /// Bits, the first in the lowest place of the first byte.
    private static func packed(_ values: [UInt16]) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: (values.count + 7) / 8)
        for (index, value) in values.enumerated() where value != 0 { bytes[index / 8] |= 1 << UInt8(index % 8) }
        return bytes
    }

    /// Device identification (clause 6.21): as many objects as fit, and where to go on.
    private func identify(_ pdu: [UInt8]) -> [UInt8] {
        let limits: [UInt8: ClosedRange<UInt8>] = [1: 0...2, 2: 0...0x7F, 3: 0...0xFF]
        let known = identification.keys.sorted()
        let asked: [UInt8]
        if pdu[2] == 4 {
            guard known.contains(pdu[3]) else { return [0xAB, SlaveException.illegalAddress.code] }
            asked = [pdu[3]]
        } else {
            guard let range = limits[pdu[2]] else { return [0xAB, SlaveException.illegalValue.code] }
            // An object that is not there begins the list anew.
            let first = known.contains(pdu[3]) && range.contains(pdu[3]) ? pdu[3] : 0
            asked = known.filter { range.contains($0) && $0 >= first }
        }
        var objects: [UInt8] = []
        var sent = 0
        for number in asked {
            let text = Array((identification[number] ?? "").utf8.prefix(200))
            // Seven bytes stand before the objects in a protocol data unit of 253.
            guard objects.count + 2 + text.count <= 246 else { break }
            objects += [number, UInt8(text.count)] + text
            sent += 1
        }
        let following = sent < asked.count ? asked[sent] : nil
        let level: UInt8 = known.last.map { $0 > 0x7F ? 3 : $0 > 2 ? 2 : 1 } ?? 1
        return [43, 14, pdu[2], 0x80 | level, following == nil ? 0 : 0xFF, following ?? 0, UInt8(sent)] + objects
    }
}
