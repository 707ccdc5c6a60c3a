public import Metrology

extension DeviceProfile.Identifier {
    /// As a number, for a request; nil where the code is no hexadecimal number.
    public var number: UInt32? { UInt32(code, radix: 16) }

    /// The edition of the protocol, told by the length of the code.
    public var edition: DLT645Edition { code.utf8.count == 4 ? .of1997 : .of2007 }

    /// The field of this identifier where `data` hold nothing else.
    fileprivate func field(_ data: [UInt8]) throws(FrameFault) -> [UInt8] {
        guard data.count == bytes else { throw .wrongLength(said: bytes, found: data.count) }
        return data
    }
}

extension DeviceProfile.Channel {
    private func identifier() throws(FrameFault) -> DeviceProfile.Identifier {
        for case .identifier(let identifier) in ways { return identifier }
        throw .unsupported("the channel '\(name)' as data of DL/T 645")
    }

    /// The number of this channel in its unit, from the data of an answer (DL/T 645) without their identifier: pure,
    /// the same bytes say the same for ever.
    ///
    /// - Throws: ``FrameFault/wrongLength(said:found:)``, ``FrameFault/notAvailable``, ``FrameFault/notDecimal(_:)``;
    ///   ``FrameFault/notANumber(_:)`` where the channel holds characters; ``FrameFault/unsupported(_:)`` where it is
    ///   none of this protocol.
    public func number(inDLT645 data: [UInt8]) throws(FrameFault) -> ExactDecimal {
        let identifier = try identifier()
        let field = try identifier.field(data)
        guard !identifier.isText else { throw .notANumber(try DLT645Data.text(field)) }
        return try DLT645Data.number(field, places: identifier.decimals, sign: identifier.isSigned ? .topBit : .none)
    }

    /// The characters of this channel; a number is printed.
    ///
    /// - Throws: as ``number(inDLT645:)``, ``FrameFault/malformed(_:)`` for what is no text.
    public func text(inDLT645 data: [UInt8]) throws(FrameFault) -> String {
        let identifier = try identifier()
        guard identifier.isText else { return "\(try number(inDLT645: data))" }
        return try DLT645Data.text(try identifier.field(data))
    }
}
