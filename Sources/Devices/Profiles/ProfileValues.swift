import DataFiles
import Metrology

/// How the single values of a profile file are written.
extension DataNode {
    /// One text, or a list of them.
    func texts() throws -> [String] {
        isList ? try list().map { try $0.text() } : [try text()]
    }

    func unit() throws -> MeasurementUnit {
        let text = try text()
        guard let unit = MeasurementUnit(text) else { throw error("'\(text)' is not a unit known here") }
        return unit
    }

    func decimal() throws -> ExactDecimal {
        let text = try text()
        guard let value = ExactDecimal(text) else { throw error("'\(text)' is not a decimal number") }
        return value
    }

    /// A quantity in exactly `unit`, so that the number needs no conversion.
    func decimal(in unit: MeasurementUnit) throws -> ExactDecimal {
        let text = try text()
        guard let quantity = Quantity(text), quantity.unit == unit else {
            throw error("'\(text)' must be a number followed by the channel's unit \(unit)")
        }
        return quantity.number
    }

    func milliseconds() throws -> Int {
        let text = try text()
        guard text.hasSuffix(" ms"), let value = Int(text.dropLast(3)), (0...60_000).contains(value) else {
            throw error("'\(text)' must be a time like 20 ms, at most 60000 ms")
        }
        return value
    }

    func integer(in range: ClosedRange<Int>) throws -> Int {
        let value = try integer()
        guard range.contains(value) else {
            throw error("\(value) must be a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }

    func integer(of known: [Int]) throws -> Int {
        let value = try integer()
        guard known.contains(value) else {
            throw error("\(value) must be one of \(known.map(String.init).joined(separator: ", "))")
        }
        return value
    }

    func readFunction() throws -> ModbusTable {
        let text = try text()
        guard let table = ModbusTable(rawValue: text) else {
            throw error("function must be holding, input, coil or discrete, not '\(text)'")
        }
        return table
    }

    func writeFunction() throws -> ModbusFunction {
        switch try text() {
        case "single": return .writeSingle
        case "multiple": return .writeMultiple
        case let other: throw error("write must be single or multiple, not '\(other)'")
        }
    }

    /// Pairs of hexadecimal digits, in capitals.
    func hexadecimal(digits: ClosedRange<Int>) throws -> String {
        let text = try text()
        guard digits.contains(text.count), text.count % 2 == 0,
            text.allSatisfy({ $0.isHexDigit && !$0.isLowercase })
        else {
            let count = digits.lowerBound == digits.upperBound ? "\(digits.lowerBound)" : "an even number of"
            throw error("'\(text)' must be \(count) hexadecimal digits in capitals, in quotes")
        }
        return text
    }

    /// What `count` registers hold, most significant first.
    func registers(_ count: Int) throws -> [UInt16] {
        let text = try hexadecimal(digits: (4 * count)...(4 * count))
        let digits = Array(text)
        return stride(from: 0, to: digits.count, by: 4).compactMap { UInt16(String(digits[$0..<($0 + 4)]), radix: 16) }
    }

    /// `0x0014` or `0x8000..0x80FF`.
    func registerRange() throws -> ClosedRange<Int> {
        let text = try text()
        let ends = text.split(separator: ".", omittingEmptySubsequences: true).map { end in
            end.hasPrefix("0x") ? Int(end.dropFirst(2), radix: 16) : Int(end)
        }
        guard (1...2).contains(ends.count), let first = ends[0], let last = ends[ends.count - 1],
            0 <= first, first <= last, last <= 0xFFFF
        else { throw error("'\(text)' must be a register like 0x0014 or a range like 0x8000..0x80FF") }
        return first...last
    }

    /// `5` or `0..2`.
    func bits() throws -> ClosedRange<Int> {
        let text = try text()
        let ends = text.split(separator: ".", omittingEmptySubsequences: true).map { Int($0) }
        guard (1...2).contains(ends.count), let first = ends[0], let last = ends[ends.count - 1],
            0 <= first, first <= last, last < 16
        else { throw error("'\(text)' must be a bit from 0 to 15 or a range like 0..2") }
        return first...last
    }

    /// A regular expression.
    func pattern() throws -> String {
        let text = try text()
        do {
            _ = try Regex(text)
        } catch {
            throw self.error("'\(text)' is not a regular expression: \(error)")
        }
        return text
    }
}

extension String {
    /// Small letters, digits and single hyphens between them.
    var isKebabCase: Bool {
        let parts = split(separator: "-", omittingEmptySubsequences: false)
        return parts.allSatisfy { part in
            !part.isEmpty && part.allSatisfy { ("a"..."z").contains($0) || ("0"..."9").contains($0) }
        }
    }
}
