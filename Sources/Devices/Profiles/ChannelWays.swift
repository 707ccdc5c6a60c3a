public import Metrology

extension DeviceProfile {
    /// Where a channel stands, in one protocol.
    public enum Way: Sendable {
        case registers(RegisterPlace)
        case identifier(Identifier)
        case field(Field)
        case record(Record)
        case line(Line)
        case code(Code)

        public var block: DeviceProtocol.Block {
            switch self {
            case .registers: .modbus
            case .identifier: .dlt645
            case .field: .cjt188
            case .record: .mbus
            case .line: .text
            case .code: .own
            }
        }

        /// Value = raw number × scale.
        public var scale: ExactDecimal {
            switch self {
            case .registers(let place): place.scale
            case .identifier(let identifier): ExactDecimal(coefficient: 1, places: identifier.decimals)
            case .field(let field): ExactDecimal(coefficient: 1, places: field.decimals)
            case .record(let record): record.scale
            case .line(let line): line.scale
            case .code(let code): code.scale
            }
        }
    }

    /// A data identifier of DL/T 645.
    public struct Identifier: Hashable, Sendable {
        /// Eight hexadecimal digits, DI3 first; four in the edition of 1997, DI1 first.
        public let code: String
        /// Bytes of data that belong to it.
        public let bytes: Int
        /// BCD digits after the decimal point.
        public let decimals: Int
        /// Whether the top bit of the most significant byte is the sign.
        public let isSigned: Bool
        /// Characters instead of digits.
        public let isText: Bool
    }

    /// A field of the data of a CJ/T 188 answer.
    public struct Field: Hashable, Sendable {
        /// The data identifier whose answer holds it, four hexadecimal digits, DI1 first.
        public let code: String
        /// Offset from the start of the data, counted from 0.
        public let offset: Int
        public let bytes: Int
        public let decimals: Int
        /// Where the byte stands that names the unit.
        public let unitOffset: Int?
    }

    /// A data record of an M-Bus telegram (EN 13757-3), told from others by what it says of itself.
    public struct Record: Hashable, Sendable {
        public enum Function: String, Hashable, Sendable, CaseIterable {
            case instantaneous, maximum, minimum, duringError = "during-error"
        }

        /// Data and value information with their extensions, hexadecimal; of a unit in plain text (VIF 7C)
        /// without its characters.
        public let dif, vif: String
        public let function: Function
        public let storage, tariff, subunit: Int
        /// Value = raw number × scale, in the channel's unit.
        public let scale: ExactDecimal
    }

    /// A question in text and the pattern of its answer.
    public struct Line: Hashable, Sendable {
        /// How the characters of the value are read.
        public enum Form: String, Hashable, Sendable, CaseIterable {
            case decimal
            case text
            case hexadecimal
            /// Eight hexadecimal digits of a single-precision number, least significant byte first.
            case float32LittleEndian = "float32-hexadecimal-little-endian"
            /// Mantissa and exponent in groups of their own:
            /// value = mantissa × 10^(exponent − exponentZero) × scale.
            case mantissaExponent = "mantissa-exponent"
        }

        /// Sent once before, in this order, to set the instrument to this quantity.
        public let prepare: [String]
        /// nil where the instrument sends unasked.
        public let ask: String?
        /// A regular expression for the answer without its end mark.
        public let answer: String
        /// The group that holds the value; a group `sign` beside it, where there is one, stands before it.
        public let take: String
        public let form: Form
        public let exponentZero: Int
        public let scale: ExactDecimal
        /// What the group `state` says of a stable reading; empty where nothing is said.
        public let stable: [String]
        /// What the group `state` says of a reading that is not stable.
        public let unstable: [String]
        /// Whether a reading is stable when it carries a unit, and only then.
        public let isStableWithUnit: Bool
        /// Characters that mean there is no value.
        public let notAvailable: [String]
        /// The question that tells the unit, where the answer itself does not, and the pattern of its
        /// answer with the group `unit`.
        public let unitQuestion, unitAnswer: String?
        /// Units by what the instrument writes for them.
        public let units: [String: MeasurementUnit]
    }

    /// What to ask for in a protocol of the maker's own.
    public struct Code: Hashable, Sendable {
        public let code: String
        public let scale: ExactDecimal
    }
}
