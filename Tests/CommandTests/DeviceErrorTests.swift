import Foundation
import Glibc
import Testing

extension CommandTests {
    /// Everything that goes wrong between steelyard and an instrument, each said in one line.
    @Suite(.serialized) struct DeviceErrors {
        private let folder: Folder

        init() throws { folder = try Folder() }

        // MARK: Wrong use

        @Test(arguments: [
            (
                "water-metre", "serial:///dev/x", "volume",
                "there is no device profile 'water-metre': did you mean simulated/water-meter? 'steelyard device profile' lists"
            ),
            (
                "water-meter", "serial:///dev/x", "volum",
                "the profile simulated/water-meter has no channel 'volum': it has volume, serial-number"
            ),
            (
                "water-meter", "/dev/x", "volume",
                "the address '/dev/x' cannot be used: it must begin with tcp:// or serial://"
            ),
            ("water-meter", "serial:///dev/x?baud=12345", "volume", "baud must be one of 300,"),
            (
                "nowhere.yaml", "serial:///dev/x", "volume",
                "nowhere.yaml: cannot be read: check that it exists and may be read"
            ),
        ])
        func wrongUse(profile: String, address: String, channel: String, text: String) throws {
            expectRefusal(try folder.read(profile, address, channel), 2, text)
        }

        @Test func aFaultyProfileIsShownWhereItIsFaulty() throws {
            let path = try folder.write("maker: Test\nmodel: [x]\n", to: "bad.yaml")
            let outcome = try folder.read(path, "serial:///dev/x")
            #expect(outcome.status == 2)
            #expect(
                outcome.errors
                    == "steelyard: \(path):1:1: the file lacks the required key 'models'\n  maker: Test\n  ^\n")
        }

        // MARK: Ports

        @Test func portsThatAreNone() throws {
            let file = try folder.write("", to: "file")
            for (port, text) in [
                ("\(folder.path)/nothing", "there is no port \(folder.path)/nothing: check the cable"),
                ("/dev/null", "/dev/null does not behave as a serial port: it is not a terminal device"),
                (file, "\(file) does not behave as a serial port: it is not a terminal device"),
                (folder.path, "\(folder.path) does not behave as a serial port: it is a folder"),
            ] { expectRefusal(try folder.read("water-meter", "serial://\(port)"), 3, text) }
        }

