import Devices
import Metrology
import Simulation

extension DeviceProfile {
    func textInstrument(
        _ settings: VoiceSettings, _ values: @escaping ShownValues
    ) throws(VoiceError) -> TextVoice {
        guard let block = self.settings.text else {
            throw .badDescription(profile: name, what: "its part 'text'")
        }
        var lines: [TextVoiceLine] = []
        for channel in channels {
            for case .line(let line) in channel.ways {
                lines.append(Self.line(line, of: channel, settings.exchanges))
            }
        }
        guard
            let voice = TextVoice(
                Self.flavour(block.flavour), endOfCommand: block.endOfCommand, endOfAnswer: block.endOfAnswer,
                lines: lines, actions: actions.map { TextVoiceAction(send: $0.send, answer: $0.answer) },
                shown: settings.shown, values: values)
        else { throw .badDescription(profile: name, what: "the pattern of an answer") }
        return voice
    }

    private static func flavour(_ flavour: TextFlavour) -> TextVoice.Flavour {
        switch flavour {
        case .scpi: .scpi
        case .mtSICS: .mtSICS
        case .sbi, .adam, .plain: .plain
        }
    }

    private static func line(
        _ line: Line, of channel: Channel, _ exchanges: [RecordedExchange]
    ) -> TextVoiceLine {
        let state: TextVoiceLine.StateWords =
            if line.isStableWithUnit {
                .unit
            } else if line.stable.isEmpty && line.unstable.isEmpty {
                .none
            } else {
                .words(stable: line.stable, unstable: line.unstable)
            }
        let form: TextVoiceLine.Form =
            switch line.form {
            case .decimal: .decimal
            case .text: .text
            case .hexadecimal: .hexadecimal
            case .float32LittleEndian: .float32
            case .mantissaExponent: .mantissaExponent(zero: line.exponentZero)
            }
        let samples = exchanges.compactMap { exchange -> String? in
            guard case .text(let ask, let reply) = exchange.content, exchange.refused == nil, ask == line.ask ?? ""
            else {
                return nil
            }
            return reply
        }
        let units = line.units.filter { $0.value == channel.unit }.keys.sorted()
        return TextVoiceLine(
            channel: channel.name, prepare: line.prepare, ask: line.ask, answer: line.answer, take: line.take,
            form: form, scale: line.scale, state: state, unit: units.first, unitQuestion: line.unitQuestion,
            unitAnswer: line.unitAnswer, samples: samples)
    }
}
