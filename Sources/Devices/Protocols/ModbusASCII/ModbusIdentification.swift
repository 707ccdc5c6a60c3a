/// Read device identification, function 43 with interface 14 (Modbus Application Protocol V1.1b3, 6.21).
public struct ModbusIdentification: Hashable, Sendable {
    /// Which objects are asked for.
    public enum Category: UInt8, Hashable, Sendable, CaseIterable {
        case basic = 1, regular, extended, one
    }

    static let function: UInt8 = 0x2B
    static let interface: UInt8 = 0x0E

    /// Object texts by number; bytes that are not UTF-8 are read as ISO 8859-1.
    public let objects: [UInt8: String]
    public let category: Category
    /// Which category the device has at most, and whether single objects can be asked for.
    public let conformity: UInt8
    /// The object to go on with, where one answer did not hold all.
    public let next: UInt8?

    /// Names of objects 0 to 6.
    public static let names = [
        "vendor", "product code", "revision", "vendor URL", "product name", "model name", "application name",
    ]

    /// The protocol data unit of a request.
    public static func request(_ category: Category, from object: UInt8 = 0) -> [UInt8] {
        [function, interface, category.rawValue, object]
    }

    /// Reads the answer to ``request(_:from:)``.
    ///
    /// - Throws: ``FrameFault/refused(code:names:)`` for an exception, ``FrameFault/otherFunction(asked:answered:)``,
    ///   ``FrameFault/tooShort(bytes:needed:)``, ``FrameFault/wrongLength(said:found:)`` for bytes left over,
    ///   ``FrameFault/malformed(_:)`` for an object given twice or a continuation that leads back.
    public init(pdu: [UInt8], category asked: Category, from object: UInt8 = 0) throws(FrameFault) {
        var reader = ByteReader(pdu)
        let code = try reader.byte()
        guard code != Self.function | 0x80 else {
            let exception = try reader.byte()
            throw .refused(code: Int(exception), names: [ModbusException(rawValue: exception)?.name].compactMap(\.self))
        }
        guard code == Self.function, try reader.byte() == Self.interface else {
            throw .otherFunction(asked: Self.function, answered: code)
        }
        guard let category = Category(rawValue: try reader.byte()), category == asked else {
            throw .malformed("it is another category of objects than was asked for")
        }
        conformity = try reader.byte()
        let more = try reader.byte()
        let following = try reader.byte()
        let count = Int(try reader.byte())
        var objects: [UInt8: String] = [:]
        for _ in 0..<count {
            let number = try reader.byte()
            let length = Int(try reader.byte())
            let bytes = try reader.bytes(length)
            guard objects[number] == nil else { throw .malformed("object \(number) comes twice") }
            objects[number] =
                String(validating: bytes, as: UTF8.self)
                ?? String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
        }
        guard reader.isAtEnd else { throw .wrongLength(said: count, found: count + reader.remaining) }
        guard more == 0 || more == 0xFF else { throw .malformed("'more follows' is neither 00 nor FF") }
        // A device that leads back would be asked for ever.
        guard more == 0 || following > object else {
            throw .malformed("it goes on with object \(following), which was asked for before")
        }
        self.objects = objects
        self.category = category
        next = more == 0 ? nil : following
    }
}
