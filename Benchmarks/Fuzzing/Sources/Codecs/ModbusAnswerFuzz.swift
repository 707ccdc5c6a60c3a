import Chronometry

/// Answers against their requests, in each framing: `length of the request, request, answer`.
struct ModbusAnswerFuzz: FuzzedCodec {
    static let name = "modbus-answer"

    static func seeds(_ published: Published) -> [[UInt8]] {
        let frames = ModbusRTUFuzz.seeds(published).map { Array($0.dropLast(2)) }
        return zip(frames, frames.dropFirst()).map { [UInt8($0.count % 256)] + $0 + $1 }
    }

    init(_ published: Published) {}

    func examine(_ input: FuzzInput, _ report: inout FuzzReport) {
        guard let length = input.bytes.first, input.bytes.count > Int(length) else { return }
        let request = Array(input.bytes.dropFirst().prefix(Int(length)))
        let answer = Array(input.bytes.dropFirst(1 + request.count))
        let framing = Exchange.Framing.allCases[input.choice % 3]
        // What is not mended stands as a whole frame itself.
        let sent = input.mends ? Self.frame(request, framing) : request
        let came = input.mends ? Self.frame(answer, framing) : answer
        let moment = Instant(milliseconds: 0)
        let exchange = Exchange(
            framing: framing, request: sent, answer: came, sentAt: moment, answeredAt: moment, line: "fuzz")
        guard let found = try? ModbusFrame.answer(of: exchange) else { return }
        report.accept()
        guard let asked = Self.content(sent, framing), let answered = Self.content(came, framing) else {
            report.violated("request and answer have a right check")
            return
        }
        if framing == .tcp { report.require(sent.prefix(4) == came.prefix(4), "the transaction is that asked") }
        report.require(asked[0] == answered[0], "the unit is that asked")
        // Only some requests have a place and a count.
        let words = asked.dropFirst(2).prefix(4).map { Int($0) } + [0, 0, 0, 0]
        let address = 256 * words[0] + words[1]
        let count = 256 * words[2] + words[3]
        switch found {
        case .exception(let code):
            report.require(
                answered == [asked[0], asked[1] | 0x80, code], "an exception has the function asked and one code")
        case .identification(let pdu):
            report.require(
                asked[1] == 0x2B && answered[1] == 0x2B && pdu == Array(answered.dropFirst()),
                "an identification is of the function asked, and its bytes are those sent")
        case .registers(let from, let values) where asked[1] == 3 || asked[1] == 4:
            let due = answered.dropFirst(3)
            report.require(
                answered[1] == asked[1] && from == address && values.count == count && due.count == 2 * count
                    && Int(answered[2]) == 2 * count
                    && values.flatMap { [UInt8($0 / 256), UInt8($0 % 256)] } == Array(due),
                "the registers are those asked, all of them")
        case .registers(let from, let values):
            let due = answered.dropFirst(3).flatMap { byte in (0..<8).map { UInt16(byte) / (1 << $0) % 2 } }
            report.require(
                answered[1] == asked[1] && [1, 2].contains(asked[1]) && from == address && values.count == count
                    && answered.count == 3 + (count + 7) / 8 && Int(answered[2]) == (count + 7) / 8
                    && values == Array(due.prefix(count)), "the bits are those asked, all of them")
        case .written(let from, let written):
            report.require(
                from == address && answered.dropFirst() == asked.dropFirst().prefix(5) && answered[1] == asked[1]
                    && (asked[1] < 8 ? written == 1 && asked.count == 6 : written == count),
                "what was written is what was asked")
        }
    }

    private static func frame(_ content: [UInt8], _ framing: Exchange.Framing) -> [UInt8] {
        switch framing {
        case .rtu: return content + PlainCRC.bytes(content)
        case .tcp: return [0, 1, 0, 0, UInt8(content.count / 256), UInt8(content.count % 256)] + content
        case .ascii:
            let bytes = content + [UInt8((256 - Int(plainSum(content))) % 256)]
            let digits = bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) }
            return Array(":\(digits.joined())\r\n".utf8)
        }
    }

    /// Unit and what follows; nil where the check is wrong.
    private static func content(_ frame: [UInt8], _ framing: Exchange.Framing) -> [UInt8]? {
        switch framing {
        case .rtu:
            return frame.count > 3 && PlainCRC.bytes(frame.dropLast(2)) == frame.suffix(2)
                ? Array(frame.dropLast(2)) : nil
        case .tcp:
            guard frame.count > 7, frame[2] == 0, frame[3] == 0, 256 * Int(frame[4]) + Int(frame[5]) == frame.count - 6
            else { return nil }
            return Array(frame.dropFirst(6))
        case .ascii:
            guard ModbusASCIIReference().length(frame[...]) == frame.count else { return nil }
            let text = Array(String(decoding: frame.dropFirst().dropLast(2), as: UTF8.self))
            let pairs = stride(from: 0, to: text.count, by: 2).compactMap {
                UInt8(String(text[$0...($0 + 1)]), radix: 16)
            }
            return pairs.dropLast()
        }
    }
}

/// Device identification: protocol data units.
struct IdentificationFuzz: FuzzedCodec {
    static let name = "identification"

    static func seeds(_ published: Published) -> [[UInt8]] {
        let objects: [UInt8] = [0, 4] + Array("Test".utf8) + [1, 2] + Array("T1".utf8) + [2, 3] + Array("1.0".utf8)
        return [
            [0x2B, 0x0E, 1, 1, 0, 0, 3] + objects, [0x2B, 0x0E, 2, 2, 0xFF, 3, 3] + objects, [0xAB, 1], [0xAB, 2],
            [0x2B, 0x0E, 4, 0x81, 0, 0, 1, 0, 3, 0xC3, 0xA4, 0xFF],
        ]
    }

    init(_ published: Published) {}

    func examine(_ input: FuzzInput, _ report: inout FuzzReport) {
        let pdu = input.bytes
        let asked = ModbusIdentification.Category.allCases[input.choice % 4]
        let from = UInt8(input.choice / 4)
        guard let found = try? ModbusIdentification(pdu: pdu, category: asked, from: from) else { return }
        report.accept()
        report.require(pdu.prefix(2) == [0x2B, 0x0E] && pdu[2] == asked.rawValue, "it is of the category asked")
        var rest = pdu.dropFirst(7)
        var objects: [UInt8: [UInt8]] = [:]
        for _ in 0..<pdu[6] {
            guard let number = rest.popFirst(), let length = rest.popFirst(), rest.count >= Int(length) else {
                report.violated("each object lies within the answer")
                return
            }
            report.require(objects[number] == nil, "no object comes twice")
            objects[number] = Array(rest.prefix(Int(length)))
            rest = rest.dropFirst(Int(length))
        }
        report.require(rest.isEmpty, "nothing is left over")
        report.require(objects.keys.sorted() == found.objects.keys.sorted(), "the objects are those sent")
        for (number, bytes) in objects {
            let text = found.objects[number] ?? ""
            report.require(
                Array(text.utf8) == bytes || text.unicodeScalars.map(\.value) == bytes.map { UInt32($0) },
                "the text of an object is that of its bytes")
        }
        report.require(found.next == (pdu[4] == 0 ? nil : pdu[5]), "where it goes on is what it says")
        report.require(found.next.map { $0 > from } ?? true, "it never goes back")
    }
}
