import Metrology

/// Which profiles fit what an instrument says of itself, without asking it anything more. Pure.
struct ScanRecognition: Sendable {
    let profiles: [DeviceProfile]

    func candidates(_ identity: ScanIdentity) -> [ScanCandidate] {
        profiles.filter { $0.confidence != .demonstration }.compactMap { candidate(identity, $0) }
    }

    private func candidate(_ identity: ScanIdentity, _ profile: DeviceProfile) -> ScanCandidate? {
        func fits(_ certainty: ScanCandidate.Certainty, _ why: String) -> ScanCandidate {
            ScanCandidate(profile: profile.name, certainty: certainty, why: why)
        }
        switch identity {
        case .modbus(_, _, let objects):
            guard profile.speaksModbus, let vendor = objects[0] else { return nil }
            let names = [objects[1], objects[4], objects[5]].compactMap(\.self)
            guard let name = names.first(where: { profile.isOf(maker: vendor, model: $0) }) else { return nil }
            return fits(.identified, "it says it is '\(name)' of '\(vendor)'")
        case .dlt645(let edition, _):
            let spoken: DeviceProtocol = edition == .of2007 ? .dlt645Of2007 : .dlt645Of1997
            guard profile.protocols.contains(spoken) else { return nil }
            return fits(.protocol, "it answers in DL/T 645-\(edition.rawValue)")
        case .cjt188(let type, _):
            guard let settings = profile.settings.cjt188, settings.meterTypes.contains(type) else { return nil }
            return fits(.protocol, "it answers in CJ/T 188 as a meter of type \(Int(type).hexadecimal)")
        case .mbus(_, let header?):
            guard let settings = profile.settings.mbus, let maker = settings.manufacturer, settings.fits(header) else {
                return nil
            }
            var words = "its header says \(maker)"
            if let version = settings.version { words += ", version \(version)" }
            if let medium = settings.medium { words += ", \(MBusMedium.name(medium) ?? "medium \(medium)")" }
            return fits(.identified, words)
        case .mbus(_, nil): return nil
        case .text(let flavour, let answers): return candidate(flavour, answers, profile)
        }
    }

    private func candidate(
        _ flavour: TextFlavour, _ answers: [String: String], _ profile: DeviceProfile
    ) -> ScanCandidate? {
        guard let settings = profile.settings.text else { return nil }
        if let answer = answers["*IDN?"] {
            let fields = answer.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            if fields.count >= 2, profile.isOf(maker: fields[0], model: fields[1]) {
                return ScanCandidate(
                    profile: profile.name, certainty: .identified,
                    why: "it says it is '\(fields[1].scanWords)' of '\(fields[0].scanWords)'")
            }
        }
        for item in profile.recognition {
            guard let channel = try? profile.channel(item.channel) else { continue }
            for case .line(let line) in channel.ways {
                guard let asked = line.ask, item.values != nil, let answer = answers[asked],
                    case .text(let value)? = try? channel.reading(of: answer, flavour: settings.flavour).value,
                    item.fits(value)
                else { continue }
                return ScanCandidate(
                    profile: profile.name, certainty: .identified, why: "its answer to \(asked) is '\(value)'")
            }
        }
        guard flavour == .mtSICS, settings.flavour == .mtSICS else { return nil }
        return ScanCandidate(profile: profile.name, certainty: .protocol, why: "it understands the commands of MT-SICS")
    }
}

extension DeviceProfile {
    /// Whether an instrument that names itself so is of this profile: a word of its maker, and one of its models.
    func isOf(maker: String, model: String) -> Bool {
        let makers = Set(self.maker.scanTokens).subtracting(["generic", "and", "the", "of", "co", "ltd"])
        let told = maker.scanTokens
        let named = makers.contains { word in
            told.contains(word) || (word.count >= 4 && told.contains { $0.hasPrefix(word) })
        }
        // Some say `MODEL DMM6500`.
        let wanted = model.split(separator: " ").filter { $0.lowercased() != "model" }.joined().scanPlain
        guard named, !wanted.isEmpty else { return false }
        return models.contains { entry in
            if entry.scanPlain == wanted { return true }
            // A list in words: `XS, XP and others`; what has no digit in it may be any word.
            return entry.split { ", /()".contains($0) }.map { String($0).scanPlain }.contains { token in
                token.count >= 3 && token.contains(where: \.isNumber)
                    && (token == wanted || (token.count >= 4 && wanted.hasPrefix(token)))
            }
        }
    }
}

extension String {
    /// Small letters and digits only.
    fileprivate var scanPlain: String { lowercased().filter { $0.isLetter || $0.isNumber } }

    /// Words of at least two letters or digits, small.
    fileprivate var scanTokens: [String] {
        lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init).filter { $0.count >= 2 }
    }

    /// Without blanks around it.
    fileprivate var scanWords: String {
        split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}
