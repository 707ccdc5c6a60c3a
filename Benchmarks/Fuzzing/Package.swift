// swift-tools-version: 6.2
import PackageDescription

// A package of its own, because every module in it is built for the fuzzer. What is in `Sources` besides the files
// about fuzzing are links to the modules themselves: what is fuzzed is what is shipped.

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]
/// The fuzzer counts which branches of the codecs an input reaches, and brings its own `main`.
let fuzzed: [SwiftSetting] = settings + [.unsafeFlags(["-sanitize=fuzzer"])]

func module(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .target(name: name, dependencies: dependencies, exclude: ["README.md"], swiftSettings: settings)
}

let package = Package(
    name: "fuzzing",
    dependencies: [.package(url: "https://github.com/jpsim/Yams", from: "6.2.2")],
    targets: [
        .systemLibrary(name: "CModbus", pkgConfig: "libmodbus"),
        .systemLibrary(name: "CUdev", pkgConfig: "libudev"),
        .systemLibrary(name: "LibFuzzer"),
        module("Chronometry", []),
        module("Metrology", []),
        module("DataFiles", ["Chronometry", .product(name: "Yams", package: "Yams")]),
        .executableTarget(
            name: "Codecs", dependencies: ["Chronometry", "CModbus", "CUdev", "DataFiles", "LibFuzzer", "Metrology"],
            exclude: ["Devices/README.md"], swiftSettings: fuzzed,
            linkerSettings: [.unsafeFlags(["-sanitize=fuzzer", "-use-ld=lld"])]),
    ],
    swiftLanguageModes: [.v6]
)
