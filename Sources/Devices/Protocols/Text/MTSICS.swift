public import Metrology

/// Answers of the standard interface command set of Mettler-Toledo (MT-SICS, levels 0 and 1).
public enum MTSICS {
    /// What the answer to a weighing (`S`, `SI`) or to a question for text (`I4`) says.
    ///
    /// - Throws: ``FrameFault/refused(code:names:)`` for ES, ET, EL and `L`; ``FrameFault/unknownUnit(_:)``;
    ///   ``FrameFault/noMatch(answer:)`` for anything else.
    public static func reading(
        _ line: String, units: [String: MeasurementUnit]
    ) throws(FrameFault) -> TextReading {
        let words = line.split(separator: " ", omittingEmptySubsequences: true).map(String.init)
        if words.count == 1, let name = errors[words[0]] {
            throw .refused(code: Int(words[0].utf8.last ?? 0), names: [name])
        }
        guard words.count >= 2 else { throw .noMatch(answer: line) }
        switch (words[1], words.count) {
        case ("I", 2): return TextReading(value: nil, state: .cannotExecute)
        case ("+", 2): return TextReading(value: nil, state: .overload)
        case ("-", 2): return TextReading(value: nil, state: .underload)
        case ("L", 2): throw .refused(code: 0x4C, names: ["wrong parameter"])
        case ("S", 4), ("D", 4):
            guard let unit = units[words[3]] else { throw .unknownUnit(words[3]) }
            let number = try TextNumber.decimal(words[2])
            return TextReading(value: .number(number, unit), state: words[1] == "S" ? .stable : .dynamic)
        case ("A", 3...):
            let text = words[2...].joined(separator: " ")
            return TextReading(value: .text(text.filter { $0 != "\"" }), state: .unstated)
        default: throw .noMatch(answer: line)
        }
    }

    private static let errors = ["ES": "syntax error", "ET": "transmission error", "EL": "logical error"]
}
