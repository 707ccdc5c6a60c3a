public import Metrology

extension DeviceProfile {
    /// A question the sources leave open, and how the instrument itself answers it.
    ///
    /// The deciding channels are read under every alternative; the one under which all of them lie in
    /// their ranges is right. Where none or several are, nothing is settled and nothing is guessed;
    /// only of two functions that both give a plausible value the first is taken, for it tells the same.
    public struct Probe: Sendable {
        public enum Subject: String, Hashable, Sendable, CaseIterable {
            case addressBase = "address-base"
            case address
            case wordOrder = "word-order"
            case function
            case scale
            case format
        }

        public let name: String
        public let settles: Subject
        /// The channels that hang on it; empty where all do.
        public let channels: [String]
        /// In order of preference.
        public let alternatives: [Alternative]
        /// Empty where only a person can tell.
        public let evidence: [Evidence]
        /// What a person compares where the instrument alone does not tell.
        public let byPerson: String?

        func concerns(_ channel: String) -> Bool { channels.isEmpty || channels.contains(channel) }
    }

    /// One reading of the sources: what it changes in the channels as they are listed.
    public struct Alternative: Sendable {
        public let name: String
        /// Added to every address.
        public let shift: Int
        /// Addresses of single channels.
        public let addresses: [String: Int]
        public let table: ModbusTable?
        public let order: WordOrder?
        public let format: RegisterFormat?
        /// Instead of the scale listed.
        public let scale: ExactDecimal?
        /// Multiplies the scale listed.
        public let times: ExactDecimal

        func changed(_ place: RegisterPlace, of channel: String) -> RegisterPlace {
            var place = place
            place.address = addresses[channel] ?? (place.address + shift)
            place.table = table ?? place.table
            place.order = order ?? place.order
            place.scale = (scale ?? place.scale) * times
            if let format, let width = format.width {
                place.format = format
                place.count = width
            }
            return place
        }
    }

    /// A channel and where its value lies on any instrument that is connected rightly, in its unit.
    public struct Evidence: Sendable {
        public let channel: String
        public let from, to: ExactDecimal

        func holds(_ value: ExactDecimal) -> Bool { from <= value && value <= to }
    }

    /// The profile as `alternative` of `probe` reads it; the probe itself is settled and gone.
    public func settled(_ probe: Probe, as alternative: Alternative) -> DeviceProfile {
        var profile = self
        profile.probes = probes.filter { $0.name != probe.name }
        profile.channels = channels.map { channel in
            guard probe.concerns(channel.name) else { return channel }
            var channel = channel
            channel.ways = channel.ways.map { way in
                guard case .registers(let place) = way else { return way }
                return .registers(alternative.changed(place, of: channel.name))
            }
            return channel
        }
        return profile
    }

    /// The first open probe that `channel` hangs on.
    func openProbe(of channel: Channel) -> Probe? {
        channel.registers == nil ? nil : probes.first { $0.concerns(channel.name) }
    }
}

extension DeviceProfile.Probe {
    /// Which alternative the readings speak for. Pure.
    ///
    /// - Parameter readings: for each alternative the values of the deciding channels, in their
    ///   units; nil for a channel the instrument refused or has no value for.
    /// - Throws: ``DeviceError/undecided(probe:profile:why:)`` where none or several fit.
    public func verdict(
        _ readings: [String: [String: ExactDecimal?]], profile: String
    ) throws -> DeviceProfile.Alternative {
        guard !evidence.isEmpty else {
            throw DeviceError.undecided(
                probe: name, profile: profile, why: "only a person can tell: \(byPerson ?? "compare with the display")")
        }
        let fitting = alternatives.filter { alternative in
            let values = readings[alternative.name] ?? [:]
            return evidence.allSatisfy { item in
                guard let value = values[item.channel] ?? nil else { return false }
                return item.holds(value)
            }
        }
        guard fitting.count == 1 || settles == .function, let alternative = fitting.first else {
            let said = alternatives.map { alternative in
                let values = evidence.map { item in
                    let value = readings[alternative.name]?[item.channel] ?? nil
                    return "\(item.channel) \(value.map { "\($0)" } ?? "no value")"
                }
                return "\(alternative.name) gives \(values.joined(separator: ", "))"
            }
            let why = fitting.isEmpty ? "no reading of the sources fits" : "more than one reading of the sources fits"
            throw DeviceError.undecided(
                probe: name, profile: profile, why: "\(why) (\(said.joined(separator: "; ")))")
        }
        return alternative
    }
}

extension Device {
    /// The device with what its sources leave open settled on the instrument itself, as far as it tells.
    ///
    /// - Returns: the device, and for each question that stays open why; its channels are still refused.
    /// - Throws: what ``read(_:)-([String])`` throws where the line fails.
    public func settled() async throws -> (device: Device, open: [DeviceError]) {
        var device = self
        var open: [DeviceError] = []
        for probe in profile.probes {
            var readings: [String: [String: ExactDecimal?]] = [:]
            for alternative in probe.evidence.isEmpty ? [] : probe.alternatives {
                let trial = device.with(device.profile.settled(probe, as: alternative))
                var values: [String: ExactDecimal?] = [:]
                for item in probe.evidence {
                    values[item.channel] = try await trial.value(of: item.channel)
                }
                readings[alternative.name] = values
            }
            do {
                let alternative = try probe.verdict(readings, profile: profile.name)
                device = device.with(device.profile.settled(probe, as: alternative))
            } catch let error as DeviceError {
                open.append(error)
            }
        }
        return (device, open)
    }

    /// nil where the instrument refuses the register, or what stands there is no value.
    ///
    /// Another question about the same channel does not stand in the way of this one: the first
    /// settles what the next one builds on, and every trial reads as its profile then says.
    private func value(of channel: String) async throws -> ExactDecimal? {
        do {
            return try await with(profile.withoutProbes).read(channel).value.number
        } catch DeviceError.exception, DeviceError.notAvailable, DeviceError.notANumber {
            return nil
        }
    }
}

extension DeviceProfile {
    fileprivate var withoutProbes: DeviceProfile {
        var profile = self
        profile.probes = []
        return profile
    }
}
