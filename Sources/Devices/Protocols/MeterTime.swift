/// A date, a time of day or both, as an instrument's own clock has it: of no time zone, and believed
/// only where every part is in its range.
public struct MeterTime: Hashable, Sendable {
    public let year, month, day: Int?
    public let hour, minute, second: Int?

    /// nil where a part that is given is out of its range, or where neither date nor time is.
    public init?(
        year: Int? = nil, month: Int? = nil, day: Int? = nil, hour: Int? = nil, minute: Int? = nil,
        second: Int? = nil
    ) {
        guard month.map({ (1...12).contains($0) }) ?? true, hour.map({ (0...23).contains($0) }) ?? true,
            minute.map({ (0...59).contains($0) }) ?? true, second.map({ (0...59).contains($0) }) ?? true,
            month != nil || hour != nil
        else { return nil }
        if let day {
            guard let month, (1...Self.days(year, month)).contains(day) else { return nil }
        }
        (self.year, self.month, self.day) = (year, month, day)
        (self.hour, self.minute, self.second) = (hour, minute, second)
    }

    private static func days(_ year: Int?, _ month: Int) -> Int {
        switch month {
        case 4, 6, 9, 11: 30
        case 2: year.map { $0 % 4 == 0 && ($0 % 100 != 0 || $0 % 400 == 0) } ?? true ? 29 : 28
        default: 31
        }
    }

    /// Parts as bytes of two decimal digits; a year of two digits is one of this century.
    init?(packedYear: UInt8?, _ month: UInt8?, _ day: UInt8?, _ hour: UInt8?, _ minute: UInt8?, _ second: UInt8?) {
        let parts = [packedYear, month, day, hour, minute, second]
        let numbers = parts.map { part in part.flatMap(PackedDecimal.byte) }
        guard zip(parts, numbers).allSatisfy({ ($0 == nil) == ($1 == nil) }) else { return nil }
        self.init(
            year: numbers[0].map { 2000 + $0 }, month: numbers[1], day: numbers[2], hour: numbers[3],
            minute: numbers[4], second: numbers[5])
    }
}

extension MeterTime: CustomStringConvertible {
    /// `2017-01-09 17:20:06`, without the parts that are not given.
    public var description: String {
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let date = [year.map { "\($0)" }, month.map(two), day.map(two)].compactMap(\.self)
        let time = [hour, minute, second].compactMap(\.self).map(two)
        return [date.joined(separator: "-"), time.joined(separator: ":")].filter { !$0.isEmpty }
            .joined(separator: " ")
    }
}
