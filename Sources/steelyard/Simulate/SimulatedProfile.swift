import Devices
import Metrology
import Simulation

/// A profile with the values its simulated instrument has.
struct SimulatedProfile {
    /// With every question its sources leave open answered in one way.
    let profile: DeviceProfile
    private(set) var values: [String: SimulatedValue] = [:]
    private(set) var texts: [String: String] = [:]

    /// - Parameters:
    ///   - settled: alternatives by the name of their probe; the first of each where none is named.
    ///   - overrides: values by channel, numbers in the channel's unit.
    /// - Throws: ``SimulatedProfileError``, or `DeviceError`, for a name or a number that means nothing.
    init(_ named: DeviceProfile, settled: [String: String] = [:], overrides: [String: String] = [:]) throws {
        var profile = named
        if let stranger = settled.keys.sorted().first(where: { name in !named.probes.contains { $0.name == name } }) {
            let known = named.probes.map(\.name).joined(separator: ", ")
            throw SimulatedProfileError(
                "\(named.name) leaves no '\(stranger)' open: \(known.isEmpty ? "it leaves nothing open" : "it leaves \(known)")"
            )
        }
        var evidence: [DeviceProfile.Evidence] = []
        for probe in named.probes {
            let wanted = settled[probe.name]
            guard let alternative = probe.alternatives.first(where: { wanted == nil || $0.name == wanted }) else {
                let known = probe.alternatives.map(\.name).joined(separator: ", ")
                throw SimulatedProfileError("'\(wanted ?? "")' does not settle \(probe.name): it is one of \(known)")
            }
            profile = profile.settled(probe, as: alternative)
            evidence += probe.evidence
        }
        self.profile = profile
        for (position, channel) in profile.channels.enumerated() {
            if channel.content == .text { texts[channel.name] = "SIM\(position + 1)" }
            values[channel.name] = PlausibleValue.of(channel, position: position)
        }
        for item in evidence {
            let range = item.from.double...max(item.from.double, item.to.double)
            if let value = values[item.channel], !range.contains(value.number(at: 0)) {
                values[item.channel] = SimulatedValue(.constant((range.lowerBound + range.upperBound) / 2))
            }
        }
        for item in profile.recognition {
            guard let value = item.values?.first else { continue }
            texts[item.channel] = value
            if let number = ExactDecimal(value) { values[item.channel] = SimulatedValue(.constant(number.double)) }
        }
        for (name, text) in overrides.sorted(by: { $0.key < $1.key }) { try set(name, text) }
    }

    private mutating func set(_ name: String, _ text: String) throws {
        // Says so where there is no such channel.
        let channel = try profile.channel(name)
        if channel.content == .text {
            texts[name] = text
            return
        }
        guard let number = ExactDecimal(text) else {
            throw SimulatedProfileError("the value of \(name) is a number in \(channel.unit), not '\(text)'")
        }
        if let place = channel.registers, let range = place.layout?.rawRange,
            !range.contains(((number.double - place.offset.double) / place.scale.double).rounded())
        {
            throw SimulatedProfileError("\(text) \(channel.unit) does not fit the registers of \(name)")
        }
        values[name] = SimulatedValue(.constant(number.double))
    }

    /// What each channel shows, for instruments without registers.
    func shown(_ faults: InstrumentFaults) -> ShownValues {
        { [profile, values, texts] name, time in
            let disturbance = faults.disturbance(at: time)
            if let text = texts[name], profile.channels.first(where: { $0.name == name })?.content == .text {
                return ShownValue(.characters(text), isStable: !disturbance.isUnstable)
            }
            // What a display shows has no more digits than it could measure.
            guard let value = values[name]?.number(at: time, disturbance),
                let number = ExactDecimal(shortest: Float(value))
            else { return nil }
            return ShownValue(.number(number), isStable: !disturbance.isUnstable)
        }
    }

    /// A Modbus instrument at `unit`.
    func modbus(_ frames: SlaveFrames, unit: UInt8, _ faults: InstrumentFaults) -> ModbusVoice {
        let channels = profile.channels.compactMap { channel -> SimulatedChannel? in
            guard let place = channel.registers, let layout = place.layout else { return nil }
            let content: SimulatedChannel.Content =
                channel.content == .text
                ? .text(texts[channel.name] ?? "")
                : .number(values[channel.name] ?? SimulatedValue(.constant(0)))
            return SimulatedChannel(channel.name, at: layout, content, isWritable: place.write != nil)
        }
        return ModbusVoice(
            ModbusSlave(
                unit: unit,
                bank: RegisterImage(channels, readsOverHoles: profile.defaults.readsOverHoles, faults: faults),
                identification: [0: profile.maker, 1: profile.models.first ?? profile.name, 2: "simulated"]), frames)
    }
}

/// Why a profile cannot be simulated as it was asked for.
struct SimulatedProfileError: Error, Hashable, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
