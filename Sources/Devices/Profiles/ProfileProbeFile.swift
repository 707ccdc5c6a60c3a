import DataFiles
import Metrology

extension DeviceProfile.Probe {
    init(_ entry: DataMapping, name: String, channels: [DeviceProfile.Channel]) throws {
        self.name = name
        func named(_ node: DataNode) throws -> DeviceProfile.Channel {
            let text = try node.text()
            guard let channel = channels.first(where: { $0.name == text }), channel.registers != nil else {
                throw node.error("there is no channel '\(text)' among the registers of this profile")
            }
            return channel
        }
        settles = try entry.required("settles").oneOf(Subject.self)
        self.channels = try entry.optional("channels")?.list().map { try named($0).name } ?? []
        let alternatives = try entry.required("alternatives")
        self.alternatives = try alternatives.entries().map { key, value in
            let alternativeName = try key.text()
            return try value.mapping { alternative in
                let addresses = try alternative.optional("at")?.entries().map { key, value in
                    (try named(key).name, try value.integer(in: 0...0xFFFF))
                }
                return DeviceProfile.Alternative(
                    name: alternativeName,
                    shift: try alternative.optional("shift")?.integer(in: -100...100) ?? 0,
                    addresses: Dictionary(addresses ?? []) { first, _ in first },
                    table: try alternative.optional("function")?.readFunction(),
                    order: try alternative.optional("order")?.oneOf(WordOrder.self),
                    format: try alternative.optional("as")?.oneOf(RegisterFormat.self),
                    scale: try alternative.optional("scale")?.decimal(),
                    times: try alternative.optional("times")?.decimal() ?? ExactDecimal(1))
            }
        }
        guard self.alternatives.count >= 2 else {
            throw alternatives.error("a probe decides between at least two alternatives")
        }
        byPerson = try entry.optional("by_person")?.text()
        let decidedBy = byPerson == nil ? try entry.required("decided_by") : entry.optional("decided_by")
        evidence =
            try decidedBy?.entries().map { key, value in
                let channel = try named(key)
                return try value.mapping { item in
                    let within = try item.required("within")
                    let ends = try within.list().map { try $0.decimal(in: channel.unit) }
                    guard ends.count == 2, ends[0] <= ends[1] else {
                        throw within.error("'within' is two quantities, the smaller one first")
                    }
                    return DeviceProfile.Evidence(channel: channel.name, from: ends[0], to: ends[1])
                }
            } ?? []
        let concerned = self.channels
        if let stray = evidence.first(where: { !concerned.isEmpty && !concerned.contains($0.channel) }) {
            throw alternatives.error(
                "'\(stray.channel)' decides but does not hang on the question: list it in 'channels'")
        }
    }
}
