import DataFiles
import Foundation
import Metrology

extension DeviceProfile {
    /// Finds `name` (`maker/model`, a unique `model`, or the path of a YAML file) under `folder`.
    ///
    /// - Throws: ``DeviceError/unknownProfile(_:known:)``, or `DataFileError` for a faulty file.
    public static func named(_ name: String, in folder: String) throws -> DeviceProfile {
        if name.hasSuffix(".yaml") {
            let file = (name as NSString).lastPathComponent
            return try load(name, name: String(file.dropLast(5)))
        }
        let known = all(in: folder)
        let matches = known.filter { $0 == name || $0.hasSuffix("/" + name) }
        guard matches.count == 1, let match = matches.first else {
            throw DeviceError.unknownProfile(name, known: known)
        }
        return try load("\(folder)/\(match).yaml", name: match)
    }

    /// The names of all profiles under `folder`, sorted.
    public static func all(in folder: String) -> [String] {
        let files = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
        return files.filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(5)) }.sorted()
    }

    static func load(_ path: String, name: String) throws -> DeviceProfile {
        try parse(DataNode.text(ofFile: path), name: name, file: path)
    }

    /// Reads a profile from the text of its file.
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
        source = try file.required("source").text()
        confidence = try file.required("confidence").text()
        caveats = try file.optional("caveats")?.list().map { try $0.text() } ?? []
        let (defaults, function, order) = try file.required("modbus").mapping { modbus in
            (
                LineDefaults(
                    baud: try modbus.optional("baud")?.integer(of: Connection.speeds) ?? 9600,
                    parity: try modbus.optional("parity")?.oneOf(Connection.Parity.self) ?? .none,
                    stopBits: try modbus.optional("stop")?.integer(in: 1...2) ?? 1,
                    unit: try modbus.optional("unit")?.integer(in: 1...247) ?? 1,
                    pause: try modbus.optional("pause")?.milliseconds() ?? 0,
                    // One answer holds 125 registers (specification, 6.3).
                    registersTogether: try modbus.optional("together_at_most")?.integer(in: 2...125)
                        ?? 64),
                try modbus.required("function").readFunction(),
                try modbus.optional("order")?.oneOf(WordOrder.self) ?? .abcd
            )
        }
        self.defaults = defaults
        channels = try file.required("channels").entries().map { key, value in
            let channelName = try key.text()
            return try value.mapping {
                try Channel($0, name: channelName, function: function, order: order)
            }
        }
    }
}

extension DeviceProfile.Channel {
    fileprivate init(
        _ entry: DataMapping, name: String, function: ModbusFunction, order: WordOrder
    ) throws {
        self.name = name
        quantity = try entry.required("quantity").text()
        let unit = try entry.required("unit").unit()
        self.unit = unit
        self.function = try entry.optional("function")?.readFunction() ?? function
        let address = try entry.required("at")
        self.address = try address.integer()
        format = try entry.required("as").oneOf(RegisterFormat.self)
        guard (0...(65_536 - format.registers)).contains(self.address) else {
            throw address.error("a register address lies between 0 and 0xFFFF")
        }
        self.order = try entry.optional("order")?.oneOf(WordOrder.self) ?? order
        scale = try entry.optional("scale")?.decimal() ?? ExactDecimal(1)
        resolution = try entry.optional("resolution")?.decimal(in: unit)
        write = try entry.optional("write")?.writeFunction()
        rollsOverAt = try entry.optional("counter")?.mapping { counter in
            try counter.required("rolls_over_at").decimal(in: unit)
        }
    }
}

extension DataNode {
    fileprivate func unit() throws -> MeasurementUnit {
        let text = try text()
        guard let unit = MeasurementUnit(text) else { throw error("'\(text)' is not a unit known here") }
        return unit
    }

    fileprivate func decimal() throws -> ExactDecimal {
        let text = try text()
        guard let value = ExactDecimal(text) else { throw error("'\(text)' is not a decimal number") }
        return value
    }

    /// A quantity in exactly `unit`, so that the number needs no conversion.
    fileprivate func decimal(in unit: MeasurementUnit) throws -> ExactDecimal {
        let text = try text()
        guard let quantity = Quantity(text), quantity.unit == unit else {
            throw error("'\(text)' must be a number followed by the channel's unit \(unit)")
        }
        return quantity.number
    }

    fileprivate func milliseconds() throws -> Int {
        let text = try text()
        guard text.hasSuffix(" ms"), let value = Int(text.dropLast(3)), (0...60_000).contains(value) else {
            throw error("'\(text)' must be a time like 20 ms, at most 60000 ms")
        }
        return value
    }

    fileprivate func integer(in range: ClosedRange<Int>) throws -> Int {
        let value = try integer()
        guard range.contains(value) else {
            throw error("\(value) must be a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }

    fileprivate func integer(of known: [Int]) throws -> Int {
        let value = try integer()
        guard known.contains(value) else {
            throw error("\(value) must be one of \(known.map(String.init).joined(separator: ", "))")
        }
        return value
    }

    fileprivate func readFunction() throws -> ModbusFunction {
        switch try text() {
        case "holding": return .readHolding
        case "input": return .readInput
        case let other: throw error("function must be holding or input, not '\(other)'")
        }
    }

    fileprivate func writeFunction() throws -> ModbusFunction {
        switch try text() {
        case "single": return .writeSingle
        case "multiple": return .writeMultiple
        case let other: throw error("write must be single or multiple, not '\(other)'")
        }
    }
}
