public import Metrology

/// One data record of a telegram: what it says of itself, and its data (EN 13757-3, variable data structure).
public struct MBusRecord: Hashable, Sendable {
    /// Place in the telegram, counted from 1.
    public let number: Int
    /// Data and value information with their extensions, as a profile writes them: hexadecimal, without the
    /// characters of a unit in plain text.
    public let dif, vif: String
    public let function: DeviceProfile.Record.Function
    public let storage, tariff, subunit: Int
    /// The unit the meter writes out (VIF 7C).
    public let plainText: String?
    /// What the value information means; nil where it is not known here.
    public let meaning: MBusMeaning?
    /// The data before any scale; a fault of this record alone where they are no value.
    public let content: Result<MBusValue, FrameFault>

    /// At most ten extensions each (EN 13757-3).
    static let extensionLimit = 10

    /// The number in the unit of ``meaning``, its scale applied.
    ///
    /// - Throws: the fault of the data; ``FrameFault/unsupported(_:)`` where the meaning is not known or has no unit,
    ///   ``FrameFault/notANumber(_:)`` for a time or a text.
    public func quantity() throws(FrameFault) -> Quantity {
        let number = try raw()
        guard let meaning, let unit = meaning.unit else { throw .unsupported("the value information \(vif)") }
        return Quantity(number * meaning.scale, unit)
    }

    /// The number as sent.
    ///
    /// - Throws: the fault of the data; ``FrameFault/notANumber(_:)`` for anything but a number.
    public func raw() throws(FrameFault) -> ExactDecimal {
        switch try content.get() {
        case .number(let number): return number
        case .time(let time): throw .notANumber("\(time)")
        case .text(let text): throw .notANumber(text)
        case .nothing: throw .notAvailable
        }
    }
}

extension MBusRecord {
    /// Reads the record that begins with `dif`, which is no special function.
    ///
    /// - Throws: ``FrameFault`` where the telegram ends within the record or the record has no form.
    init(number: Int, dif first: UInt8, _ reader: inout ByteReader) throws(FrameFault) {
        guard let coding = MBusCoding(dif: first) else {
            throw .malformed("the data information \(Int(first).hexadecimal) is reserved")
        }
        self.number = number
        function = [.instantaneous, .maximum, .minimum, .duringError][Int(first >> 4 & 3)]
        let extensions = try Self.extensions(of: first, "data", &reader)
        dif = ([first] + extensions).map { Int($0).hexadecimal }.joined()
        var (storage, tariff, subunit) = (Int(first >> 6 & 1), 0, 0)
        for (place, byte) in extensions.enumerated() {
            storage |= Int(byte & 0x0F) << (1 + 4 * place)
            tariff |= Int(byte >> 4 & 3) << (2 * place)
            subunit |= Int(byte >> 6 & 1) << place
        }
        (self.storage, self.tariff, self.subunit) = (storage, tariff, subunit)

        let kind = try reader.byte()
        if kind & 0x7F == 0x7C {
            let count = Int(try reader.byte())
            plainText = MBusValue.text(try reader.bytes(count))
        } else {
            plainText = nil
        }
        let value = [kind] + (try Self.extensions(of: kind, "value", &reader))
        vif = value.map { Int($0).hexadecimal }.joined()
        let meaning = MBusMeaning(value, plainText: plainText)
        self.meaning = meaning
        let data = try MBusValue.read(coding, asTime: meaning?.isTime ?? false, &reader)
        if function == .duringError {
            content = .failure(.notAvailable)
        } else if let fault = MBusMeaning.error(in: value) {
            content = .failure(fault)
        } else {
            content = data
        }
    }

    private static func extensions(
        of first: UInt8, _ what: String, _ reader: inout ByteReader
    ) throws(FrameFault) -> [UInt8] {
        var found: [UInt8] = []
        var last = first
        while last & 0x80 != 0 {
            guard found.count < extensionLimit else {
                throw .malformed("more than \(extensionLimit) extensions of its \(what) information")
            }
            last = try reader.byte()
            found.append(last)
        }
        return found
    }
}
