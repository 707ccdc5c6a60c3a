import DataFiles
import Foundation
import Metrology

extension DeviceProfile {
    /// Finds `name` (`maker/model`, a unique `model`, or the path of a YAML file) under `folder`.
    ///
    /// - Throws: ``DeviceError/unknownProfile(_:known:)``, ``DeviceError/ambiguousProfile(_:matches:)``, or `DataFileError` for a faulty file.
    public static func named(_ name: String, in folder: String) throws -> DeviceProfile {
        if name.hasSuffix(".yaml") {
            let file = (name as NSString).lastPathComponent
            return try load(name, name: String(file.dropLast(5)))
        }
        let known = all(in: folder)
        let matches = known.filter { $0 == name || $0.hasSuffix("/" + name) }
        if matches.count > 1 { throw DeviceError.ambiguousProfile(name, matches: matches) }
        guard let match = matches.first else {
            throw DeviceError.unknownProfile(name, known: known)
        }
        return try load("\(folder)/\(match).yaml", name: match)
    }

    /// The names of all profiles under `folder`, sorted.
    public static func all(in folder: String) -> [String] {
        let files = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
        return files.filter { $0.hasSuffix(".yaml") && !$0.hasSuffix(RecordedExchange.suffix) }
            .map { String($0.dropLast(5)) }.sorted()
    }

    static func load(_ path: String, name: String) throws -> DeviceProfile {
        try parse(DataNode.text(ofFile: path), name: name, file: path)
    }

    /// Reads a profile from the text of its file.
    ///
    /// - Throws: `DataFileError` at the place of the first fault.
    public static func parse(
        _ text: String, name: String, file: String? = nil
    ) throws -> DeviceProfile {
        try DataNode.parse(text, file: file ?? "\(name).yaml").mapping {
            try DeviceProfile($0, name: name, text: text)
        }
    }

    private init(_ file: DataMapping, name: String, text: String) throws {
        self.name = name
        self.text = text
        maker = try file.required("maker").text()
        models = try file.required("models").list().map { try $0.text() }
        kind = try file.required("kind").text()
        sources = try file.required("source").texts()
        confidence = try file.required("confidence").oneOf(Confidence.self)
        agreement = try file.optional("agreement")?.text()
        confirmedOnHardware = try file.optional("confirmed_on_hardware")?.texts() ?? []
        identification = try file.optional("identification")?.texts() ?? []
        conflicts = try file.optional("conflicts")?.texts() ?? []
        caveats = try file.optional("caveats")?.list().map { try $0.text() } ?? []

        let blocks = try ProfileBlocks(file)
        let protocols = try file.optional("protocols").map(blocks.protocols) ?? blocks.usualProtocols(of: file.node)
        self.protocols = protocols
        lines = blocks.lines
        settings = blocks.settings
        guard let defaults = blocks.lines[.modbus] ?? protocols.first.flatMap({ blocks.lines[$0.block] }) else {
            throw file.node.error("the file has no part that says how the instrument is spoken to")
        }
        self.defaults = defaults
        let channelsNode = try file.required("channels")
        let channels = try channelsNode.entries().map { key, value in
            let channelName = try key.text()
            guard channelName.isKebabCase else {
                throw key.error("'\(channelName)' must be small letters, digits and hyphens, like voltage-l1")
            }
            let channel = try value.mapping { try Channel($0, name: channelName, blocks: blocks) }
            try blocks.require(channel.ways, at: value)
            return channel
        }
        try channels.refuseOverlaps(at: channelsNode)
        self.channels = channels
        recognition =
            try file.optional("recognised_by")?.entries().map { key, value in
                let channelName = try key.text()
                guard let channel = channels.first(where: { $0.name == channelName }) else {
                    throw key.error("there is no channel '\(channelName)' to recognise the instrument by")
                }
                guard !value.isList else { return .init(channel: channelName, values: try value.texts()) }
                guard try value.text() == "answer", case .line = channel.ways.first else {
                    throw value.error("give a list of values, or `answer` for a channel of text")
                }
                return .init(channel: channelName, values: nil)
            } ?? []
        actions =
            try file.optional("actions")?.entries().map { key, value in
                let actionName = try key.text()
                return try value.mapping { try Action($0, name: actionName) }
            } ?? []
        probes =
            try file.optional("probes")?.entries().map { key, value in
                let probeName = try key.text()
                return try value.mapping { try Probe($0, name: probeName, channels: channels) }
            } ?? []
    }
}

extension DeviceProfile.Action {
    fileprivate init(_ entry: DataMapping, name: String) throws {
        self.name = name
        send = try entry.required("send").text()
        answer = try entry.optional("answer")?.pattern()
        note = try entry.optional("note")?.text()
    }
}

extension [DeviceProfile.Channel] {
    /// Refuses two channels that take part of the same registers and do not say so.
    ///
    /// - Throws: `DataFileError` at the later channel.
    fileprivate func refuseOverlaps(at node: DataNode) throws {
        let placed = compactMap { channel in channel.registers.map { (channel, $0) } }
            .sorted { ($0.1.table.rawValue, $0.1.address) < ($1.1.table.rawValue, $1.1.address) }
        for (index, (channel, place)) in placed.enumerated() {
            for (other, otherPlace) in placed[(index + 1)...] {
                guard otherPlace.table == place.table, otherPlace.address < place.range.upperBound else { break }
                let isMeant =
                    channel.sharesRegistersWith == other.name || other.sharesRegistersWith == channel.name
                    || (place.bits.map { bits in otherPlace.bits.map { !$0.overlaps(bits) } ?? false } ?? false)
                guard !isMeant else { continue }
                let later = try node.entries().first { try $0.key.text() == other.name }
                throw (later?.key ?? node).error(
                    "'\(other.name)' takes registers of '\(channel.name)': correct the address, or say "
                        + "`shares_registers_with: \(channel.name)` where it is meant")
            }
        }
    }
}
