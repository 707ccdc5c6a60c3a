import DataFiles
import Metrology

extension DeviceProfile.Channel {
    init(_ entry: DataMapping, name: String, blocks: ProfileBlocks) throws {
        self.name = name
        let quantity = try entry.required("quantity")
        self.quantity = try quantity.text()
        let unitNode = try entry.required("unit")
        let unit = try unitNode.unit()
        self.unit = unit
        guard QuantityVocabulary.takes(unit, for: self.quantity) else {
            let usual = QuantityVocabulary.units[self.quantity] ?? ""
            throw unitNode.error("\(unit) is no unit of \(self.quantity), which is stated like \(usual)")
        }
        resolution = try entry.optional("resolution")?.decimal(in: unit)
        accuracyClass = try entry.optional("accuracy_class")?.text()
        note = try entry.optional("note")?.text()
        sharesRegistersWith = try entry.optional("shares_registers_with")?.text()
        rollsOverAt = try entry.optional("counter")?.mapping { counter in
            try counter.required("rolls_over_at").decimal(in: unit)
        }

        var ways: [DeviceProfile.Way] = []
        if let place = try DeviceProfile.RegisterPlace(entry, blocks) { ways.append(.registers(place)) }
        if let node = entry.optional("dlt645") { ways.append(.identifier(try node.mapping { try .init($0) })) }
        if let node = entry.optional("cjt188") {
            ways.append(.field(try node.mapping { try .init($0, code: blocks.settings.cjt188?.identifier ?? "") }))
        }
        if let node = entry.optional("mbus") { ways.append(.record(try node.mapping { try .init($0) })) }
        if let node = entry.optional("text") {
            ways.append(.line(try node.mapping { try .init($0, notAvailable: blocks.notAvailable) }))
        }
        if let node = entry.optional("own") { ways.append(.code(try node.mapping { try .init($0) })) }
        self.ways = ways
        content = ways.first?.content ?? .number
    }
}

extension DeviceProfile.Way {
    fileprivate var content: DeviceProfile.Channel.Content {
        switch self {
        case .registers(let place):
            switch place.format {
            case .ascii: .text
            case .bool: .flag
            default: .number
            }
        case .identifier(let identifier): identifier.isText ? .text : .number
        case .line(let line): line.form == .text ? .text : .number
        case .field, .record, .code: .number
        }
    }
}

extension DeviceProfile.RegisterPlace {
    /// nil where the channel has no key of a register.
    fileprivate init?(_ entry: DataMapping, _ blocks: ProfileBlocks) throws {
        let at = entry.optional("at")
        let format = entry.optional("as")
        let words = entry.optional("words")
        let function = entry.optional("function")
        let order = entry.optional("order")
        let scale = entry.optional("scale")
        let offset = entry.optional("offset")
        let bits = entry.optional("bits")
        let notAvailable = entry.optional("not_available")
        let write = entry.optional("write")
        // A channel of a profile that only speaks Modbus always stands in a register.
        guard at != nil || blocks.present == [.modbus] else {
            if let stray = [format, words, function, order, scale, offset, bits, notAvailable, write]
                .compactMap({ $0 }).first
            {
                throw stray.error("this belongs to a register, and the channel has no 'at'")
            }
            return nil
        }
        let address = try entry.required("at")
        self.address = try address.integer()
        self.format = try entry.required("as").oneOf(RegisterFormat.self)
        if let width = self.format.width {
            if let words {
                throw words.error("\(self.format.rawValue) always takes \(width) registers: leave 'words' out")
            }
            count = width
        } else {
            count = try entry.required("words").integer(in: 1...(self.format == .ascii ? 64 : 8))
        }
        guard (0...(65_536 - count)).contains(self.address) else {
            throw address.error("a register address lies between 0 and 0xFFFF")
        }
        guard let table = try function?.readFunction() ?? blocks.function else {
            throw address.error("the profile has no part 'modbus' that names the function")
        }
        self.table = table
        guard (table == .coil || table == .discrete) == (self.format == .bool) else {
            throw address.error("bool stands in a table of bits (coil, discrete), and nothing else does")
        }
        self.order = try order?.oneOf(WordOrder.self) ?? blocks.order
        self.scale = try scale?.decimal() ?? ExactDecimal(1)
        self.offset = try offset?.decimal() ?? ExactDecimal(0)
        self.bits = try bits?.bits()
        if let bits, self.format != .uint16 { throw bits.error("bits are taken from a uint16") }
        let count = count
        self.notAvailable = try notAvailable?.list().map { try $0.registers(count) } ?? []
        self.write = try write?.writeFunction()
    }
}

