import Foundation
import Testing

extension CommandTests {
    /// `simulate profile` in the protocols that are not Modbus, read by `device read` and by programs of others.
    @Suite(.serialized) struct SimulatedMeters {
        private let folder: Folder

        init() throws { folder = try Folder() }

        private func serve(_ arguments: [String]) throws -> (running: Running, address: String) {
            let running = try Running(Programs.steelyard, ["simulate", "instrument"] + arguments, in: folder)
            return (running, String(try running.line("instrument ").dropFirst("instrument ".count)))
        }

        /// A profile of each protocol, a channel and what it shows.
        @Test(arguments: [
            ("generic/dlt645-2007-electricity", "active-energy-import", "12345.67", ["--address", "202412345678"]),
            ("generic/dlt645-1997-electricity", "active-energy-import", "9580.15", ["--address", "000000000414"]),
            ("generic/dlt645-1997-electricity", "voltage-l2", "231", ["--address", "000000000414"]),
            ("generic/cjt188-water", "volume", "1234.56", ["--address", "78330011223344"]),
            ("kamstrup/multical-601", "volume", "12.34", ["--units", "7"]),
            ("keysight/34450a", "display", "-10.5", []),
            ("mettler-toledo/mt-sics", "weight", "-12.5", []),
        ])
        func deviceReadSeesWhatIsShown(
            _ profile: String, _ channel: String, _ value: String, _ more: [String]
        ) throws {
            for place in ["pty", "tcp"] {
                let (running, address) = try serve(
                    ["--profile", profile, "--value", "\(channel)=\(value)", "--on", place] + more)
                let reading = try folder.readings(profile, address, channel)[channel]
                #expect(Decimal(string: try #require(reading).value) == Decimal(string: value))
                running.stop()
                #expect(try running.end().status == 0)
            }
        }
    }
}
