public import Metrology

/// What an identifier of DL/T 645 names, as far as public sources agree on it: how its data are written, and in
/// which unit (2007, annex A).
public struct DLT645Item: Hashable, Sendable {
    public enum Form: Hashable, Sendable {
        case number(bytes: Int, places: Int, sign: DLT645Data.Sign)
        /// A number of three bytes with four places, and when it occurred.
        case demand
        /// Year, month, day and day of the week.
        case date
        /// Hour, minute, second.
        case time
        /// Digits that are a name and no number: zeros in front count.
        case digits(bytes: Int)
        case text(bytes: Int)
        case bits(bytes: Int)

        public var bytes: Int {
            switch self {
            case .number(let bytes, _, _), .digits(let bytes), .text(let bytes), .bits(let bytes): bytes
            case .demand: 8
            case .date: 4
            case .time: 3
            }
        }
    }

    public let identifier: UInt32
    public let name: String
    public let form: Form
    /// 1 for what is no quantity.
    public let unit: MeasurementUnit

    /// nil for an identifier that names a block, or that is not in the table.
    public init?(_ identifier: UInt32, edition: DLT645Edition = .of2007) {
        guard let row = DLT645Table.row(identifier, edition), let unit = MeasurementUnit(row.unit) else { return nil }
        self.identifier = identifier
        self.unit = unit
        name = row.name
        form = row.form
    }

    /// Decodes the data of this item alone.
    ///
    /// - Throws: ``FrameFault/wrongLength(said:found:)``; ``FrameFault/notAvailable`` where all bytes are FF;
    ///   ``FrameFault/notDecimal(_:)``, ``FrameFault/notATime(_:)`` or ``FrameFault/malformed(_:)`` for what the form
    ///   does not allow.
    public func value(_ data: [UInt8]) throws(FrameFault) -> DLT645Value {
        guard data.count == form.bytes else { throw .wrongLength(said: form.bytes, found: data.count) }
        switch form {
        case .number(_, let places, let sign):
            return .quantity(Quantity(try DLT645Data.number(data, places: places, sign: sign), unit))
        case .demand:
            let demand = try DLT645Data.demand(data)
            return .demand(Quantity(demand.value, unit), at: demand.time)
        case .date: return .time(try DLT645Data.date(data))
        case .time: return .time(try DLT645Data.time(data))
        case .digits:
            _ = try DLT645Data.number(data, places: 0)
            return .text(data.reversed().map { Int($0).hexadecimal }.joined())
        case .text: return .text(try DLT645Data.text(data))
        case .bits: return .bits(data.littleEndian)
        }
    }
}

public enum DLT645Value: Hashable, Sendable {
    case quantity(Quantity)
    /// nil where none has occurred since the last settlement.
    case demand(Quantity, at: MeterTime?)
    case time(MeterTime)
    case text(String)
    /// Bit 0 is that of the byte that came first.
    case bits(Int)
}

/// One item of a block; one without a value does not hide the others.
public struct DLT645Entry: Hashable, Sendable {
    public let item: DLT645Item
    public let value: Result<DLT645Value, FrameFault>
}

extension DLT645Item {
    /// Decodes what answers `identifier`: an item, or the items of a block in their order.
    ///
    /// - Throws: ``FrameFault/unsupported(_:)`` where the table does not have it;
    ///   ``FrameFault/wrongLength(said:found:)`` where the data are not those of the item, or not of whole items of
    ///   the block, or of more than it has.
    public static func entries(
        of identifier: UInt32, in data: [UInt8], edition: DLT645Edition = .of2007
    ) throws(FrameFault) -> [DLT645Entry] {
        guard let items = DLT645Table.items(identifier, edition, bytes: data.count), let width = items.first?.form.bytes
        else { throw .unsupported("the identifier \(edition.digits(identifier))") }
        guard data.count == width * items.count else {
            throw .wrongLength(said: width * items.count, found: data.count)
        }
        return items.indices.map { index in
            let part = Array(data[(index * width)..<((index + 1) * width)])
            return DLT645Entry(
                item: items[index], value: Result { () throws(FrameFault) in try items[index].value(part) })
        }
    }
}

extension DLT645Edition {
    /// `02010100`, `9010`.
    func digits(_ identifier: UInt32) -> String {
        let text = String(identifier, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, 2 * identifierBytes - text.count)) + text
    }
}
