import Foundation
import Testing

extension CommandTests {
    /// Programs of other makers read what steelyard simulates, and are read by it.
    @Suite(.serialized) struct Peers {
        private let folder: Folder

        init() throws { folder = try Folder() }

        /// Input registers from 0, as mbpoll prints them.
        private func mbpoll(_ port: String, unit: Int, count: Int) throws -> [UInt32] {
            let outcome = try folder.run(
                Programs.peer("mbpoll"),
                [
                    "-m", "rtu", "-b", "9600", "-P", "none", "-a", "\(unit)", "-t", "3", "-0", "-r", "0",
                    "-c", "\(count)", "-1", "-q", port,
                ])
            // [0]: \t40000 (-25536)
            let values = outcome.output.split(separator: "\n").filter { $0.hasPrefix("[") }.compactMap {
                $0.split { ": \t".contains($0) }.dropFirst().first.flatMap { UInt32($0) }
            }
            guard outcome.status == 0, values.count == count else {
                throw SetupFailed(description: "mbpoll: \(outcome.output)\(outcome.errors)")
            }
            return values
        }

        @Test func mbpollAndSteelyardReadTheSameBench() throws {
            let bench = try folder.bench("--seed", "4", "--speed", "0.001")
            func scaled(_ raw: UInt32, _ scale: String) throws -> Decimal {
                Decimal(Int(raw)) * (try #require(Decimal(string: scale)))
            }
            func decimal(_ reading: Reading?) throws -> Decimal {
                try #require(reading.flatMap { Decimal(string: $0.value) })
            }
            for unit in 1...2 {
                let raw = try mbpoll(bench.meters, unit: unit, count: 4)
                let read = try folder.readings("water-meter", "serial://\(bench.meters)?unit=\(unit)")
                #expect(try decimal(read["volume"]) == scaled(raw[0] << 16 | raw[1], "0.01"))
                #expect(try decimal(read["serial-number"]) == scaled(raw[2] << 16 | raw[3], "1"))
                #expect(read["volume"]?.unit == "L")
                #expect(raw[1] != 0)
            }
            let raw = try mbpoll(bench.references, unit: 1, count: 4)
            let reference = try folder.readings("reference-flowmeter", "serial://\(bench.references)")
            #expect(try decimal(reference["volume"]) == scaled(raw[0] << 16 | raw[1], "0.001"))
            #expect(try decimal(reference["flow"]) == scaled(raw[2] << 16 | raw[3], "0.1"))
            let climate = try mbpoll(bench.references, unit: 4, count: 2)
            let room = try folder.readings("room-climate", "serial://\(bench.references)")
            #expect(try decimal(room["temperature"]) == scaled(climate[0], "0.1"))
            #expect(try decimal(room["humidity"]) == scaled(climate[1], "0.1"))
            bench.running.stop()
            #expect(try bench.running.end().status == 0)
        }

        // MARK: pymodbus

        /// A profile in which every channel stands where `registers` puts it.
        private func profile(_ order: String) throws -> String {
            try folder.write(
                """
                maker: Test
                models: [peer]
                kind: test instrument
                source: test
                confidence: found
                modbus: {function: holding, order: \(order), pause: 5 ms}
                channels:
                  real: {quantity: voltage, unit: V, at: 0, as: float32}
                  counter: {quantity: energy, unit: kWh, at: 2, as: uint32, scale: 0.01}
                  signed: {quantity: power, unit: W, at: 4, as: int32}
                  short: {quantity: temperature, unit: °C, at: 10, as: int16, scale: 0.1}
                  input: {quantity: current, unit: A, at: 2, as: uint32, function: input}
                  nowhere: {quantity: current, unit: A, at: 500, as: uint16}
                """, to: "peer.yaml")
        }

        private func registers(_ order: String) -> String {
            """
            [[0, "float32", "\(order)", 229.73], [2, "uint32", "\(order)", 4000000123],
             [4, "int32", "\(order)", -70000], [10, "int16", "\(order)", -207]]
            """
        }

        private func expectValues(_ order: String, _ address: String) throws {
            let read = try folder.readings(
                profile(order), address, "short", "real", "counter", "signed", "input")
            #expect(read.mapValues { $0.value }["real"] == "229.73")
            #expect(read.mapValues { $0.value }["counter"] == "40000001.23")
            #expect(read.mapValues { $0.value }["signed"] == "-70000")
            #expect(read.mapValues { $0.value }["short"] == "-20.7")
            #expect(read.mapValues { $0.value }["input"] == "4000000123")
        }

        @Test(arguments: ["ABCD", "CDAB", "BADC", "DCBA"])
        func steelyardReadsPymodbusOverTCP(order: String) throws {
            let (server, address) = try folder.startPeer(
                "modbus_server.py", ["tcp", "9", registers(order)], until: "ready ")
            try expectValues(order, "tcp://\(address)?unit=9")
            server.stop()
        }

        @Test(arguments: ["ABCD", "CDAB"])
        func steelyardReadsPymodbusOverASerialLine(order: String) throws {
            let wire = try folder.wire()
            let (server, _) = try folder.startPeer(
                "modbus_server.py", [wire.far, "9", registers(order)], until: "ready ")
            try expectValues(order, "serial://\(wire.near)?unit=9")
            server.stop()
        }

        /// Adapters that pass the bytes of a serial line on, and the other framing of a serial line.
        @Test(arguments: ["rtu-over-tcp", "ascii-over-tcp"])
        func steelyardReadsPymodbusInOtherFramingsOverTCP(framing: String) throws {
            let (server, address) = try folder.startPeer(
                "modbus_server.py", [framing, "9", registers("ABCD")], until: "ready ")
            let name = framing.prefix { $0 != "-" }
            try expectValues("ABCD", "tcp://\(address)?unit=9&framing=\(name)")
            expectRefusal(
                try folder.read(profile("ABCD"), "tcp://\(address)?unit=9&framing=\(name)", "nowhere"), 3,
                "unit 9 on \(address) refused register 500: exception 2, illegal data address")
            server.stop()
        }

        @Test func steelyardReadsPymodbusInASCII() throws {
            let wire = try folder.wire()
            let (server, _) = try folder.startPeer(
                "modbus_server.py", ["ascii:\(wire.far)", "9", registers("DCBA")], until: "ready ")
            try expectValues("DCBA", "serial://\(wire.near)?unit=9&framing=ascii")
            server.stop()
        }

        // MARK: dlt645

        /// The meter of another maker's program, over both kinds of line.
        @Test(arguments: ["tcp", "serial"])
        func steelyardReadsTheMeterOfAnotherProgram(kind: String) throws {
            let wire = kind == "tcp" ? nil : try folder.wire()
            let (meter, place) = try folder.startPeer(
                "dlt645_server.py",
                [
                    wire?.far ?? "tcp", "000000001234", "00010000=123456.78", "02010100=220.5", "02020100=-5.123",
                    "02030000=-1.2345", "02060000=-0.98", "02800002=49.98",
                ], until: "ready ")
            defer { meter.stop() }
            let line = wire.map { "serial://\($0.near)" } ?? "tcp://\(place)"
            let read = try folder.steelyard(
                "device", "read", "--profile", "dlt645-2007-electricity", "--connect",
                "\(line)?timeout=1500&address=000000001234", "active-energy-import", "voltage-l1", "current-l1",
                "active-power",
                "power-factor", "frequency")
            #expect(read.status == 0, "\(read.errors)")
            #expect(
                read.output.split(separator: "\n").prefix(6) == [
                    "active-energy-import  123456.78 kWh", "voltage-l1            220.5 V",
                    "current-l1            -5.123 A", "active-power          -1.2345 kW",
                    "power-factor          -0.980 1", "frequency             49.98 Hz",
                ])
        }

        // MARK: refusals

        @Test func pymodbusRefusalsAreNamed() throws {
            let (server, address) = try folder.startPeer(
                "modbus_server.py", ["tcp", "9", registers("ABCD")], until: "ready ")
            expectRefusal(
                try folder.read(profile("ABCD"), "tcp://\(address)?unit=9", "nowhere"), 3,
                "unit 9 on \(address) refused register 500: exception 2, illegal data address")
            // What pymodbus says where another unit is asked than the one it is.
            expectRefusal(
                try folder.read(profile("ABCD"), "tcp://\(address)?unit=10", "real"), 3,
                "unit 10 on \(address) refused register 0: exception 4, server device failure"
            )
            server.stop()
            expectRefusal(
                try folder.read(profile("ABCD"), "tcp://\(address)?unit=9", "real"), 3,
                "nobody can be reached at \(address): Connection refused; check address, cable and that the device is on"
            )
        }
    }
}
