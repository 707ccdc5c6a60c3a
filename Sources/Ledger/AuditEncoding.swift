import Chronometry
import Crypto
import Foundation
import GRDB

struct AuditChange {
    enum Operation: String {
        case insert, update
    }

    let table: String
    let key: Int64
    let operation: Operation
    /// SHA-256 of the stored row, lower-case hexadecimal.
    let digest: String
}

/// The bytes that are hashed, version 1. Nothing here may ever change; another encoding gets
/// another number, and old entries keep theirs.
///
/// Integers are big-endian; a text is its UTF-8 length (8 bytes) and its UTF-8 bytes. Lengths
/// before contents make the encoding injective: no two different entries have equal bytes.
enum AuditEncoding {
    static let version = 1
    /// What the first entry names as its predecessor.
    static let genesis = String(repeating: "0", count: 64)

    static func hash(
        sequence: Int64, at: Instant, actor: String, reason: String, previous: String,
        changes: [AuditChange]
    ) -> String {
        var bytes = Bytes("steelyard audit 1")
        bytes.append(sequence)
        bytes.append(at.milliseconds)
        bytes.append(actor)
        bytes.append(reason)
        bytes.append(previous)
        bytes.append(Int64(changes.count))
        for change in changes {
            bytes.append(change.table)
            bytes.append(change.key)
            bytes.append(change.operation.rawValue)
            bytes.append(change.digest)
        }
        return bytes.sha256
    }

    /// A row is its table and its columns in byte order of their names; columns that are NULL are
    /// left out, so that a later migration may add a column without touching old digests.
    static func digest(of row: Row, in table: String) -> String {
        var bytes = Bytes("steelyard row 1")
        bytes.append(table)
        for (column, value) in row.sorted(by: { $0.0.utf8.lexicographicallyPrecedes($1.0.utf8) }) {
            switch value.storage {
            case .null: continue
            case .int64(let n):
                bytes.append(column)
                bytes.append("i")
                bytes.append(n)
            case .double(let x):
                bytes.append(column)
                bytes.append("r")
                bytes.append(Int64(bitPattern: x.bitPattern))
            case .string(let text):
                bytes.append(column)
                bytes.append("t")
                bytes.append(text)
            case .blob(let data):
                bytes.append(column)
                bytes.append("b")
                bytes.append(Int64(data.count))
                bytes.data.append(data)
            }
        }
        return bytes.sha256
    }
}

private struct Bytes {
    var data = Data()

    init(_ domain: String) {
        append(domain)
    }

    mutating func append(_ value: Int64) {
        withUnsafeBytes(of: value.bigEndian) { data.append(contentsOf: $0) }
    }

    mutating func append(_ text: String) {
        append(Int64(text.utf8.count))
        data.append(contentsOf: text.utf8)
    }

    var sha256: String {
        SHA256.hash(data: data).hexadecimal
    }
}

extension Sequence<UInt8> {
    /// Lower-case hexadecimal, two digits a byte.
    public var hexadecimal: String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        for byte in self {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }
}
