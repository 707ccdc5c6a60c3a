public import Metrology

/// What a meter of CJ/T 188 answered: data from the identifier on, so that offsets are those of the documents.
public struct CJT188Answer: Hashable, Sendable {
    public let type: UInt8
    public let address: CJT188Address
    public let data: [UInt8]

    public init(type: UInt8, address: CJT188Address, data: [UInt8]) {
        self.type = type
        self.address = address
        self.data = data
    }

    /// As the meter counts it.
    public var sequence: UInt8? { data.count > 2 ? data[2] : nil }

    /// A decimal number of `count` bytes, least significant first.
    ///
    /// - Throws: ``FrameFault/wrongLength(said:found:)`` where the answer is shorter; ``FrameFault/notAvailable``
    ///   where all bytes are FF; ``FrameFault/notDecimal(_:)``.
    public func number(at offset: Int, count: Int, places: Int) throws(FrameFault) -> ExactDecimal {
        try PackedDecimal.number(try bytes(at: offset, count), places: places)
    }

    /// The unit whose code stands at `offset`.
    ///
    /// - Throws: ``FrameFault/unknownUnit(_:)`` with the code, ``FrameFault/wrongLength(said:found:)``.
    public func unit(
        at offset: Int, _ units: [UInt8: MeasurementUnit] = CJT188Answer.units
    ) throws(FrameFault) -> MeasurementUnit {
        let code = try bytes(at: offset, 1)[0]
        guard let unit = units[code] else { throw .unknownUnit("with the code \(Int(code).hexadecimal)") }
        return unit
    }

    /// The meter's clock: seconds, minutes, hours, day, month, year, century.
    ///
    /// - Throws: ``FrameFault/notAvailable`` where all bytes are FF or all are 0, ``FrameFault/notATime(_:)``,
    ///   ``FrameFault/wrongLength(said:found:)``.
    public func time(at offset: Int) throws(FrameFault) -> MeterTime {
        let bytes = try bytes(at: offset, 7)
        if bytes.allSatisfy({ $0 == 0xFF }) || bytes.allSatisfy({ $0 == 0 }) { throw .notAvailable }
        let parts = bytes.compactMap(PackedDecimal.byte)
        guard parts.count == 7,
            let time = MeterTime(
                year: parts[6] * 100 + parts[5], month: parts[4], day: parts[3], hour: parts[2], minute: parts[1],
                second: parts[0])
        else { throw .notATime(bytes) }
        return time
    }

    public func bytes(at offset: Int, _ count: Int) throws(FrameFault) -> [UInt8] {
        guard offset >= 0, count > 0, offset + count <= data.count else {
            throw .wrongLength(said: offset + count, found: data.count)
        }
        return Array(data[offset..<(offset + count)])
    }

    /// Units by their codes, as far as sources name them.
    public static let units: [UInt8: MeasurementUnit] = [
        0x01: "J", 0x05: "kWh", 0x08: "MWh", 0x0B: "kJ", 0x0E: "MJ", 0x11: "GJ", 0x14: "W", 0x17: "kW", 0x1A: "MW",
        0x29: "L", 0x2C: "m3", 0x32: "L/h", 0x35: "m3/h",
    ].compactMapValues { MeasurementUnit($0) }
}

/// The two bytes of state at the end of an answer. Makers put the same facts into different bits.
public struct CJT188Status: Hashable, Sendable {
    public enum Valve: String, Hashable, Sendable {
        case open, closed, fault
        /// A combination no source defines.
        case undefined
    }

    public enum Layout: String, Hashable, Sendable, CaseIterable {
        /// Valve in bits 0 and 1 (00 open, 01 closed, 11 fault), battery low in bit 2.
        case lowBits
        /// Valve in bits 6 and 7 (00 open, 01 closed, 11 fault), battery low in bit 5.
        case highBits
    }

    public let valve: Valve
    public let isBatteryLow: Bool

    /// - Parameter byte: the byte of the two that holds the state with this maker.
    public init(_ byte: UInt8, _ layout: Layout) {
        let bits = layout == .lowBits ? byte & 3 : byte >> 6
        valve = [.open, .closed, .undefined, .fault][Int(bits)]
        isBatteryLow = byte & (layout == .lowBits ? 0x04 : 0x20) != 0
    }
}
