extension ScanAsker {
    /// What a question brought: who answered, and whether bytes came that are no answer.
    struct Answered: Sendable {
        var identities: [ScanIdentity] = []
        var isNoise = false

        /// - Parameter identity: what the answer tells; nil for one that is not to be believed.
        init<Value>(_ heard: Heard<Value>, _ identity: (Value) -> ScanIdentity?) {
            switch heard {
            case .answer(let value, _):
                identities = [identity(value)].compactMap(\.self)
                isNoise = identities.isEmpty
            case .noise: isNoise = true
            case .silence: break
            }
        }

        init(_ identities: [ScanIdentity] = [], isNoise: Bool = false) {
            self.identities = identities
            self.isNoise = isNoise
        }
    }

    /// Bytes FE before a question to a meter: infrared heads and sleeping meters want them.
    private static let wakeUp = 4

    /// - Throws: ``DeviceError`` where the line cannot be used.
    func answers(to question: ScanQuestion, units: [Int]) async throws -> Answered {
        let bytes = question.size.answer
        switch question {
        case .dlt645Address: return try await electricity(.readAddress, .of2007, bytes)
        case .dlt645Energy(let edition):
            return try await electricity(.read(edition == .of2007 ? 0x0001_0000 : 0x9010), edition, bytes)
        case .cjt188(let order):
            // Meters take any type and any address where there is but one.
            let request = CJT188Request(.read(0x901F), type: Self.anyType, of: .any, order: order)
            return Answered(
                try await frame(request.frame.bytes(wakeUp: Self.wakeUp), CJT188Format(), bytes: bytes) {
                    $0.isAnswer && $0.control & 0x3F == request.frame.control
                }
            ) { .cjt188(type: $0.type, $0.address) }
        case .mbus: return try await MBusScan(asker: self, units: units).found()
        case .scpi:
            return Answered(try await text("*IDN?\n", bytes: bytes)) { answer in
                // Maker, model, serial number, firmware (IEEE 488.2, 10.14).
                answer.split(separator: ",", omittingEmptySubsequences: false).count >= 3
                    ? .text(.scpi, answers: ["*IDN?": answer]) : nil
            }
        case .mtSICS: return try await balance(bytes)
        case .modbusRegister(let unit, let framing):
            return try await modbus(unit, [ModbusFunction.readHolding.rawValue, 0, 0, 0, 1], framing, bytes)
        case .modbusIdentity(let unit, let framing):
            return try await modbus(unit, ModbusIdentification.request(.basic), framing, bytes)
        }
    }

    private static let anyType: UInt8 = 0xAA

    private func electricity(
        _ question: DLT645Request.Question, _ edition: DLT645Edition, _ bytes: Int
    ) async throws -> Answered {
        guard let request = DLT645Request(question, of: .any, edition: edition) else { return Answered() }
        let heard = try await frame(request.frame.bytes(wakeUp: Self.wakeUp), DLT645Format(), bytes: bytes) {
            // A refusal tells who is there too.
            $0.isAnswer && !$0.address.hasWildcards && $0.control & 0x1F == request.frame.control & 0x1F
        }
        return Answered(heard) { .dlt645(edition, $0.address) }
    }

    private func balance(_ bytes: Int) async throws -> Answered {
        var answers: [String: String] = [:]
        let heard = try await text("I4\r\n", bytes: bytes)
        let answered = Answered(heard) { answer in
            guard answer.hasPrefix("I4 ") else { return nil }
            answers["I4"] = answer
            return .text(.mtSICS, answers: answers)
        }
        guard !answered.identities.isEmpty else { return answered }
        if case .answer(let model, _) = try await text("I2\r\n", bytes: bytes), model.hasPrefix("I2 ") {
            answers["I2"] = model
        }
        return Answered([.text(.mtSICS, answers: answers)])
    }

    private func modbus(
        _ unit: Int, _ pdu: [UInt8], _ framing: Exchange.Framing, _ bytes: Int
    ) async throws -> Answered {
        switch try await modbus(unit: unit, pdu: pdu, framing, bytes: bytes) {
        case .answer(let answered, _):
            guard isThere(answered.exchange) else { return Answered() }
            let objects = try await identification(of: answered.unit, framing)
            return Answered([.modbus(unit: answered.unit, framing, objects: objects)])
        case .noise: return Answered(isNoise: true)
        case .silence: return Answered()
        }
    }

    /// A gateway answers for a unit behind it that is not there, with an exception of its own; servers on a network do so
    /// with 'server device failure'.
    private func isThere(_ exchange: Exchange) -> Bool {
        guard case .exception(let code) = try? ModbusFrame.answer(of: exchange) else { return true }
        switch ModbusException(rawValue: code) {
        case .gatewayPathUnavailable, .gatewayTargetFailedToRespond: return false
        case .serverDeviceFailure: return serial != nil
        default: return true
        }
    }

    /// Whether `unit` answers at all, as one that is not set should not.
    func answers(unit: Int, _ framing: Exchange.Framing) async throws -> Bool {
        let question = ScanQuestion.modbusRegister(unit: unit, framing)
        let pdu = [ModbusFunction.readHolding.rawValue, 0, 0, 0, 1]
        guard case .answer(let found, _) = try await modbus(unit: unit, pdu: pdu, framing, bytes: question.size.answer)
        else { return false }
        return found.unit == unit && isThere(found.exchange)
    }

    /// Object texts by number; empty where the unit does not tell.
    private func identification(of unit: Int, _ framing: Exchange.Framing) async throws -> [UInt8: String] {
        var objects: [UInt8: String] = [:]
        var next: UInt8? = 0
        while let object = next {
            next = nil
            let pdu = ModbusIdentification.request(.basic, from: object)
            guard case .answer(let found, _) = try await modbus(unit: unit, pdu: pdu, framing, bytes: 256),
                let content = try? ModbusFrame.content(of: found.exchange.answer, framing),
                let answer = try? ModbusIdentification(pdu: content.pdu, category: .basic, from: object)
            else { break }
            objects.merge(answer.objects.mapValues(\.printable)) { $1 }
            next = answer.next
        }
        return objects
    }
}

extension String {
    /// Without what would move the cursor of a terminal.
    fileprivate var printable: String {
        String(
            String.UnicodeScalarView(unicodeScalars.filter { $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) }))
    }
}
