/// Sorts by the bits of the numbers, eleven at a time: order, not comparison, and as fast for any data.
///
/// No value may be NaN.
package func sortNumbers(_ values: inout [Double]) {
    let count = values.count
    guard count > 64 else {
        values.sort()
        return
    }
    let digits = 11
    let size = 1 << digits
    let passes = 6
    var keys = [UInt64](unsafeUninitializedCapacity: count) { keys, initialized in
        for index in 0..<count {
            let bits = values[index].bitPattern
            // Negative numbers turned over, positive ones above them: as unsigned integers they then stand in order.
            keys[index] = bits ^ (UInt64(bitPattern: Int64(bitPattern: bits) >> 63) | 1 << 63)
        }
        initialized = count
    }
    var counts = [Int](repeating: 0, count: passes * size)
    keys.withUnsafeBufferPointer { keys in
        counts.withUnsafeMutableBufferPointer { counts in
            for key in keys {
                for pass in 0..<passes {
                    counts[pass * size + Int(truncatingIfNeeded: key >> UInt64(pass * digits)) & (size - 1)] += 1
                }
            }
        }
    }
    var spare = [UInt64](repeating: 0, count: count)
    for pass in 0..<passes {
        let range = pass * size..<(pass + 1) * size
        if counts[range].contains(count) { continue }
        var position = 0
        for index in range {
            (counts[index], position) = (position, position + counts[index])
        }
        let shift = UInt64(pass * digits)
        keys.withUnsafeBufferPointer { keys in
            spare.withUnsafeMutableBufferPointer { spare in
                counts.withUnsafeMutableBufferPointer { counts in
                    for key in keys {
                        let digit = pass * size + Int(truncatingIfNeeded: key >> shift) & (size - 1)
                        spare[counts[digit]] = key
                        counts[digit] += 1
                    }
                }
            }
        }
        swap(&keys, &spare)
    }
    for index in 0..<count {
        let key = keys[index]
        values[index] = Double(bitPattern: key ^ (key >> 63 == 1 ? 1 << 63 : ~0))
    }
}

/// The values of a run that its answers need, in order: all of them, or both tails and the middle.
package struct OrderedTrials: Sendable {
    let count: Int
    /// Ranks 1 to `low.count`.
    let low: [Double]
    /// The middle, its first value of rank `middleRank`.
    let middle: [Double]
    let middleRank: Int
    /// The last ranks.
    let high: [Double]

    package init(all values: [Double]) {
        var sorted = values
        sortNumbers(&sorted)
        count = sorted.count
        low = sorted
        middle = []
        middleRank = 1
        high = []
    }

    init(count: Int, low: [Double], middle: [Double], middleRank: Int, high: [Double]) {
        self.count = count
        self.low = low
        self.middle = middle
        self.middleRank = middleRank
        self.high = high
    }

    /// The value of this rank, from 1; nil where it was not kept.
    func value(rank: Int) -> Double? {
        guard rank >= 1, rank <= count else { return nil }
        if rank <= low.count { return low[rank - 1] }
        if rank > count - high.count { return high[rank - 1 - (count - high.count)] }
        let index = rank - middleRank
        return middle.indices.contains(index) ? middle[index] : nil
    }

    /// Where values may be looked up rank by rank without asking each time.
    func slice(ranks: ClosedRange<Int>) -> ArraySlice<Double>? {
        if ranks.upperBound <= low.count { return low[(ranks.lowerBound - 1)..<ranks.upperBound] }
        let start = count - high.count
        if ranks.lowerBound > start { return high[(ranks.lowerBound - 1 - start)..<(ranks.upperBound - start)] }
        return nil
    }
}
