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
    /// Every way the instrument can be spoken to, the usual one first.
    public let protocols: [DeviceProtocol]
    /// Where the facts were read, joined.
    public var source: String { sources.joined(separator: "; ") }
    public let sources: [String]
    public let confidence: Confidence
    /// What agrees between which sources, for a cross-checked profile.
    public let agreement: String?
    /// Who saw it work on which instrument; empty where nobody has yet.
    public let confirmedOnHardware: [String]
    /// How one tells that this is the instrument on the line, in words.
    public let identification: [String]
    /// The same for a program: all of these must hold. An M-Bus instrument is known by its header instead.
    public let recognition: [Recognition]
    /// The line settings of the protocol that is read: those of Modbus where it speaks it, else of its usual one.
    public let defaults: LineDefaults
    /// The line settings of each of its protocols.
    public let lines: [DeviceProtocol.Block: LineDefaults]
    public let settings: ProtocolSettings
    public internal(set) var channels: [Channel]
    /// Commands that change something, of instruments spoken to in text.
    public let actions: [Action]
    /// Where the sources contradict each other.
    public let conflicts: [String]
    /// How the instrument itself settles what the sources leave open.
    public internal(set) var probes: [Probe]
    public let caveats: [String]

    /// How far the facts can be trusted.
    public enum Confidence: String, Hashable, Sendable, CaseIterable, CustomStringConvertible {
        /// An instrument that exists only here.
        case demonstration
        /// One source.
        case found
        /// At least one complete group of channels agrees in two sources written independently.
        case crossChecked = "cross-checked"

        public var description: String { rawValue }
    }

    /// How the instrument leaves the factory, 9600 baud, 8 data bits, no parity, 1 stop bit where no source says;
    /// an address may say otherwise.
    public struct LineDefaults: Sendable {
        public let baud: Int
        public let parity: Connection.Parity
        public let stopBits: Int
        public let dataBits: Int
        public let unit: Int
        /// The TCP port, where the instrument has one.
        public let port: Int?
        /// Rest between an answer and the next request, in ms.
        public let pause: Int
        /// How long an answer may take, in ms; nil where no source says.
        public let timeout: Int?
        /// The largest number of registers asked for in one request.
        public let registersTogether: Int
        /// Requests that may be under way at the same time over Modbus TCP.
        public let openTransactions: Int
        /// Whether registers nobody offers may be read along with their neighbours.
        public let readsOverHoles: Bool
        /// Registers the instrument answers with an exception.
        public let refused: [ClosedRange<Int>]
    }

    /// One value of the instrument.
    public struct Channel: Sendable {
        public let name: String
        public let quantity: String
        public let unit: MeasurementUnit
        public let content: Content
        /// Where it stands, in each protocol that offers it.
        public internal(set) var ways: [Way]
        /// The step of the indication, in `unit`.
        public let resolution: ExactDecimal?
        /// The accuracy class its maker states.
        public let accuracyClass: String?
        /// For a counter, the value at which it starts again from zero, in `unit`.
        public let rollsOverAt: ExactDecimal?
        /// The channel that tells the same registers in another way, where two share them on purpose.
        public let sharesRegistersWith: String?
        public let note: String?

        /// What the value is once decoded.
        public enum Content: String, Hashable, Sendable, CaseIterable {
            case number, text, flag
        }

        /// Value = raw number × scale + offset, in `unit`; 1 where the protocol tells the value itself.
        public var scale: ExactDecimal { registers?.scale ?? ways.first?.scale ?? ExactDecimal(1) }

        /// Its place among the Modbus registers; nil where it has none.
        public var registers: RegisterPlace? {
            for case .registers(let place) in ways { return place }
            return nil
        }
    }

    /// A channel whose value tells which instrument it is.
    public struct Recognition: Hashable, Sendable {
        public let channel: String
        /// What it may say; nil where an answer of its pattern is enough.
        public let values: [String]?

        /// Whether `value`, a text or a number as it is printed, is one of them.
        public func fits(_ value: String) -> Bool {
            guard let values else { return true }
            let number = ExactDecimal(value)
            return values.contains { $0 == value || (number != nil && ExactDecimal($0) == number) }
        }
    }

    /// A command of an instrument spoken to in text that changes something, like zero or tare.
    public struct Action: Hashable, Sendable {
        public let name: String
        public let send: String
        /// A pattern of the answer; nil where none is due.
        public let answer: String?
        public let note: String?
    }

    public func channel(_ name: String) throws -> Channel {
        guard let channel = channels.first(where: { $0.name == name }) else {
            throw DeviceError.unknownChannel(name, profile: self.name, known: channels.map(\.name))
        }
        return channel
    }

    /// The channel that tells one instrument of this model from another.
    public var serialNumber: Channel? { channels.first { $0.name == "serial-number" } }

    public var speaksModbus: Bool { protocols.contains { $0.block == .modbus } }

    /// The channels that one Modbus reading gives as numbers, states 0 or 1 among them: what is read where none is named.
    public var readable: [Channel] {
        channels.filter { $0.content != .text && $0.registers != nil && openProbe(of: $0) == nil }
    }
}
