import Foundation
import Testing

extension CommandTests {
    /// Adapters that are plugged and pulled while an instrument behind one is polled: kernel and udev are umockdev's.
    @Suite(.serialized) struct Plugs {
        private let folder: Folder

        init() throws { folder = try Folder() }

        private struct Phase: Decodable {
            let values: [Double]
            let said: [String]
        }

        private struct Report: Decodable {
            let polled, pulled, taken, back: Phase
            let latency: String
            let askedOfTheOther: Int
            let list: [Port]
            let suggestions, suggested: [Suggestion]
            let status, watchStatus: Int
            let watch: [[String]]

            struct Suggestion: Decodable {
                let port: Port
                let lasts, next: String
            }

            struct Port: Decodable {
                let node, connection, serial: String
                let latencyTimer: Int
            }
        }

        private func bench(_ framing: String, every seconds: String) throws -> Report {
            let profile = try folder.write(
                """
                maker: Test
                models: [peer]
                kind: test instrument
                source: test
                confidence: found
                modbus: {function: input, unit: 9}
                channels:
                  voltage: {quantity: voltage, unit: V, at: 0, as: float32}
                """, to: "peer.yaml")
            // The bindings are Debian's, and so is the Python they are for.
            let outcome = try folder.run(
                Programs.peer("umockdev-wrapper"),
                [
                    "/usr/bin/python3", "\(Programs.peers)/umockdev_bench.py", Programs.steelyard, profile, framing,
                    seconds,
                ], patience: 400)
            guard outcome.status == 0 else { throw SetupFailed(description: outcome.errors) }
            let decoder = JSONDecoder()
            decoder.keyDecodingStrategy = .convertFromSnakeCase
            return try decoder.decode(Report.self, from: Data(outcome.output.utf8))
        }

        /// Modbus RTU goes through libmodbus, ASCII through the port that every other protocol uses.
        @Test(arguments: ["rtu", "ascii"]) func pollingFollowsTheAdapterAndNobodyElse(framing: String) throws {
            let report = try bench(framing, every: "0.2")
            #expect(report.polled.values.count >= 3 && report.polled.said.isEmpty, "\(report.polled)")
            // Of the last question before the cable was pulled the answer may still have come.
            #expect(report.pulled.values.count <= 1, "\(report.pulled)")
            let adapter = "FTDI FT232R USB UART, serial A50285BI"
            #expect(
                report.pulled.said.contains(
                    "steelyard: line /dev/ttyUSB0: its adapter (\(adapter)) was pulled out; reading goes on when it is back"
                ),
                "\(report.pulled)")
            #expect(report.taken.values.isEmpty && report.askedOfTheOther == 0, "\(report.taken)")
            #expect(report.taken.said.contains { $0.contains("serial B60396CJ") && $0.contains("is not read") })
            #expect(report.taken.said.contains { $0.contains("another adapter has taken the port") })
            #expect(report.back.values.count >= 3, "\(report.back)")
            #expect(
                report.back.said.contains(
                    "steelyard: line /dev/ttyUSB0: its adapter (\(adapter)) is plugged in, as /dev/ttyUSB1; reading goes on"
                ),
                "\(report.back)")
            for phase in [report.polled, report.pulled, report.back] {
                #expect(phase.values.allSatisfy { $0 == 229.5 }, "\(phase)")
            }
            #expect(report.status == 0)
        }

        /// The next reading by the timetable is an hour away: the one after the plugging is the plugging's own.
        @Test(arguments: ["rtu", "ascii"]) func aPlugIsReadAtOnce(framing: String) throws {
            let report = try bench(framing, every: "3600")
            #expect(report.polled.values == [229.5] && report.back.values == [229.5])
            #expect(report.pulled.values.isEmpty && report.taken.values.isEmpty && report.askedOfTheOther == 0)
        }

        @Test func portsAreListedAndWatched() throws {
            let report = try bench("rtu", every: "0.2")
            #expect(report.watchStatus == 0)
            #expect(
                report.watch == [
                    ["added", "/dev/ttyUSB0", "A50285BI"], ["removed", "/dev/ttyUSB0", "A50285BI"],
                    ["added", "/dev/ttyUSB0", "B60396CJ"], ["added", "/dev/ttyUSB1", "A50285BI"],
                ])
            let name = "serial:///dev/serial/by-id/usb-FTDI_FT232R_USB_UART_"
            #expect(report.list.map(\.node) == ["/dev/ttyUSB0", "/dev/ttyUSB1"])
            #expect(report.list.map(\.connection) == [name + "B60396CJ-if00-port0", name + "A50285BI-if00-port0"])
            // One waited until the second was plugged in; the other took what was there.
            #expect(report.suggested.map(\.port.node) == ["/dev/ttyUSB1"])
            #expect(report.suggestions.map(\.port.node) == ["/dev/ttyUSB0", "/dev/ttyUSB1"])
            for suggestion in report.suggested + report.suggestions {
                #expect(suggestion.lasts == "wherever the adapter is plugged in")
                #expect(suggestion.next == "steelyard device scan --connect '\(suggestion.port.connection)'")
            }
            // Only that of the adapter that is read is set.
            #expect(report.latency == "1" && report.list.map(\.latencyTimer) == [16, 1])
        }
    }
}
