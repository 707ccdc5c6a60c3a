public import Metrology

/// The value an instrument sent (VIM 4.1), with the bytes it was decoded from.
public struct Indication: Hashable, Sendable {
    public let channel: String
    public let value: Quantity
    public let exchange: Exchange

    public init(channel: String, value: Quantity, exchange: Exchange) {
        self.channel = channel
        self.value = value
        self.exchange = exchange
    }
}

extension DeviceProfile.Channel {
    /// Decodes this channel from `exchange`: a pure function of profile and bytes, used when the
    /// reading is taken and when it is recomputed years later.
    ///
    /// - Throws: ``DeviceError`` where the answer is an exception, is not whole, does not hold this
    ///   channel, or is not a number.
    public func decode(_ exchange: Exchange) throws -> Indication {
        let unit = exchange.unit
        let answer: ModbusAnswer
        do {
            answer = try ModbusFrame.answer(of: exchange)
        } catch {
            throw exchange.error(for: error)
        }
        switch answer {
        case .exception(let code):
            throw DeviceError.exception(
                code: code, unit: unit, line: exchange.line, register: exchange.register)
        case .written:
            throw DeviceError.corrupted(
                unit: unit, line: exchange.line, why: "a write was answered, not a reading")
        case .registers(let start, let values):
            let first = address - start
            guard first >= 0, first + registers <= values.count else {
                throw DeviceError.corrupted(
                    unit: unit, line: exchange.line, why: "register \(address) is not in the answer")
            }
            guard let raw = format.number(Array(values[first..<(first + registers)]), order) else {
                throw DeviceError.corrupted(
                    unit: unit, line: exchange.line, why: "'\(name)' is not a number")
            }
            return Indication(
                channel: name, value: Quantity(raw * scale, self.unit), exchange: exchange)
        }
    }
}

extension Exchange {
    /// The unit asked, 0 where the request is too short to name one.
    public var unit: Int {
        let index = framing == .rtu ? 0 : 6
        return request.indices.contains(index) ? Int(request[index]) : 0
    }

    /// What an answer that does not fit the request means to whoever asked.
    func error(for fault: ModbusFrameFault) -> DeviceError {
        switch fault {
        case .otherUnit(let asked, let answered):
            .otherUnit(asked: Int(asked), answered: Int(answered), line: line)
        default: .corrupted(unit: unit, line: line, why: fault.words)
        }
    }

    var register: Int {
        let index = framing == .rtu ? 2 : 8
        return request.count > index + 1 ? Int(request[index]) << 8 | Int(request[index + 1]) : 0
    }
}

extension ModbusFrameFault {
    var words: String {
        switch self {
        case .tooShort(let bytes): "only \(bytes) bytes came"
        case .checksum: "the checksum (CRC) is wrong"
        case .otherUnit(let asked, let answered): "unit \(answered) answered for unit \(asked)"
        case .otherFunction(let asked, let answered): "function \(answered) answered function \(asked)"
        case .otherTransaction: "it belongs to another request"
        case .wrongLength(let expected, let found): "\(found) bytes came where \(expected) were due"
        case .echo: "the write was not echoed"
        }
    }
}

extension RegisterFormat {
    /// The raw number, exactly; nil for a float that is not finite.
    func number(_ registers: [UInt16], _ order: WordOrder) -> ExactDecimal? {
        guard registers.count == self.registers else { return nil }
        if registers.count == 1 {
            // A single register has bytes to swap, but no words.
            let word = order == .badc || order == .dcba ? registers[0].byteSwapped : registers[0]
            return ExactDecimal(self == .int16 ? Int(Int16(bitPattern: word)) : Int(word))
        }
        let (a, b) = (registers[0], registers[1])
        let (high, low) =
            switch order {
            case .abcd: (a, b)
            case .cdab: (b, a)
            case .badc: (a.byteSwapped, b.byteSwapped)
            case .dcba: (b.byteSwapped, a.byteSwapped)
            }
        let bits = UInt32(high) << 16 | UInt32(low)
        switch self {
        case .int32: return ExactDecimal(Int(Int32(bitPattern: bits)))
        case .float32:
            let value = Float(bitPattern: bits)
            return value.isFinite ? ExactDecimal(shortest: value) : nil
        case .uint16, .int16, .uint32: return ExactDecimal(Int(bits))
        }
    }

    /// The registers that hold `raw`, in `order`; nil where it does not fit.
    func registers(for raw: ExactDecimal, _ order: WordOrder) -> [UInt16]? {
        let whole = raw.rounded(toPlaces: 0)
        if self != .float32, whole != raw { return nil }
        let bits: UInt32
        switch self {
        case .uint16:
            guard let value = UInt16(exactly: whole.coefficient) else { return nil }
            return [order == .badc || order == .dcba ? value.byteSwapped : value]
        case .int16:
            guard let value = Int16(exactly: whole.coefficient) else { return nil }
            let word = UInt16(bitPattern: value)
            return [order == .badc || order == .dcba ? word.byteSwapped : word]
        case .uint32:
            guard let value = UInt32(exactly: whole.coefficient) else { return nil }
            bits = value
        case .int32:
            guard let value = Int32(exactly: whole.coefficient) else { return nil }
            bits = UInt32(bitPattern: value)
        case .float32:
            let value = Float(raw.double)
            guard value.isFinite else { return nil }
            bits = value.bitPattern
        }
        let (high, low) = (UInt16(bits >> 16), UInt16(truncatingIfNeeded: bits))
        return switch order {
        case .abcd: [high, low]
        case .cdab: [low, high]
        case .badc: [high.byteSwapped, low.byteSwapped]
        case .dcba: [low.byteSwapped, high.byteSwapped]
        }
    }
}
