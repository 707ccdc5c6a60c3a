/// An answer with its data taken apart (EN 13757-3, variable data structure).
public struct MBusTelegram: Hashable, Sendable {
    /// The address on the line (A field) of the meter.
    public let address: UInt8
    /// nil where the telegram carries none (CI 78, 7A).
    public let header: MBusHeader?
    /// nil where the telegram carries none (CI 78).
    public let accessNumber: UInt8?
    public let status: MBusStatus?
    /// Signature, or configuration in later editions.
    public let signature: UInt16?
    public let records: [MBusRecord]
    /// What follows DIF 0F or 1F, in the maker's own form.
    public let manufacturerData: [UInt8]
    /// DIF 1F: the next telegram, asked for with the frame count bit turned over, goes on.
    public let moreFollows: Bool

    /// - Throws: ``FrameFault``: not an answer with data, refused by the meter (CI 70), encrypted, or its
    ///   records do not end where the frame does.
    public init(_ frame: MBusFrame) throws(FrameFault) {
        guard case .long(let control, let address, let information, let data) = frame else {
            throw .unsupported("a frame without data")
        }
        // RSP_UD, with the bits DFC and ACD as they may be.
        guard control & 0xCF == 0x08 else { throw .otherFunction(asked: 0x08, answered: control) }
        self.address = address
        var reader = ByteReader(data)
        switch information {
        case 0x72, 0x7A:
            let size = information == 0x72 ? 12 : 4
            guard data.count >= size else { throw .tooShort(bytes: data.count, needed: size) }
            header = information == 0x72 ? MBusHeader(try reader.bytes(8)) : nil
            accessNumber = try reader.byte()
            status = MBusStatus(try reader.byte())
            let word = try reader.bytes(2)
            let signature = UInt16(word[0]) | UInt16(word[1]) << 8
            // Bits 8 to 12 of the configuration name the encryption.
            guard signature >> 8 & 0x1F == 0 else { throw .unsupported("an encrypted telegram") }
            self.signature = signature
        case 0x78:
            (header, accessNumber, status, signature) = (nil, nil, nil, nil)
        case 0x70:
            let code = data.first ?? 0
            throw .refused(code: Int(code), names: Self.errors[code].map { [$0] } ?? [])
        default:
            throw .unsupported("the control information \(Int(information).hexadecimal)")
        }

        var records: [MBusRecord] = []
        var own: [UInt8] = []
        var moreFollows = false
        while !reader.isAtEnd {
            let dif = try reader.byte()
            switch dif {
            case 0x2F: continue
            case 0x0F, 0x1F:
                moreFollows = dif == 0x1F
                own = reader.tail()
            default: records.append(try MBusRecord(number: records.count + 1, dif: dif, &reader))
            }
        }
        self.records = records
        manufacturerData = own
        self.moreFollows = moreFollows
    }

    /// General application errors (EN 13757-3, CI 70).
    private static let errors: [UInt8: String] = [
        0: "unspecified error", 1: "unimplemented control information", 2: "buffer too long", 3: "too many records",
        4: "premature end of record", 5: "more than ten DIFE", 6: "more than ten VIFE", 8: "application busy",
        9: "too many readouts",
    ]
}
