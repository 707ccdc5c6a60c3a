public import Metrology

extension DeviceProfile.Field {
    /// The data identifier of the request; nil where the code is no hexadecimal number.
    public var number: UInt16? { UInt16(code, radix: 16) }
}

extension DeviceProfile.Channel {
    /// The number of this channel in its unit, from an answer of CJ/T 188: pure, the same bytes say the same for
    /// ever. Where a byte beside the value names its unit, that byte decides.
    ///
    /// - Parameter units: units by their codes, of the profile.
    /// - Throws: ``FrameFault/wrongLength(said:found:)``, ``FrameFault/notAvailable``, ``FrameFault/notDecimal(_:)``;
    ///   ``FrameFault/unknownUnit(_:)`` for a code that is not known or of another dimension;
    ///   ``FrameFault/unsupported(_:)`` where the channel is none of this protocol.
    public func number(
        in answer: CJT188Answer, units: [UInt8: MeasurementUnit] = CJT188Answer.units
    ) throws(FrameFault) -> ExactDecimal {
        for case .field(let field) in ways {
            let number = try answer.number(at: field.offset, count: field.bytes, places: field.decimals)
            guard let place = field.unitOffset else { return number }
            let written = try answer.unit(at: place, units)
            return try TextReading(value: .number(number, written), state: .unstated).number(in: unit)
        }
        throw .unsupported("the channel '\(name)' as data of CJ/T 188")
    }
}
