/// What is asked of a meter of CJ/T 188, and what its answer must be.
public struct CJT188Request: Hashable, Sendable {
    public enum Question: Hashable, Sendable {
        /// Data identifier, DI1 first: 901F.
        case read(UInt16)
        /// Identifier 810A.
        case readAddress
    }

    /// In which order the two bytes of an identifier go out. Public drivers give the first to the edition of 2004 and
    /// the second to that of 2018; captured frames show both before 2018, and both in one exchange.
    public enum IdentifierOrder: Hashable, Sendable, CaseIterable {
        /// `90 1F`
        case mostSignificantFirst
        /// `1F 90`
        case leastSignificantFirst
    }

    public let address: CJT188Address
    public let frame: CJT188Frame
    private let identifier: UInt16

    /// - Parameter sequence: most meters return it in their answer.
    public init(
        _ question: Question, type: UInt8, of address: CJT188Address,
        order: IdentifierOrder = .mostSignificantFirst, sequence: UInt8 = 0
    ) {
        self.address = address
        let control: UInt8
        switch question {
        case .read(let asked): (identifier, control) = (asked, Self.readData)
        case .readAddress: (identifier, control) = (0x810A, Self.readAddressCode)
        }
        let (high, low) = (UInt8(identifier >> 8), UInt8(identifier & 0xFF))
        let data = order == .mostSignificantFirst ? [high, low, sequence] : [low, high, sequence]
        frame = CJT188Frame(type, address, control, data)
    }

    static let readData: UInt8 = 0x01
    static let readAddressCode: UInt8 = 0x03

    /// The data of an answer from its identifier on, so that offsets count as documents print them. The identifier
    /// may come in either order, the type may be another of the same family, and some meters count the sequence by
    /// themselves: all of these are met.
    ///
    /// - Throws: ``FrameFault/echo``, ``FrameFault/otherAddress(asked:answered:)``,
    ///   ``FrameFault/otherFunction(asked:answered:)``, ``FrameFault/otherIdentifier(asked:answered:)``,
    ///   ``FrameFault/refused(code:names:)``, ``FrameFault/wrongLength(said:found:)``.
    public func answer(in answer: CJT188Frame) throws(FrameFault) -> CJT188Answer {
        guard answer.isAnswer else {
            if answer == frame { throw .echo }
            throw .otherFunction(asked: frame.control, answered: answer.control)
        }
        guard address.matches(answer.address), CJT188Kind(type: answer.type) == CJT188Kind(type: frame.type) else {
            throw .otherAddress(
                asked: "\(Int(frame.type).hexadecimal) \(address)",
                answered: "\(Int(answer.type).hexadecimal) \(answer.address)")
        }
        guard answer.control & 0x3F == frame.control else {
            throw .otherFunction(asked: frame.control, answered: answer.control)
        }
        guard !answer.isError else {
            // The sources name no codes.
            throw .refused(code: answer.data.isEmpty ? 0 : Array(answer.data.suffix(2)).littleEndian, names: [])
        }
        guard answer.data.count >= 3 else { throw .wrongLength(said: 3, found: answer.data.count) }
        let (first, second) = (UInt16(answer.data[0]), UInt16(answer.data[1]))
        guard first << 8 | second == identifier || second << 8 | first == identifier else {
            throw .otherIdentifier(
                asked: Int(identifier).hexadecimal, answered: Int(first << 8 | second).hexadecimal)
        }
        return CJT188Answer(type: answer.type, address: answer.address, data: answer.data)
    }
}
