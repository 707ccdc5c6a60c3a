import ArgumentParser
import Devices

/// Which instrument, where, and what of it: what every command that reads one is told.
struct InstrumentOptions: ParsableArguments {
    @OptionGroup var ledger: LedgerOptions

    @Option(help: "Profile: maker/model, model, or a YAML file.")
    var profile: String

    @Option(help: "tcp://HOST:PORT?unit=1 or serial:///dev/ttyUSB0?baud=9600&parity=even&unit=1")
    var connect: String

    @Argument(help: "Channels to read; all of the profile's where none is named.")
    var channels: [String] = []

    /// - Throws: ``DeviceError`` for a name that is no profile's, `DataFileError` for a faulty file.
    func namedProfile() throws -> DeviceProfile {
        try DeviceProfile.named(profile, in: try ledger.dataRoot() + "/Devices")
    }

    /// The instrument, with what its profile leaves open settled as far as it tells.
    ///
    /// - Throws: ``DeviceError``.
    func instrument(on lines: DeviceLines = DeviceLines()) async throws -> ReadInstrument {
        try await ReadInstrument(try namedProfile(), at: try Connection(connect), on: lines, channels)
    }
}
