public import Metrology

/// One instrument model: what it can say and where, from `Devices/*/*.yaml`.
public struct DeviceProfile: Sendable {
    /// `maker/model` as the file is named, without `.yaml`.
    public let name: String
    /// The file itself, kept with what is decoded by it.
    public let text: String
    public let maker: String
    public let models: [String]
    public let kind: String
    public let source: String
    public let confidence: String
    public let defaults: LineDefaults
    public let channels: [Channel]
    public let caveats: [String]

    /// How the instrument leaves the factory; an address may say otherwise.
    public struct LineDefaults: Sendable {
        public let baud: Int
        public let parity: Connection.Parity
        public let stopBits: Int
        public let unit: Int
        /// Rest between an answer and the next request, in ms.
        public let pause: Int
        /// The largest number of registers asked for in one request.
        public let registersTogether: Int
    }

    /// One value of the instrument.
    public struct Channel: Sendable {
        public let name: String
        public let quantity: String
        public let unit: MeasurementUnit
        public let function: ModbusFunction
        public let address: Int
        public let format: RegisterFormat
        public let order: WordOrder
        /// Value = raw number × scale, in `unit`.
        public let scale: ExactDecimal
        /// The step of the indication, in `unit`.
        public let resolution: ExactDecimal?
        /// nil for a channel that is only read.
        public let write: ModbusFunction?
        /// For a counter, the value at which it starts again from zero, in `unit`.
        public let rollsOverAt: ExactDecimal?

        var registers: Int { format.registers }
    }

    public func channel(_ name: String) throws -> Channel {
        guard let channel = channels.first(where: { $0.name == name }) else {
            throw DeviceError.unknownChannel(name, profile: self.name, known: channels.map(\.name))
        }
        return channel
    }
}

public enum RegisterFormat: String, Hashable, Sendable, CaseIterable {
    case uint16, int16, uint32, int32, float32

    var registers: Int {
        switch self {
        case .uint16, .int16: 1
        case .uint32, .int32, .float32: 2
        }
    }
}

/// In which order the bytes of a 32-bit value stand, A being the most significant.
public enum WordOrder: String, Hashable, Sendable, CaseIterable {
    case abcd = "ABCD"
    case cdab = "CDAB"
    case badc = "BADC"
    case dcba = "DCBA"
}
