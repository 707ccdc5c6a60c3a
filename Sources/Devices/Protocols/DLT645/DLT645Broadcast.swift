extension DLT645Frame {
    /// Sets the clocks of all meters on the line, none of which answers: seconds first, year last.
    ///
    /// - Returns: nil where a part of `time` is missing or its year is not in 2000 to 2099.
    public static func broadcast(_ time: MeterTime) -> DLT645Frame? {
        guard let year = time.year, (2000...2099).contains(year) else { return nil }
        let parts = [time.second, time.minute, time.hour, time.day, time.month, year - 2000].compactMap(\.self)
        guard parts.count == 6 else { return nil }
        return DLT645Frame(
            .broadcast, DLT645Function.broadcastTime.rawValue, parts.map(PackedDecimal.byte(of:)))
    }
}
