/// Dates and times packed in bits (EN 13757-3, types F, G, I and J), told apart by their length.
extension MBusValue {
    static func time(_ bytes: [UInt8]) -> Result<MBusValue, FrameFault> {
        let isUnset = bytes.allSatisfy { $0 == 0xFF } || bytes.allSatisfy { $0 == 0 }
        guard !isUnset || bytes.count == 3 else { return .failure(.notAvailable) }
        let time: MeterTime?
        switch bytes.count {
        case 2:
            time = MeterTime(year: year(bytes[0], bytes[1]), month: month(bytes[1]), day: day(bytes[0]))
        case 3:
            time = MeterTime(hour: Int(bytes[2] & 0x1F), minute: Int(bytes[1] & 0x3F), second: Int(bytes[0] & 0x3F))
        case 4:
            // The top bit of the minute says that the time is not valid.
            guard bytes[0] & 0x80 == 0 else { return .failure(.notAvailable) }
            time = MeterTime(
                year: year(bytes[2], bytes[3], hundreds: bytes[1] >> 5 & 3), month: month(bytes[3]),
                day: day(bytes[2]), hour: Int(bytes[1] & 0x1F), minute: Int(bytes[0] & 0x3F))
        case 6:
            guard bytes[1] & 0x80 == 0 else { return .failure(.notAvailable) }
            time = MeterTime(
                year: year(bytes[3], bytes[4]), month: month(bytes[4]), day: day(bytes[3]),
                hour: Int(bytes[2] & 0x1F), minute: Int(bytes[1] & 0x3F), second: Int(bytes[0] & 0x3F))
        default: time = nil
        }
        return time.map { .success(.time($0)) } ?? .failure(.notATime(bytes))
    }

    private static func day(_ low: UInt8) -> Int { Int(low & 0x1F) }
    private static func month(_ high: UInt8) -> Int { Int(high & 0x0F) }

    /// Seven bits: three beside the day, four beside the month. Without hundreds, 00 to 80 lie in this century.
    /// nil for "every year" (127) and beyond 99.
    private static func year(_ low: UInt8, _ high: UInt8, hundreds: UInt8 = 0) -> Int? {
        let years = Int(low >> 5) | Int(high >> 4) << 3
        guard years <= 99 else { return nil }
        return hundreds > 0 ? 1900 + 100 * Int(hundreds) + years : years <= 80 ? 2000 + years : 1900 + years
    }
}
