import DataFiles
import Metrology
public import Procedures

/// A list of instruments as a client or a county hands it in, line by line: what can be taken, and what cannot and why.
public struct OrderIntake: Sendable {
    public struct Entry: Hashable, Sendable {
        /// In the file.
        public let line: Int
        public let maker: String
        public let model: String
        public let serial: String
        /// Key of the catalogue's row.
        public let category: String
        public let stage: Procedure.Stage
        public let note: String?
        /// What the plate says, from the columns `plate.NAME`.
        public let plate: [String: String]

        public var identity: String { "\(maker) \(model) \(serial)" }
    }

    public struct Refusal: Hashable, Sendable, CustomStringConvertible {
        public let line: Int
        public let why: String

        public init(line: Int, why: String) {
            self.line = line
            self.why = why
        }

        public var description: String { "line \(line): \(why)" }
    }

    public private(set) var entries: [Entry] = []
    public private(set) var refusals: [Refusal] = []

    private static let columns = ["maker", "model", "serial", "category", "stage", "note"]

    /// - Throws: `DataFileError` for a file that is no list, or whose columns are not known.
    public init(_ text: String, file: String, catalogue: Catalogue) throws {
        let list = try SeparatedValues(text, file: file)
        func refuse(_ message: String) -> DataFileError {
            DataFileError(
                file: file, line: 1, column: 1, message: message, excerpt: list.columns.joined(separator: ","))
        }
        for column in list.columns where !Self.columns.contains(column) && !column.hasPrefix("plate.") {
            let hint = Spelling.nearest(to: column, in: Self.columns).first.map { "did you mean '\($0)'? " } ?? ""
            throw refuse(
                "unknown column '\(column)': \(hint)known are \(Self.columns.joined(separator: ", ")), plate.NAME")
        }
        for column in ["maker", "model", "serial", "category"] where !list.columns.contains(column) {
            throw refuse("the column '\(column)' is missing")
        }
        var seen: [String: Int] = [:]
        for line in list.lines {
            do throws(Refused) {
                let entry = try Self.entry(line, catalogue)
                if let other = seen.updateValue(line.number, forKey: entry.identity) {
                    throw Refused("\(entry.identity) stands in line \(other) already")
                }
                entries.append(entry)
            } catch { refusals.append(Refusal(line: line.number, why: error.why)) }
        }
    }

    private struct Refused: Error {
        let why: String

        init(_ why: String) { self.why = why }
    }

    private static func entry(_ line: SeparatedValues.Line, _ catalogue: Catalogue) throws(Refused) -> Entry {
        func required(_ column: String) throws(Refused) -> String {
            guard let value = line.values[column] else { throw Refused("'\(column)' is empty") }
            return value
        }
        let category = try required("category")
        guard catalogue.entry(category) != nil else {
            let keys = catalogue.entries.map(\.key)
            let hint = Spelling.nearest(to: category, in: keys).first.map { ": did you mean '\($0)'?" } ?? ""
            throw Refused("the catalogue has no row '\(category)'\(hint)")
        }
        let stage = line.values["stage"] ?? Procedure.Stage.subsequent.rawValue
        guard let known = Procedure.Stage(rawValue: stage) else {
            throw Refused(
                "the stage is one of \(Procedure.Stage.allCases.map(\.rawValue).joined(separator: ", ")), not '\(stage)'"
            )
        }
        let plate = line.values.filter { $0.key.hasPrefix("plate.") }
        return Entry(
            line: line.number, maker: try required("maker"), model: try required("model"),
            serial: try required("serial"),
            category: category, stage: known, note: line.values["note"],
            plate: Dictionary(plate.map { (String($0.key.dropFirst(6)), $0.value) }) { first, _ in first })
    }
}
