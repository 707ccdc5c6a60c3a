import Devices
import Metrology
import Simulation

extension DeviceProfile {
    /// A simulated instrument of this profile in one of its protocols that are not Modbus, with `values` in the units of
    /// its channels.
    ///
    /// - Throws: ``VoiceError``.
    func voice(_ settings: VoiceSettings, values: @escaping ShownValues) throws(VoiceError) -> any InstrumentVoice {
        let spoken: [DeviceProtocol.Block] = [.text, .mbus, .dlt645, .cjt188]
        let wanted = protocols.first {
            spoken.contains($0.block) && (settings.protocol == nil || settings.protocol == $0)
        }
        switch wanted?.block {
        case .dlt645: return try electricityMeter(wanted == .dlt645Of1997 ? .of1997 : .of2007, settings, values)
        case .cjt188: return try supplyMeter(settings, values)
        case .mbus: return try busMeter(settings, values)
        case .text: return try textInstrument(settings, values)
        default:
            throw .notSpoken(profile: name, protocols: protocols.map(\.rawValue).joined(separator: ", "))
        }
    }

    private func ways<Place>(_ place: (Way) -> Place?) -> [(channel: Channel, place: Place)] {
        channels.compactMap { channel in channel.ways.lazy.compactMap(place).first.map { (channel, $0) } }
    }

    private func electricityMeter(
        _ edition: DLT645Voice.Edition, _ settings: VoiceSettings, _ values: @escaping ShownValues
    ) throws(VoiceError) -> DLT645Voice {
        let items = ways { if case .identifier(let identifier) = $0 { identifier } else { nil } }.compactMap {
            channel, place in
            UInt32(place.code, radix: 16).map {
                DLT645Voice.Item(
                    channel.name, identifier: $0, bytes: place.bytes,
                    form: place.isText ? .text : .number(decimals: place.decimals, isSigned: place.isSigned))
            }
        }
        guard
            let voice = DLT645Voice(
                edition, address: try settings.digits(12), items: items, wakeUp: settings.wakeUp, values: values)
        else { throw .badDescription(profile: name, what: "its address") }
        return voice
    }

    private func supplyMeter(
        _ settings: VoiceSettings, _ values: @escaping ShownValues
    ) throws(VoiceError) -> CJT188Voice {
        guard let block = self.settings.cjt188, let type = block.meterTypes.first,
            let identifier = UInt16(block.identifier, radix: 16)
        else { throw .badDescription(profile: name, what: "its part 'cjt188'") }
        var fields: [CJT188Voice.Field] = []
        for (channel, place) in ways({ if case .field(let field) = $0 { field } else { nil } }) {
            var unit: CJT188Voice.Field.Unit?
            if let offset = place.unitOffset {
                let codes = block.units.filter { $0.value == channel.unit }.keys
                guard let code = codes.min() else { throw .unknownUnit(channel: channel.name, profile: name) }
                unit = .init(offset: offset, code: code)
            }
            fields.append(
                .init(channel.name, offset: place.offset, bytes: place.bytes, decimals: place.decimals, unit: unit))
        }
        guard
            let voice = CJT188Voice(
                type: type, address: try settings.digits(14), identifier: identifier, fields: fields,
                wakeUp: settings.wakeUp, values: values)
        else { throw .badDescription(profile: name, what: "its address") }
        return voice
    }

    private func busMeter(
        _ settings: VoiceSettings, _ values: @escaping ShownValues
    ) throws(VoiceError) -> MBusVoice {
        let header = self.settings.mbus
        var records: [MBusVoiceRecord] = []
        for (channel, place) in ways({ if case .record(let record) = $0 { record } else { nil } }) {
            guard let dif = Self.bytes(place.dif), let vif = Self.bytes(place.vif) else {
                throw .badDescription(profile: name, what: "the record of '\(channel.name)'")
            }
            let record = MBusVoiceRecord(
                channel.name, dif: dif, vif: vif, plainText: channel.unit.symbol, scale: place.scale)
            // Channels of one record share it.
            if !records.contains(where: { $0.dif == dif && $0.vif == vif }) { records.append(record) }
        }
        let identity = MBusVoice.Identity(
            identification: try settings.digits(8), manufacturer: header?.manufacturer ?? "SIM",
            version: header?.version ?? 1, medium: header?.medium ?? 0)
        guard let address = UInt8(exactly: settings.unit ?? lines[.mbus]?.unit ?? 1),
            let voice = MBusVoice(
                address: address, identity: identity, records: records, telegrams: header?.telegrams ?? 1,
                values: values)
        else { throw .badDescription(profile: name, what: "its address, its header or a record") }
        return voice
    }

    private static func bytes(_ hexadecimal: String) -> [UInt8]? {
        let digits = hexadecimal.compactMap(\.hexDigitValue)
        guard digits.count == hexadecimal.count, digits.count % 2 == 0 else { return nil }
        return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    }
}