extension DeviceProfile.Identifier {
    fileprivate init(_ entry: DataMapping) throws {
        code = try entry.required("identifier").hexadecimal(digits: 4...8)
        bytes = try entry.required("bytes").integer(in: 1...64)
        isText = try entry.optional("as")?.oneOf(DeviceProfile.Channel.Content.self) == .text
        decimals = try entry.optional("decimals")?.integer(in: 0...8) ?? 0
        isSigned = try entry.optional("signed")?.boolean() ?? false
    }
}

extension DeviceProfile.Field {
    fileprivate init(_ entry: DataMapping, code: String) throws {
        self.code = code
        offset = try entry.required("offset").integer(in: 0...255)
        bytes = try entry.required("bytes").integer(in: 1...16)
        decimals = try entry.optional("decimals")?.integer(in: 0...8) ?? 0
        unitOffset = try entry.optional("unit_offset")?.integer(in: 0...255)
    }
}

extension DeviceProfile.Record {
    fileprivate init(_ entry: DataMapping) throws {
        // Up to ten extensions each (EN 13757-3, 6.3).
        dif = try entry.required("dif").hexadecimal(digits: 2...22)
        vif = try entry.required("vif").hexadecimal(digits: 2...22)
        function = try entry.optional("function")?.oneOf(Function.self) ?? .instantaneous
        storage = try entry.optional("storage")?.integer(in: 0...0xFFFF) ?? 0
        tariff = try entry.optional("tariff")?.integer(in: 0...0xFFFF) ?? 0
        subunit = try entry.optional("subunit")?.integer(in: 0...0xFF) ?? 0
        scale = try entry.optional("scale")?.decimal() ?? ExactDecimal(1)
    }
}

extension DeviceProfile.Line {
    fileprivate init(_ entry: DataMapping, notAvailable: [String]) throws {
        prepare = try entry.optional("prepare")?.texts() ?? []
        ask = try entry.optional("ask")?.text()
        let answer = try entry.required("answer")
        self.answer = try answer.pattern()
        take = try entry.optional("take")?.text() ?? "value"
        form = try entry.optional("form")?.oneOf(Form.self) ?? .decimal
        exponentZero = try entry.optional("exponent_zero")?.integer(in: -100...100) ?? 0
        scale = try entry.optional("scale")?.decimal() ?? ExactDecimal(1)
        stable = try entry.optional("stable")?.texts() ?? []
        unstable = try entry.optional("unstable")?.texts() ?? []
        isStableWithUnit = try entry.optional("stable_with_unit")?.boolean() ?? false
        self.notAvailable = try entry.optional("not_available")?.texts() ?? notAvailable
        unitQuestion = try entry.optional("unit_question")?.text()
        unitAnswer = try entry.optional("unit_answer")?.pattern()
        var units: [String: MeasurementUnit] = [:]
        for (key, unit) in try entry.optional("units")?.entries() ?? [] { units[try key.text()] = try unit.unit() }
        self.units = units
        let groups = form == .mantissaExponent ? ["mantissa", "exponent"] : [take]
        for group in groups + (stable.isEmpty && unstable.isEmpty ? [] : ["state"])
        where !self.answer.contains("(?<\(group)>") {
            throw answer.error("the pattern has no group (?<\(group)>…)")
        }
    }
}

extension DeviceProfile.Code {
    fileprivate init(_ entry: DataMapping) throws {
        code = try entry.required("code").text()
        scale = try entry.optional("scale")?.decimal() ?? ExactDecimal(1)
    }
}