        @Test func hostsThatAreNone() throws {
            expectRefusal(
                try folder.read("water-meter", "tcp://no-such-host.invalid:502"), 3,
                "nobody can be reached at no-such-host.invalid:502: ")
            #expect(
                try folder.read("water-meter", "tcp://no-such-host.invalid:502").errors.contains("refused") == false,
                "a name that is not known was not refused by anybody")
        }

        @Test func aPortWithoutPermission() throws {
            let port = try folder.write("", to: "port")
            let text = "no permission to use \(port): add the user to the port's group"
            let arguments = ["device", "read", "--profile", "water-meter", "--connect", "serial://\(port)"]
            guard geteuid() == 0 else {
                chmod(port, 0)
                expectRefusal(try folder.steelyard(arguments), 3, text)
                return
            }
            guard let setpriv = Programs.find("setpriv") else {
                print("skipped: without setpriv nothing is refused to root")
                return
            }
            chmod(folder.path, 0o755)
            chmod(port, 0o600)
            // The package may lie where nobody else may look.
            let program = "\(folder.path)/steelyard"
            try FileManager.default.copyItem(atPath: Programs.steelyard, toPath: program)
            try FileManager.default.copyItem(
                atPath: "\(Programs.root)/Devices", toPath: "\(folder.path)/data/Devices", making: folder)
            let outcome = try folder.run(
                setpriv,
                ["--reuid=nobody", "--regid=nogroup", "--clear-groups", program] + arguments + [
                    "--data", "\(folder.path)/data",
                ])
            expectRefusal(outcome, 3, text)
        }

        @Test(arguments: [[], ["lock"]])
        func aPortThatAnotherProgramUses(how: [String]) throws {
            let bench = try folder.bench()
            let (holder, _) = try folder.startPeer("hold_port.py", [bench.meters] + how, until: "holding ")
            expectRefusal(
                try folder.read("water-meter", "serial://\(bench.meters)"), 3,
                "\(bench.meters) is in use by python3")
            holder.stop()
            #expect(try folder.read("water-meter", "serial://\(bench.meters)").status == 0)
        }

        @Test func aPortThatAnotherMasterPolls() throws {
            let bench = try folder.bench()
            let poll = try Running(
                Programs.peer("mbpoll"),
                ["-m", "rtu", "-b", "9600", "-P", "none", "-a", "1", "-t", "3", "-l", "200", bench.meters],
                in: folder)
            try poll.wait(untilItHolds: bench.meters, times: 1)
            expectRefusal(
                try folder.read("water-meter", "serial://\(bench.meters)"), 3,
                "\(bench.meters) is in use by mbpoll (process ")
            poll.stop()
            #expect(try folder.read("water-meter", "serial://\(bench.meters)").status == 0)
        }

        @Test func aSecondSteelyardIsKeptAway() throws {
            let bench = try folder.bench("--fault", "1:silent")
            let first = try Running(
                Programs.steelyard,
                [
                    "device", "read", "--profile", "water-meter", "--connect",
                    "serial://\(bench.meters)?unit=1&timeout=3000",
                ], in: folder)
            // Once for the claim, once for the line.
            try first.wait(untilItHolds: bench.meters, times: 2)
            expectRefusal(
                try folder.read("water-meter", "serial://\(bench.meters)?unit=2"), 3,
                "\(bench.meters) is in use by steelyard (process ")
            first.stop()
            #expect(try folder.read("water-meter", "serial://\(bench.meters)?unit=2").status == 0)
        }

        /// Modbus RTU goes through libmodbus, ASCII through the port that every other protocol uses.
        @Test(arguments: ["rtu", "ascii"]) func aDirectionThatThePortDoesNotSwitch(framing: String) throws {
            let wire = try folder.wire()
            expectRefusal(
                try folder.read("water-meter", "serial://\(wire.near)?framing=\(framing)&rs485=kernel"), 3,
                "\(wire.near) failed: its driver does not switch the direction of RS-485 (rs485=kernel): ")
            expectRefusal(
                try folder.read("water-meter", "serial://\(wire.near)?framing=\(framing)&rs485=rts"), 3,
                "\(wire.near) failed: it has no line RTS to switch the direction of RS-485 with (rs485=rts): ")
        }

        // MARK: Answers

        @Test func nobodyOnTheLine() throws {
            let wire = try folder.wire()
            expectRefusal(
                try folder.read("water-meter", "serial://\(wire.near)?unit=3&timeout=100"), 3,
                "no answer from unit 3 on \(wire.near) within 100 ms: check power, wiring, the unit number, and baud rate and parity"
            )
        }

        @Test(arguments: [
            ("silent", "no answer from unit 1 on PORT within 150 ms"),
            (
                "wrong-unit",
                "unit 2 answered on PORT when unit 1 was asked: two instruments may share the line with wrong addresses"
            ),
            (
                "wrong-crc",
                "the answer of unit 1 on PORT was corrupted (the checksum (CRC) is wrong): check termination, earthing, baud rate and parity"
            ),
            ("noise", "the answer of unit 1 on PORT was corrupted (the checksum (CRC) is wrong)"),
            ("exception=4", "unit 1 on PORT refused register 0: exception 4, server device failure"),
        ])
        func aFaultOfTheInstrument(fault: String, text: String) throws {
            let bench = try folder.bench("--fault", "1:\(fault)")
            expectRefusal(
                try folder.read("water-meter", "serial://\(bench.meters)?unit=1&timeout=150"), 3,
                text.replacingOccurrences(of: "PORT", with: bench.meters))
            // The neighbour on the same line is untouched.
            #expect(
                try folder.readings("water-meter", "serial://\(bench.meters)?unit=2")["serial-number"]?.value
                    == "26110002")
        }

        /// What comes too late is nobody's answer: neither that of the repeated request nor that of
        /// the next program, which asks for another register of the same size.
        @Test(arguments: [160, 260, 450])
        func aLateAnswerIsNotTakenForTheNext(late: Int) throws {
            let bench = try folder.bench("--fault", "1:late=\(late)")
            let address = "serial://\(bench.meters)?unit=1"
            expectRefusal(
                try folder.read("water-meter", "\(address)&timeout=150", "volume"), 3,
                "no answer from unit 1 on \(bench.meters) within 150 ms")
            #expect(
                try folder.readings("water-meter", "\(address)&timeout=2000", "serial-number")["serial-number"]?
                    .value == "26110001")
        }

        @Test func aPortThatVanishesWhileItIsRead() throws {
            let bench = try folder.bench("--fault", "1:silent")
            let reading = try Running(
                Programs.steelyard,
                [
                    "device", "read", "--profile", "water-meter", "--connect",
                    "serial://\(bench.meters)?unit=1&timeout=60000",
                ], in: folder)
            try reading.wait(untilItHolds: bench.meters, times: 2)
            bench.running.stop()
            expectRefusal(
                try reading.end(), 3,
                "\(bench.meters) went away in the middle of a measurement: plug it in again and repeat the command")
        }
    }
}

extension FileManager {
    fileprivate func copyItem(atPath source: String, toPath target: String, making folder: Folder) throws {
        for part in ["Devices", "Calibration"] {
            try createDirectory(atPath: "\(folder.path)/data/\(part)", withIntermediateDirectories: true)
        }
        try removeItem(atPath: target)
        try copyItem(atPath: source, toPath: target)
    }
}
