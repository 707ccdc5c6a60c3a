public import Metrology

/// Data of DL/T 645 after their identifier: fields one after the other, each least significant byte first.
public enum DLT645Data {
    public enum Sign: Hashable, Sendable {
        case none
        /// The top bit of the most significant byte, set in a negative number: currents, powers, power factors and
        /// combined energies.
        case topBit
    }

    /// - Parameter places: digits after the decimal point.
    /// - Throws: ``FrameFault/notAvailable`` where all bytes are FF; ``FrameFault/notDecimal(_:)`` where a half byte
    ///   is above 9.
    public static func number(
        _ data: some Sequence<UInt8>, places: Int, sign: Sign = .none
    ) throws(FrameFault) -> ExactDecimal {
        try PackedDecimal.number(Array(data), places: places, sign: sign == .topBit ? .topBit : .none)
    }

    /// - Returns: nil where `value` has more places, more digits or a sign than `count` bytes can hold.
    public static func bytes(
        of value: ExactDecimal, count: Int, places: Int, sign: Sign = .none
    ) -> [UInt8]? {
        PackedDecimal.bytes(value, count: count, places: places, sign: sign == .topBit ? .topBit : .none)
    }

    /// A block: one number after the other, `width` bytes each. One without a value does not hide the others.
    ///
    /// - Throws: ``FrameFault/wrongLength(said:found:)`` where the bytes do not divide.
    public static func block(
        _ data: [UInt8], width: Int, places: Int, sign: Sign = .none
    ) throws(FrameFault) -> [Result<ExactDecimal, FrameFault>] {
        guard width > 0, !data.isEmpty, data.count % width == 0 else {
            throw .wrongLength(said: max(width, 0), found: data.count)
        }
        return stride(from: 0, to: data.count, by: width).map { start in
            Result { () throws(FrameFault) in
                try number(data[start..<(start + width)], places: places, sign: sign)
            }
        }
    }

    /// A maximum demand in kW, kvar or kVA, three bytes with four decimals, and the five bytes of year, month, day, hour
    /// and minute in which it occurred.
    ///
    /// The time is nil where all its digits are zero: no demand has occurred yet.
    ///
    /// - Throws: as ``number(_:places:sign:)``, ``FrameFault/wrongLength(said:found:)``,
    ///   ``FrameFault/notATime(_:)``.
    public static func demand(_ data: [UInt8]) throws(FrameFault) -> (value: ExactDecimal, time: MeterTime?) {
        guard data.count == 8 else { throw .wrongLength(said: 8, found: data.count) }
        let value = try number(data.prefix(3), places: 4)
        let time = Array(data.dropFirst(3))
        guard time.contains(where: { $0 != 0 }) else { return (value, nil) }
        guard let moment = MeterTime(packedYear: time[4], time[3], time[2], time[1], time[0], nil) else {
            throw .notATime(time)
        }
        return (value, moment)
    }

    /// Year, month and day; the day of the week that comes first on the wire is not believed.
    public static func date(_ data: [UInt8]) throws(FrameFault) -> MeterTime {
        guard data.count == 4 else { throw .wrongLength(said: 4, found: data.count) }
        guard let date = MeterTime(packedYear: data[3], data[2], data[1], nil, nil, nil) else {
            throw data.allSatisfy { $0 == 0xFF } ? .notAvailable : .notATime(data)
        }
        return date
    }

    /// Hour, minute and second.
    public static func time(_ data: [UInt8]) throws(FrameFault) -> MeterTime {
        guard data.count == 3 else { throw .wrongLength(said: 3, found: data.count) }
        guard let time = MeterTime(packedYear: nil, nil, nil, data[2], data[1], data[0]) else {
            throw data.allSatisfy { $0 == 0xFF } ? .notAvailable : .notATime(data)
        }
        return time
    }

    /// Characters, the last first on the wire, without the blanks and zeros that fill them up.
    ///
    /// - Throws: ``FrameFault/notAvailable`` where all bytes are FF, ``FrameFault/malformed(_:)`` for bytes that are
    ///   no ASCII characters.
    public static func text(_ data: [UInt8]) throws(FrameFault) -> String {
        if data.allSatisfy({ $0 == 0xFF }) { throw .notAvailable }
        let filled = data.reversed().drop { $0 == 0x20 || $0 == 0 }
        let characters = Array(filled.reversed().drop { $0 == 0x20 || $0 == 0 }.reversed())
        guard characters.allSatisfy({ (0x20...0x7E).contains($0) }) else {
            throw .malformed("\(data.spacedHexadecimal) stands where characters are due")
        }
        return String(decoding: characters, as: UTF8.self)
    }
}
