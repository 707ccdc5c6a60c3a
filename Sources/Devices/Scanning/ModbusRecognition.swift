import Metrology

/// Which profiles fit what stands in the registers of an instrument: by a register that tells its kind where a profile
/// names one, by plausibility where a profile has a probe for it. Each register is read once.
actor ModbusRecognition {
    private let asker: ScanAsker
    private let unit: Int
    private let framing: Exchange.Framing
    private var known: [[UInt8]: Exchange?] = [:]

    init(_ asker: ScanAsker, unit: Int, _ framing: Exchange.Framing) {
        self.asker = asker
        self.unit = unit
        self.framing = framing
    }

    /// The profiles that state a register by which they are known, and of which it says what they state.
    func recognised(among profiles: [DeviceProfile]) async throws -> [ScanCandidate] {
        var found: [ScanCandidate] = []
        for profile in profiles where profile.speaksModbus && profile.confidence != .demonstration {
            let items = profile.recognition.filter { $0.values != nil }
            guard !items.isEmpty, items.count == profile.recognition.count else { continue }
            var why: [String] = []
            for item in items {
                guard let channel = try? profile.channel(item.channel), let value = try await value(of: channel),
                    item.fits(value)
                else { break }
                why.append("\(item.channel) is \(value)")
            }
            guard why.count == items.count else { continue }
            found.append(
                ScanCandidate(profile: profile.name, certainty: .identified, why: why.joined(separator: ", ")))
        }
        return found
    }

    /// The profiles all of whose decidable probes are decided, with a value in the range of each.
    func plausible(among profiles: [DeviceProfile]) async throws -> [ScanCandidate] {
        var found: [ScanCandidate] = []
        for profile in profiles
        where profile.speaksModbus && profile.confidence != .demonstration && profile.recognition.isEmpty {
            let probes = profile.probes.filter { !$0.evidence.isEmpty }
            // A range with zero in it is met by registers that hold nothing, and decides nothing about the instrument.
            guard probes.contains(where: { $0.evidence.contains { $0.from > ExactDecimal(0) } }) else { continue }
            var (settled, why): (DeviceProfile, [String]) = (profile, [])
            for probe in probes {
                guard let (next, words) = try await decided(probe, of: settled) else { break }
                settled = next
                why.append(words)
            }
            guard why.count == probes.count else { continue }
            found.append(
                ScanCandidate(profile: profile.name, certainty: .plausible, why: why.joined(separator: "; ")))
        }
        return found
    }

    private func decided(
        _ probe: DeviceProfile.Probe, of profile: DeviceProfile
    ) async throws -> (DeviceProfile, String)? {
        var readings: [String: [String: ExactDecimal?]] = [:]
        for alternative in probe.alternatives {
            let trial = profile.settled(probe, as: alternative)
            var values: [String: ExactDecimal?] = [:]
            for item in probe.evidence {
                guard let channel = try? trial.channel(item.channel) else { continue }
                values[item.channel] = try await number(of: channel)
            }
            readings[alternative.name] = values
        }
        guard let alternative = try? probe.verdict(readings, profile: profile.name) else { return nil }
        let words = probe.evidence.map { item in
            let value = readings[alternative.name]?[item.channel] ?? nil
            return "\(item.channel) would be \(value.map { "\($0)" } ?? "none")"
        }
        return (profile.settled(probe, as: alternative), words.joined(separator: ", "))
    }

    /// A text, or a number as it is printed; nil where the register is refused, silent or holds no value.
    private func value(of channel: DeviceProfile.Channel) async throws -> String? {
        guard let exchange = try await exchange(of: channel) else { return nil }
        return channel.content == .text
            ? try? channel.decodeText(exchange) : (try? channel.decode(exchange)).map { "\($0.value.number)" }
    }

    private func number(of channel: DeviceProfile.Channel) async throws -> ExactDecimal? {
        guard let exchange = try await exchange(of: channel) else { return nil }
        return (try? channel.decode(exchange))?.value.number
    }

    private func exchange(of channel: DeviceProfile.Channel) async throws -> Exchange? {
        guard let place = channel.registers else { return nil }
        let request = RegisterBlock(span: place.span, channels: [channel]).request
        if let exchange = known[request] { return exchange }
        try Task.checkCancellation()
        var exchange: Exchange?
        if case .answer(let found, _) = try await asker.modbus(
            unit: unit, pdu: request, framing, bytes: FrameSize.reading(registers: place.count, .modbusRTU).answer),
            found.unit == unit
        {
            exchange = found.exchange
        }
        known[request] = exchange
        return exchange
    }
}
