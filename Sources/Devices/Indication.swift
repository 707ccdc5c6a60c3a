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
    ///   channel, says that there is no value, or is not a number.
    public func decode(_ exchange: Exchange) throws -> Indication {
        switch try reading(of: exchange) {
        case .number(let number):
            return Indication(channel: name, value: Quantity(number, unit), exchange: exchange)
        case .notAvailable:
            throw DeviceError.notAvailable(channel: name, unit: exchange.unit, line: exchange.line)
        case .text, .notANumber:
            throw DeviceError.notANumber(channel: name, unit: exchange.unit, line: exchange.line)
        }
    }

    /// The characters of a channel of text, without the blanks that fill it up.
    ///
    /// - Throws: as ``decode(_:)``; a number is printed.
    public func decodeText(_ exchange: Exchange) throws -> String {
        guard case .text(let text) = try reading(of: exchange) else {
            return "\(try decode(exchange).value.number)"
        }
        return text
    }

    private func reading(of exchange: Exchange) throws -> DeviceProfile.RegisterPlace.Reading {
        try reading(of: try exchange.registers(), in: exchange)
    }

    /// As ``decode(_:)``, from the registers of an exchange that holds several channels.
    func decode(_ registers: Exchange.Registers, in exchange: Exchange) throws -> Indication {
        switch try reading(of: registers, in: exchange) {
        case .number(let number): Indication(channel: name, value: Quantity(number, unit), exchange: exchange)
        // Says why.
        default: try decode(exchange)
        }
    }

    private func reading(
        of registers: Exchange.Registers, in exchange: Exchange
    ) throws -> DeviceProfile.RegisterPlace.Reading {
        guard let place = self.registers else {
            throw DeviceError.noBus(profile: "'\(name)'", protocols: "no Modbus")
        }
        let first = place.address - registers.start
        guard first >= 0, first + place.count <= registers.values.count else {
            throw DeviceError.corrupted(
                unit: exchange.unit, line: exchange.line, why: "register \(place.address) is not in the answer")
        }
        return place.reading(Array(registers.values[first..<(first + place.count)]))
    }
}

extension Exchange {
    /// What a reading was answered with.
    struct Registers {
        /// The address of the first.
        let start: Int
        let values: [UInt16]
    }

    /// - Throws: ``DeviceError`` where the answer is an exception, is not whole, or is none to a reading.
    func registers() throws -> Registers {
        do { return try registers(in: ModbusFrame.answer(of: self)) } catch let fault as ModbusFrameFault {
            throw error(for: fault)
        }
    }

    /// As ``registers()``, of an answer that was decoded already.
    func registers(in answer: ModbusAnswer) throws -> Registers {
        switch answer {
        case .exception(let code): throw DeviceError.exception(code: code, unit: unit, line: line, register: register)
        case .written, .identification:
            throw DeviceError.corrupted(unit: unit, line: line, why: "a write was answered, not a reading")
        case .registers(let start, let values): return Registers(start: start, values: values)
        }
    }

    /// The unit asked, 0 where the request is no whole frame.
    public var unit: Int {
        Int((try? ModbusFrame.content(of: request, framing))?.unit ?? 0)
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
        guard let pdu = (try? ModbusFrame.content(of: request, framing))?.pdu, pdu.count > 2 else { return 0 }
        return Int(pdu[1]) << 8 | Int(pdu[2])
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
