/// What may be spoken on a line that is scanned.
public enum ScanProtocol: String, Hashable, Sendable, CaseIterable {
    case dlt645, cjt188, mbus, scpi
    case mtSICS = "mt-sics"
    case modbus
}

/// One question of a scan. Each only reads.
public enum ScanQuestion: Hashable, Sendable {
    /// The address of the only meter (2007).
    case dlt645Address
    /// The energy of any meter: 00010000 (2007), 9010 (1997).
    case dlt645Energy(DLT645Edition)
    /// The reading of any meter of any type.
    case cjt188(CJT188Request.IdentifierOrder)
    /// The link of every meter initialised: acknowledged with one byte.
    case mbus
    /// `*IDN?`
    case scpi
    /// `I4`, the serial number.
    case mtSICS
    /// Holding register 0: who has none says so.
    case modbusRegister(unit: Int, Exchange.Framing)
    /// Function 43 with interface 14, of a unit that was silent about the register.
    case modbusIdentity(unit: Int, Exchange.Framing)

    public var spoken: ScanProtocol {
        switch self {
        case .dlt645Address, .dlt645Energy: .dlt645
        case .cjt188: .cjt188
        case .mbus: .mbus
        case .scpi: .scpi
        case .mtSICS: .mtSICS
        case .modbusRegister, .modbusIdentity: .modbus
        }
    }

    /// For the progress of a scan.
    public var words: String {
        switch self {
        case .dlt645Address: "DL/T 645-2007, any address"
        case .dlt645Energy(let edition): "DL/T 645-\(edition.rawValue), energy of any meter"
        case .cjt188: "CJ/T 188, any meter"
        case .mbus: "M-Bus, any meter"
        case .scpi: "*IDN?"
        case .mtSICS: "MT-SICS I4"
        case .modbusRegister(let unit, let framing): "Modbus \(framing.rawValue), unit \(unit)"
        case .modbusIdentity(let unit, let framing): "Modbus \(framing.rawValue), unit \(unit), identification"
        }
    }

    /// On a network, where who does not understand what came may not understand what comes after it either.
    struct Dialect: Hashable {
        let spoken: ScanProtocol
        let framing: Exchange.Framing?
    }

    var dialect: Dialect {
        switch self {
        case .modbusRegister(_, let framing), .modbusIdentity(_, let framing):
            Dialect(spoken: spoken, framing: framing)
        default: Dialect(spoken: spoken, framing: nil)
        }
    }

    /// Bytes of the question and of the longest answer waited for.
    var size: FrameSize {
        switch self {
        case .dlt645Address: FrameSize(request: 16, answer: 22)
        case .dlt645Energy(let edition): .dlt645(bytes: 4, edition1997: edition == .of1997, wakeUp: 4, lead: 4)
        case .cjt188: .cjt188(bytes: 46, wakeUp: 4, lead: 4)
        case .mbus: FrameSize(request: 5, answer: 1)
        case .scpi: FrameSize(request: 6, answer: 80)
        case .mtSICS: FrameSize(request: 4, answer: 40)
        case .modbusRegister(_, let framing):
            .reading(registers: 1, framing == .tcp ? .modbusTCP : .modbusRTU)
        case .modbusIdentity: FrameSize(request: 11, answer: 120)
        }
    }
}

/// A question at one speed and parity of the line; on a network there are none.
public struct ScanTry: Hashable, Sendable {
    public let serial: LineTiming.Serial?
    public let question: ScanQuestion

    public init(_ question: ScanQuestion, at serial: LineTiming.Serial?) {
        self.serial = serial
        self.question = question
    }

    /// Rest on a serial line before a question, in seconds: an instrument may still be busy with the one before.
    static let rest = 0.02

    /// How long it takes where nobody answers, in seconds: an answer ends it sooner, and what is found shortens the scan.
    ///
    /// - Parameter timeout: until the first byte of an answer, in ms.
    public func seconds(timeout: Int) -> Double {
        let wire = Double(question.size.request) * (serial?.character ?? 0)
        return (serial == nil ? 0 : Self.rest) + wire + Double(timeout) / 1000
    }
}
