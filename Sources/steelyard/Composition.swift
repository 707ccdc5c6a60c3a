import ArgumentParser
import Capabilities
import Certification
import Energy
import Foundation
import Ledger
import Procedures
import Registry
import Traceability
import Verification

/// What the program is made of, in the order it is made.
enum Composition {
    /// Tables in dependency order: a module's tables come after those they refer to.
    static let schemas: [LedgerSchema] = [
        RegistryTables.schema,
        ProceduresTables.schema,
        TraceabilityTables.schema,
        VerificationTables.schema,
        EnergyTables.schema,
        CertificationTables.schema,
    ]

    static func openLedger(_ path: String, create: Bool) throws -> Ledger {
        if create {
            let folder = (path as NSString).deletingLastPathComponent
            if !folder.isEmpty {
                try? FileManager.default.createDirectory(
                    atPath: folder, withIntermediateDirectories: true)
            }
        }
        return try Ledger(path: path, schemas: schemas, create: create)
    }
}

/// Where the ledger and the data files are.
struct LedgerOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The ledger's file; STEELYARD_DATABASE, or a file under the user's data folder.",
            valueName: "file"))
    var database: String?

    @Option(
        help: ArgumentHelp(
            "Folder that holds Devices and Calibration; STEELYARD_DATA, or found from here or from the program.",
            valueName: "folder"))
    var data: String?

    private var environment: [String: String] { ProcessInfo.processInfo.environment }

    var databasePath: String {
        if let path = database ?? environment["STEELYARD_DATABASE"] { return path }
        let home =
            environment["XDG_DATA_HOME"] ?? (NSHomeDirectory() as NSString).appendingPathComponent(".local/share")
        return "\(home)/steelyard/steelyard.sqlite"
    }

    /// Opens the ledger, which must exist already.
    func openLedger() throws -> Ledger {
        try Composition.openLedger(databasePath, create: false)
    }

    /// Folder of people's signing keys, beside the ledger.
    var keys: String {
        ((databasePath as NSString).deletingLastPathComponent as NSString).appendingPathComponent("keys")
    }

    /// The folder that holds `Devices` and `Calibration`.
    func dataRoot() throws -> String {
        if let root = data ?? environment["STEELYARD_DATA"] {
            guard Self.isRoot(root) else {
                throw ValidationError("\(root) holds no Devices and Calibration: name the right folder with --data")
            }
            return root
        }
        let program = Bundle.main.executablePath ?? CommandLine.arguments[0]
        for start in [FileManager.default.currentDirectoryPath, program] {
            var folder = start as NSString
            while folder.length > 1 {
                if Self.isRoot(folder as String) { return folder as String }
                folder = folder.deletingLastPathComponent as NSString
            }
        }
        let installed = "/usr/share/steelyard"
        guard Self.isRoot(installed) else {
            throw ValidationError("the folders Devices and Calibration were not found: name their folder with --data")
        }
        return installed
    }

    private static func isRoot(_ folder: String) -> Bool {
        ["Devices", "Calibration"].allSatisfy {
            FileManager.default.fileExists(atPath: "\(folder)/\($0)")
        }
    }
}

enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
    case text, json
}
