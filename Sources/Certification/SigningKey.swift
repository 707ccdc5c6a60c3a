import Chronometry
import Crypto
import Foundation
import GRDB
public import Ledger

/// A person's Ed25519 key (RFC 8032): the private half in a file only they can read, the public
/// half in the ledger.
public struct SigningKey: Sendable {
    public let person: String
    private let key: Curve25519.Signing.PrivateKey

    /// The public half, lower-case hexadecimal.
    var publicKey: String { key.publicKey.rawRepresentation.hexadecimal }

    /// Where keys lie: `<folder>/<person>.key`.
    static func path(of person: String, in folder: String) -> String { "\(folder)/\(person).key" }

    /// Makes and registers a key for `person`, unless they have one.
    public static func make(for person: String, in folder: String, ledger: Ledger) throws {
        let path = path(of: person, in: folder)
        if !FileManager.default.fileExists(atPath: path) {
            let key = Curve25519.Signing.PrivateKey()
            do {
                try FileManager.default.createDirectory(
                    atPath: folder, withIntermediateDirectories: true,
                    attributes: [.posixPermissions: 0o700])
            } catch {
                throw CertificationError.cannotWrite(path: folder, why: "\(error.localizedDescription)")
            }
            guard
                FileManager.default.createFile(
                    atPath: path, contents: Data((key.rawRepresentation.hexadecimal + "\n").utf8),
                    attributes: [.posixPermissions: 0o600])
            else { throw CertificationError.cannotWrite(path: path, why: "the folder refuses it") }
        }
        let key = try load(person, in: folder)
        let isKnown = try ledger.read { db in
            try Bool.fetchOne(
                db, sql: "SELECT EXISTS (SELECT 1 FROM signing_key WHERE public_key = ?)",
                arguments: [key.publicKey]) ?? false
        }
        guard !isKnown else { return }
        try ledger.commit(person, reason: "register signing key") { transaction in
            try transaction.insert(
                "signing_key",
                [
                    "person": person, "public_key": key.publicKey,
                    "registered_at": transaction.at.iso8601,
                ])
        }
    }

    /// - Throws: ``CertificationError`` where the file is missing, readable by others, or no key.
    public static func load(_ person: String, in folder: String) throws -> SigningKey {
        let path = path(of: person, in: folder)
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: path) else {
            throw CertificationError.noSigningKey(person: person, path: path)
        }
        let mode = (attributes[.posixPermissions] as? NSNumber)?.intValue ?? 0o777
        guard mode & 0o077 == 0 else {
            throw CertificationError.keyUnreadable(
                path: path, why: "others may read it; take the right away with `chmod 600`")
        }
        guard let data = FileManager.default.contents(atPath: path),
            let bytes = [UInt8](
                hexadecimal: String(decoding: data, as: UTF8.self)
                    .trimmingCharacters(in: .whitespacesAndNewlines)),
            let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: bytes)
        else {
            throw CertificationError.keyUnreadable(path: path, why: "it does not hold a key")
        }
        return SigningKey(person: person, key: key)
    }

    func sign(_ message: Data) throws -> String {
        Data(try key.signature(for: message)).hexadecimal
    }

    static func verifies(_ signature: String, of message: Data, by publicKey: String) -> Bool {
        guard let key = [UInt8](hexadecimal: publicKey), let bytes = [UInt8](hexadecimal: signature),
            let known = try? Curve25519.Signing.PublicKey(rawRepresentation: key)
        else { return false }
        return known.isValidSignature(bytes, for: message)
    }
}

extension [UInt8] {
    init?(hexadecimal text: String) {
        guard text.utf8.count % 2 == 0 else { return nil }
        var bytes: [UInt8] = []
        var rest = Substring(text)
        while !rest.isEmpty {
            guard let byte = UInt8(rest.prefix(2), radix: 16) else { return nil }
            bytes.append(byte)
            rest = rest.dropFirst(2)
        }
        self = bytes
    }
}
