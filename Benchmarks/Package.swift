// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that the product carries no benchmark. The folders of modules in `Sources` are links to the
// modules themselves: what is measured is what is shipped. So are the generator's files in `MachineLimits`, for the
// module keeps them to itself.

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .treatAllWarnings(as: .error),
]

func module(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .target(name: name, dependencies: dependencies, exclude: ["README.md"], swiftSettings: settings)
}

func program(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .executableTarget(name: name, dependencies: dependencies, swiftSettings: settings)
}

let package = Package(
    name: "benchmarks",
    dependencies: [
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/apple/swift-crypto", "4.5.2"..<"5.0.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: [
        module("Chronometry", []),
        module("Metrology", []),
        .systemLibrary(name: "CModbus", pkgConfig: "libmodbus"),
        .systemLibrary(name: "CUdev", pkgConfig: "libudev"),
        module("DataFiles", ["Chronometry", .product(name: "Yams", package: "Yams")]),
        module("Devices", ["Chronometry", "Metrology", "DataFiles", "CModbus", "CUdev"]),
        module(
            "Ledger",
            [
                "Chronometry", .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "Crypto", package: "swift-crypto"),
            ]),
        module(
            "Procedures",
            [
                "Chronometry", "Metrology", "DataFiles", "Ledger", .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "Crypto", package: "swift-crypto"),
            ]),
        module(
            "Registry", ["Chronometry", "DataFiles", "Ledger", .product(name: "GRDB", package: "GRDB.swift")]),
        module(
            "Traceability",
            ["Chronometry", "DataFiles", "Ledger", "Registry", .product(name: "GRDB", package: "GRDB.swift")]),
        module(
            "Verification",
            [
                "Chronometry", "Metrology", "DataFiles", "Ledger", "Procedures", "Devices", "Registry", "Traceability",
                .product(name: "GRDB", package: "GRDB.swift"), .product(name: "Crypto", package: "swift-crypto"),
            ]),
        program(
            "Sessions",
            [
                "Chronometry", "Ledger", "Metrology", "Procedures", "Registry", "Traceability", "Verification",
                .product(name: "GRDB", package: "GRDB.swift"),
            ]),
        program("LedgerCommits", ["Chronometry", "Ledger", .product(name: "GRDB", package: "GRDB.swift")]),
        program("Propagation", ["Metrology"]),
        program("CompiledBudgets", ["Metrology"]),
        program("MachineLimits", []),
        program("DeviceRounds", ["Devices", "Metrology"]),
        .executableTarget(name: "ModbusServer", dependencies: ["CModbus"]),
        .executableTarget(name: "BareModbus", dependencies: ["CModbus"]),
        .executableTarget(name: "PacedLine"),
    ],
    swiftLanguageModes: [.v6]
)
