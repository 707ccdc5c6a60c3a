import Testing

extension CommandTests {
    @Suite(.serialized) struct Usage {
        private let folder: Folder

        init() throws { folder = try Folder() }

        @Test(arguments: [["--help"], ["--version"], ["device", "--help"], ["help", "verify"], []])
        func askingIsNoError(arguments: [String]) throws {
            let outcome = try folder.steelyard(arguments)
            #expect(outcome.status == 0)
            #expect(outcome.errors.isEmpty)
            #expect(!outcome.output.isEmpty)
        }

        @Test(
            arguments: [
                (["weigh"], "Unexpected argument 'weigh'; see 'steelyard --help'"),
                (
                    ["audit", "verify", "--sideways"],
                    "Unknown option '--sideways'; see 'steelyard audit verify --help'"
                ),
                (["verify"], "Missing expected argument '<job>'; see 'steelyard verify --help'"),
                (
                    ["simulate", "bench", "water", "--positions", "41"],
                    "--positions is 1 to 40, --speed above 0, --pace and --faulty not below 0; see 'steelyard simulate bench water --help'"
                ),
                (
                    ["simulate", "bench", "water", "--fault", "1:quiet"],
                    "--fault is UNIT:FAULT, FAULT one of silent, late=MS, wrong-crc, wrong-unit, exception=CODE, noise, sticking; not '1:quiet'"
                ),
                (
                    ["simulate", "bench", "water", "--truth", "/nowhere/truth.txt"],
                    "/nowhere/truth.txt cannot be written: check the folder and its permissions"
                ),
                (
                    ["simulate", "instrument", "electricity", "--links", "/nowhere"],
                    "no link could be made at /nowhere/electricity"
                ),
                (["audit", "verify"], "there is no ledger at "),
                (["demo", "--data", "/nowhere"], "/nowhere holds no Devices and Calibration"),
            ] as [([String], String)])
        func wrongUseIsTwo(arguments: [String], text: String) throws {
            expectRefusal(try folder.steelyard(arguments), 2, text)
        }
    }
}
