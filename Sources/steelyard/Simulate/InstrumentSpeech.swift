import Devices
import Simulation

/// One protocol on one kind of line, and how a simulated instrument comes to speak it.
struct InstrumentSpeech {
    let spoken: DeviceProtocol
    private let isSerial: Bool

    /// nil where this protocol is not simulated on this kind of line.
    init?(_ spoken: DeviceProtocol, at place: SimulatedLine.Place) {
        isSerial = place == .terminal
        self.spoken = spoken
        switch spoken {
        case .modbusRTU where !isSerial, .modbusTCP where isSerial, .modbusRTUOverTCP where isSerial, .own: return nil
        default: break
        }
    }

    /// - Throws: ``SimulatedProfileError`` where none of its protocols is simulated.
    init(usualOf profile: DeviceProfile, at place: SimulatedLine.Place) throws {
        let protocols = profile.protocols
        var usual = protocols.first { InstrumentSpeech($0, at: place) != nil }
        if protocols.first?.block == .modbus {
            // A serial instrument on the network stands behind a gateway.
            usual =
                if place == .terminal {
                    protocols.first { $0 == .modbusRTU || $0 == .modbusASCII } ?? .modbusRTU
                } else {
                    protocols.contains(.modbusRTUOverTCP) && !protocols.contains(.modbusTCP)
                        ? .modbusRTUOverTCP : .modbusTCP
                }
        }
        guard let speech = usual.flatMap({ InstrumentSpeech($0, at: place) }) else {
            let spoken = protocols.map(\.rawValue).joined(separator: ", ")
            throw SimulatedProfileError("\(profile.name) speaks \(spoken), which is not simulated")
        }
        self = speech
    }

    static func names(at place: SimulatedLine.Place) -> String {
        DeviceProtocol.allCases.filter { InstrumentSpeech($0, at: place) != nil }.map(\.rawValue)
            .joined(separator: ", ")
    }

    private var frames: SlaveFrames {
        switch spoken {
        case .modbusTCP: .tcp
        case .modbusASCII: .ascii
        default: .rtu
        }
    }

    var shape: AnswerShape {
        switch spoken.block {
        case .modbus: .modbus(frames)
        case .dlt645: .dlt645
        case .cjt188: .cjt188
        case .mbus: .mbus
        case .text, .own: .text
        }
    }

    /// - Parameters:
    ///   - unit: of Modbus and M-Bus; the address of the others, where they have one and `address` is nil.
    ///   - exchanges: recorded ones, whose answers lend their shape.
    /// - Throws: ``VoiceError``.
    func voice(
        of simulated: SimulatedProfile, unit: UInt8, address: String?, exchanges: [RecordedExchange],
        _ faults: InstrumentFaults
    ) throws -> any InstrumentVoice {
        guard spoken.block != .modbus else { return simulated.modbus(frames, unit: unit, faults) }
        return try simulated.profile.voice(
            VoiceSettings(
                protocol: spoken, unit: Int(unit), address: address ?? "\(unit)", exchanges: exchanges),
            values: simulated.shown(faults))
    }

    /// What an address says beside host or port, so that it is understood as it is spoken.
    func settings(of simulated: SimulatedProfile, unit: UInt8, address: String?) throws -> String {
        let digits = VoiceSettings(address: address ?? "\(unit)")
        switch spoken.block {
        case .dlt645: return "?address=\(try digits.digits(12))"
        case .cjt188: return "?address=\(try digits.digits(14))"
        case .mbus: return "?unit=\(unit)"
        case .text, .own: return ""
        case .modbus: return "?unit=\(unit)" + (isUsual(for: simulated.profile) ? "" : "&framing=\(frames)")
        }
    }

    private func isUsual(for profile: DeviceProfile) -> Bool {
        switch frames {
        case .rtu: isSerial && (profile.protocols.contains(.modbusRTU) || !profile.protocols.contains(.modbusASCII))
        case .tcp: profile.protocols.contains(.modbusTCP) || !profile.protocols.contains(.modbusRTUOverTCP)
        case .ascii: false
        }
    }
}
