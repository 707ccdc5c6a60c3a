import ArgumentParser
import Devices

struct DeviceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "device", abstract: "Read instruments through their profiles.",
        subcommands: [
            DeviceReadCommand.self, Profiles.self, DeviceForecastCommand.self, DeviceListCommand.self,
            DeviceWatchCommand.self, DeviceSuggestCommand.self, DeviceTraceCommand.self, DeviceMonitorCommand.self,
            DeviceScanCommand.self,
        ])

    struct Profiles: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "profile",
            abstract: "List the profiles, or show and check one.")

        @OptionGroup var ledger: LedgerOptions
        @Argument(help: "The profile to show.") var name: String?
        @Flag(help: "The catalogue of all profiles, as Markdown.") var catalogue = false

        func run() async throws {
            let folder = try ledger.dataRoot() + "/Devices"
            if catalogue {
                print(ProfileCatalogue.markdown(try ProfileCatalogue.profiles(in: folder)), terminator: "")
                return
            }
            guard let name else {
                for name in DeviceProfile.all(in: folder) { print(name) }
                return
            }
            for line in lines(of: try DeviceProfile.named(name, in: folder)) { print(line) }
        }

        private func lines(of profile: DeviceProfile) -> [String] {
            let confirmed = profile.confirmedOnHardware
            var lines = [
                "\(profile.maker): \(profile.models.joined(separator: ", ")) (\(profile.kind))",
                "protocol: \(profile.protocols.map(\.rawValue).joined(separator: ", "))",
                "source: \(profile.source) [\(profile.confidence)]",
                "confirmed on hardware: \(confirmed.isEmpty ? "by nobody yet" : confirmed.joined(separator: "; "))",
            ]
            lines += profile.channels.map { "  \($0.name): \($0.quantity), \($0.unit)" }
            lines += profile.conflicts.map { "conflict: \($0)" }
            lines += profile.probes.map {
                "settled on the instrument: \($0.name) (\($0.settles.rawValue) of \($0.channels.joined(separator: ", ")))"
            }
            lines += profile.caveats.map { "caveat: \($0)" }
            return lines
        }
    }
}
