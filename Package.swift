// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .treatAllWarnings(as: .error),
]

extension Target.Dependency {
    static let grdb = product(name: "GRDB", package: "GRDB.swift")
    static let crypto = product(name: "Crypto", package: "swift-crypto")
    static let yams = product(name: "Yams", package: "Yams")
    static let hummingbird = product(name: "Hummingbird", package: "hummingbird")
    static let httpClient = product(name: "AsyncHTTPClient", package: "async-http-client")
    static let nioCore = product(name: "NIOCore", package: "swift-nio")
    static let nioFoundationCompat = product(name: "NIOFoundationCompat", package: "swift-nio")
    static let nioHTTP1 = product(name: "NIOHTTP1", package: "swift-nio")
    static let argumentParser = product(name: "ArgumentParser", package: "swift-argument-parser")
    static let logging = product(name: "Logging", package: "swift-log")
    static let lifecycle = product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
    static let unixSignals = product(name: "UnixSignals", package: "swift-service-lifecycle")
}

/// One module of the house; its floor and its arrows are checked by `HouseTests`.
func module(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .target(
        name: name, dependencies: dependencies, exclude: ["README.md"], swiftSettings: settings)
}

func suite(_ name: String, _ dependencies: [Target.Dependency], data: [String] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies, exclude: data, swiftSettings: settings)
}

let package = Package(
    name: "steelyard",
    products: [.executable(name: "steelyard", targets: ["steelyard"])],
    dependencies: [
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/apple/swift-crypto", "4.5.2"..<"5.0.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        .systemLibrary(
            name: "CModbus", pkgConfig: "libmodbus", providers: [.apt(["libmodbus-dev"])]),
        .systemLibrary(name: "CUdev", pkgConfig: "libudev", providers: [.apt(["libudev-dev"])]),

        module("Chronometry", []),

        module("Metrology", []),
        module("DataFiles", ["Chronometry", .yams]),
        module("Ledger", ["Chronometry", .grdb, .crypto]),

        module("Procedures", ["Chronometry", "Metrology", "DataFiles", "Ledger", .grdb, .crypto]),
        module("Devices", ["Metrology", "DataFiles", "CModbus", "CUdev"]),
        module("Registry", ["Chronometry", "Metrology", "DataFiles", "Ledger", .grdb]),
        module(
            "Simulation",
            ["Chronometry", "Metrology", .hummingbird, .lifecycle, .logging, .nioCore]),

        module(
            "Traceability",
            ["Chronometry", "Metrology", "DataFiles", "Ledger", "Registry", .grdb]),

        module(
            "Verification",
            [
                "Metrology", "DataFiles", "Ledger", "Procedures", "Devices", "Registry",
                "Traceability", .grdb, .crypto,
            ]),
        module(
            "Energy",
            [
                "Chronometry", "Metrology", "DataFiles", "Ledger", "Registry", .grdb, .httpClient,
                .nioCore, .nioHTTP1,
            ]),
        module(
            "Capabilities",
            [
                "Chronometry", "DataFiles", "Ledger", "Procedures", "Registry", "Traceability", .grdb,
            ]),

        module(
            "Certification",
            [
                "Chronometry", "Metrology", "DataFiles", "Ledger", "Procedures", "Registry", "Traceability",
                "Verification", .grdb, .crypto,
            ]),

        module(
            "Console",
            [
                "Capabilities", "Certification", "Chronometry", "Energy", "Ledger", "Procedures", "Registry",
                "Verification", .hummingbird, .lifecycle, .logging, .nioCore,
            ]),

        .executableTarget(
            name: "steelyard",
            dependencies: [
                "Chronometry", "Metrology", "DataFiles", "Ledger", "Procedures", "Devices", "Registry",
                "Simulation", "Traceability", "Verification", "Energy", "Capabilities",
                "Certification", "Console", .argumentParser, .logging, .lifecycle, .unixSignals, .hummingbird,
                .httpClient,
                .nioCore, .nioFoundationCompat,
            ],
            exclude: ["README.md"],
            swiftSettings: settings),

        suite("HouseTests", []),
        suite("ChronometryTests", ["Chronometry"]),
        suite("MetrologyTests", ["Metrology"]),
        suite("DataFilesTests", ["Chronometry", "DataFiles"]),
        suite("LedgerTests", ["Chronometry", "Ledger", .grdb]),
        suite("DemonstrationTests", []),
        suite(
            "VerificationTests",
            [
                "Certification", "Chronometry", "DataFiles", "Devices", "Energy", "Ledger", "Metrology",
                "Procedures", "Registry", "Simulation", "Traceability", "Verification", .grdb,
            ]),
        suite(
            "DevicesTests", ["Chronometry", "DataFiles", "Devices", "Metrology", "Simulation"], data: ["Frames"]),
        suite("SimulationTests", ["Devices", "Metrology", "Simulation"]),
        suite(
            "CommandTests",
            [
                "Certification", "Chronometry", "DataFiles", "Devices", "Energy", "Ledger", "Procedures", "Registry",
                "Traceability", "Verification",
            ]),
        suite("CertificationTests", ["Certification"]),
        suite(
            "ProceduresTests", ["Chronometry", "DataFiles", "Metrology", "Procedures"], data: ["PublishedRecords"]),
        suite("RegistryTests", ["Chronometry", "DataFiles", "Ledger", "Registry", .grdb]),
        suite(
            "TraceabilityTests",
            ["Chronometry", "DataFiles", "Ledger", "Registry", "Traceability", .grdb]),
        suite(
            "CapabilitiesTests",
            [
                "Capabilities", "Chronometry", "DataFiles", "Ledger", "Procedures", "Registry",
                "Traceability", .grdb,
            ]),
        suite(
            "EnergyTests",
            [
                "Chronometry", "Metrology", "DataFiles", "Ledger", "Registry", "Energy",
                "Simulation",
            ]),
    ],
    swiftLanguageModes: [.v6]
)
