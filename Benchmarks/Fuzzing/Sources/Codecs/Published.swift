import Foundation

/// Frames and answers as the tests and the recorded exchanges of the profiles hold them.
struct Published {
    /// In the files of the tests, by the name of the file.
    private(set) var frames: [String: [[UInt8]]] = [:]
    /// In the recorded exchanges, of any protocol.
    private(set) var recorded: [[UInt8]] = []
    /// Answers in characters, of both.
    private(set) var lines: [String] = []
    let profileFolder: String

    init(repository: String) throws {
        profileFolder = "\(repository)/Devices"
        let tests = "\(repository)/Tests/DevicesTests/Frames"
        for file in try FileManager.default.contentsOfDirectory(atPath: tests) where file.hasSuffix(".yaml") {
            let quoted = try Self.quoted(in: "\(tests)/\(file)")
            frames[String(file.dropLast(5)), default: []] += quoted.compactMap(Self.bytes)
            if file == "text.yaml" { lines += quoted.filter { Self.bytes($0) == nil } }
        }
        for case let file as String in FileManager.default.enumerator(atPath: profileFolder) ?? .init()
        where file.hasSuffix(".exchanges.yaml") {
            let quoted = try Self.quoted(in: "\(profileFolder)/\(file)")
            recorded += quoted.compactMap(Self.bytes)
            lines += quoted.filter { Self.bytes($0) == nil }
        }
    }

    private static func bytes(_ text: String) -> [UInt8]? {
        guard let bytes = [UInt8](spacedHexadecimal: text), bytes.count > 1 else { return nil }
        return bytes
    }

    /// What stands between quotation marks.
    private static func quoted(in file: String) throws -> [String] {
        let parts = try String(contentsOfFile: file, encoding: .utf8).split(
            separator: "\"", omittingEmptySubsequences: false)
        return stride(from: 1, to: parts.count, by: 2).map { unescaped(String(parts[$0])) }
    }

    /// Characters that a file can only write as `\x02` or `\r`.
    private static func unescaped(_ text: String) -> String {
        var text = text
        while let place = text.range(of: #"\\x[0-9A-Fa-f]{2}"#, options: .regularExpression) {
            let code = UInt8(text[place].dropFirst(2), radix: 16) ?? 0x3F
            text.replaceSubrange(place, with: String(Unicode.Scalar(code)))
        }
        return text.replacingOccurrences(of: #"\r"#, with: "\r").replacingOccurrences(of: #"\n"#, with: "\n")
    }

    /// The frames of one file of the tests, and whatever recorded bytes hold such a frame.
    func all(_ name: String, where holds: ([UInt8]) -> Bool) -> [[UInt8]] {
        (frames[name] ?? []) + recorded.filter(holds)
    }
}
