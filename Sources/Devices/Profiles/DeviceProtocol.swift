/// How an instrument is spoken to.
public enum DeviceProtocol: String, Hashable, Sendable, CaseIterable {
    case modbusRTU = "modbus-rtu"
    case modbusTCP = "modbus-tcp"
    case modbusRTUOverTCP = "modbus-rtu-over-tcp"
    case modbusASCII = "modbus-ascii"
    case dlt645Of2007 = "dlt645-2007"
    case dlt645Of1997 = "dlt645-1997"
    case cjt188
    /// EN 13757-2 and -3, wired.
    case mbus
    /// Lines of characters: send one, match the answer.
    case text
    /// A protocol of the maker's own, described and not spoken yet.
    case own

    /// The part of a profile that says how.
    public enum Block: String, Hashable, Sendable, CaseIterable {
        case modbus, dlt645, cjt188, mbus, text, own
    }

    public var block: Block {
        switch self {
        case .modbusRTU, .modbusTCP, .modbusRTUOverTCP, .modbusASCII: .modbus
        case .dlt645Of2007, .dlt645Of1997: .dlt645
        case .cjt188: .cjt188
        case .mbus: .mbus
        case .text: .text
        case .own: .own
        }
    }
}

/// The dialect of an instrument spoken to in text.
public enum TextFlavour: String, Hashable, Sendable, CaseIterable {
    case scpi
    /// Mettler-Toledo standard interface command set.
    case mtSICS = "mt-sics"
    /// Sartorius balance interface.
    case sbi
    /// Advantech and ICP DAS modules: `#AA`, `$AAM`.
    case adam
    case plain
}

extension [DeviceProtocol] {
    /// For a message: `modbus-rtu, dlt645-2007`.
    var words: String { map(\.rawValue).joined(separator: ", ") }
}
