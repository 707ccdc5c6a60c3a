public import Metrology

/// A data record of a simulated meter (EN 13757-3, variable data structure).
public struct MBusVoiceRecord: Hashable, Sendable {
    public var channel: String
    /// Data and value information with their extensions; of a unit in plain text (VIF 7C) without its characters.
    public var dif, vif: [UInt8]
    /// The characters of such a unit.
    public var plainText: String
    /// Value = raw number × scale.
    public var scale: ExactDecimal

    public init(_ channel: String, dif: [UInt8], vif: [UInt8], plainText: String = "", scale: ExactDecimal) {
        self.channel = channel
        self.dif = dif
        self.vif = vif
        self.plainText = plainText
        self.scale = scale
    }

    var isCoded: Bool {
        guard let first = dif.first, !vif.isEmpty, scale.coefficient > 0 else { return false }
        return (0x1...0xE).contains(first & 0xF) && first & 0xF != 0x8
    }

    /// A value there is not, or that does not fit, is sent as one during an error.
    func bytes(_ shown: ShownValue?) -> [UInt8] {
        var head = dif
        var data = shown.flatMap(data)
        if data == nil {
            head[0] |= 0x30
            data = [UInt8](repeating: 0, count: width ?? 1)
        }
        return head + valueInformation + (data ?? [])
    }

    private var valueInformation: [UInt8] {
        guard vif[0] & 0x7F == 0x7C else { return vif }
        let text = plainText.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
        return [vif[0], UInt8(text.count)] + text.reversed() + vif.dropFirst()
    }

    /// Bytes of the data; nil where they say so themselves.
    private var width: Int? {
        switch dif[0] & 0xF {
        case let count where (1...4).contains(count): Int(count)
        case 0x5: 4
        case 0x6: 6
        case 0x7: 8
        case 0xE: 6
        case let code where (0x9...0xC).contains(code): Int(code) - 8
        default: nil
        }
    }

    private func data(_ shown: ShownValue) -> [UInt8]? {
        guard let width else { return variable(shown) }
        guard let number = shown.number else { return nil }
        if dif[0] & 0xF == 0x5 {
            let bits = Float(number.double / scale.double).bitPattern
            return (0..<4).map { UInt8(truncatingIfNeeded: bits >> UInt32(8 * $0)) }
        }
        guard let raw = WireNumber.steps(number, of: scale) else { return nil }
        if dif[0] & 0xF >= 0x9 {
            guard var bytes = WireNumber.packed(Int128(raw.magnitude), count: width) else { return nil }
            guard raw < 0 else { return bytes }
            // A minus takes the place of the first digit.
            guard bytes[width - 1] >> 4 == 0 else { return nil }
            bytes[width - 1] |= 0xF0
            return bytes
        }
        let limit = Int128(1) << (8 * width - 1)
        guard (-limit..<limit).contains(raw) else { return nil }
        return (0..<width).map { UInt8(truncatingIfNeeded: raw >> Int128(8 * $0)) }
    }

    /// A length and a number of up to 18 digits, or characters, the last first.
    private func variable(_ shown: ShownValue) -> [UInt8]? {
        if case .characters(let text) = shown.content {
            let bytes = text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
            return bytes.count <= 0xBF ? [UInt8(bytes.count)] + bytes.reversed() : nil
        }
        guard let number = shown.number, let raw = WireNumber.steps(number, of: scale),
            let digits = WireNumber.packed(Int128(raw.magnitude), count: 9)
        else { return nil }
        let used = Array(digits.prefix(max(1, (digits.lastIndex { $0 != 0 } ?? 0) + 1)))
        return [(raw < 0 ? 0xD0 : 0xC0) | UInt8(used.count)] + used
    }
}
