/// What is asked of a meter, and what its answer must be.
public struct DLT645Request: Hashable, Sendable {
    public enum Question: Hashable, Sendable {
        case read(UInt32)
        /// The next part of data that one frame does not hold; parts are counted from 1.
        case readFollowing(UInt32, part: UInt8)
        /// The address of the only meter on the line (2007).
        case readAddress
        /// Password of four bytes with its level first, operator of four bytes (2007).
        case write(UInt32, password: [UInt8], operator: [UInt8], data: [UInt8])
    }

    public enum Answer: Hashable, Sendable {
        case data([UInt8], moreFollows: Bool)
        case address(DLT645Address)
        case done
    }

    public let edition: DLT645Edition
    public let address: DLT645Address
    public let question: Question
    public let frame: DLT645Frame

    /// nil where the edition does not have the question, the identifier is beyond its digits, or what is to be
    /// written has not the right length.
    public init?(_ question: Question, of address: DLT645Address, edition: DLT645Edition = .of2007) {
        guard let control = edition.code(question.function), let data = question.data(edition),
            let frame = DLT645Frame(address: address, control: control, data: data)
        else { return nil }
        self.edition = edition
        self.address = address
        self.question = question
        self.frame = frame
    }

    /// What `frame` answers: its address must be the one asked or one the wildcards stand for, its function and
    /// identifier those asked.
    ///
    /// - Throws: ``FrameFault/echo``, ``FrameFault/otherAddress(asked:answered:)``,
    ///   ``FrameFault/otherFunction(asked:answered:)``, ``FrameFault/otherIdentifier(asked:answered:)``,
    ///   ``FrameFault/otherSequence(asked:answered:)``, ``FrameFault/refused(code:names:)`` with the name of each
    ///   error bit, ``FrameFault/wrongLength(said:found:)``.
    public func answer(in frame: DLT645Frame) throws(FrameFault) -> Answer {
        guard frame.isAnswer else {
            if frame == self.frame { throw .echo }
            throw .otherFunction(asked: self.frame.control, answered: frame.control)
        }
        guard address.matches(frame.address) else {
            throw .otherAddress(asked: "\(address)", answered: "\(frame.address)")
        }
        guard frame.control & 0x1F == self.frame.control & 0x1F else {
            throw .otherFunction(asked: self.frame.control, answered: frame.control)
        }
        guard !frame.isError else {
            guard frame.data.count == 1 else { throw .wrongLength(said: 1, found: frame.data.count) }
            throw .refused(code: Int(frame.data[0]), names: edition.names(ofError: frame.data[0]))
        }
        switch question {
        case .read(let identifier):
            return .data(try data(of: identifier, in: frame), moreFollows: frame.moreFollows)
        case .readFollowing(let identifier, let part):
            var data = try data(of: identifier, in: frame)
            guard let answered = data.popLast() else { throw .wrongLength(said: 1, found: 0) }
            guard answered == part else { throw .otherSequence(asked: Int(part), answered: Int(answered)) }
            return .data(data, moreFollows: frame.moreFollows)
        case .readAddress:
            guard let address = DLT645Address(bytes: frame.data), !address.hasWildcards else {
                throw frame.data.count == 6 ? .notDecimal(frame.data) : .wrongLength(said: 6, found: frame.data.count)
            }
            guard address == frame.address else {
                throw .otherAddress(asked: "\(frame.address)", answered: "\(address)")
            }
            return .address(address)
        case .write:
            guard frame.data.isEmpty else { throw .wrongLength(said: 0, found: frame.data.count) }
            return .done
        }
    }

    private func data(of identifier: UInt32, in frame: DLT645Frame) throws(FrameFault) -> [UInt8] {
        let count = edition.identifierBytes
        guard frame.data.count >= count else { throw .wrongLength(said: count, found: frame.data.count) }
        let answered = frame.data.prefix(count).littleEndian
        guard answered == Int(identifier) else {
            func digits(_ number: Int) -> String {
                let text = number.hexadecimal
                return String(repeating: "0", count: max(0, 2 * count - text.count)) + text
            }
            throw .otherIdentifier(asked: digits(Int(identifier)), answered: digits(answered))
        }
        return Array(frame.data.dropFirst(count))
    }
}

extension DLT645Request.Question {
    public var function: DLT645Function {
        switch self {
        case .read: .read
        case .readFollowing: .readFollowing
        case .readAddress: .readAddress
        case .write: .write
        }
    }

    func data(_ edition: DLT645Edition) -> [UInt8]? {
        func bytes(_ identifier: UInt32) -> [UInt8]? {
            let all = (0..<4).map { UInt8(truncatingIfNeeded: identifier >> (8 * UInt32($0))) }
            let used = edition.identifierBytes
            return all.dropFirst(used).allSatisfy({ $0 == 0 }) ? Array(all.prefix(used)) : nil
        }
        switch self {
        case .read(let identifier): return bytes(identifier)
        case .readFollowing(let identifier, let part):
            // Only the edition of 2007 counts its parts.
            guard let identifier = bytes(identifier), part >= 1 else { return nil }
            return edition == .of2007 ? identifier + [part] : nil
        case .readAddress: return []
        case .write(let identifier, let password, let person, let data):
            // At most 50 bytes in a frame that writes (2007, 5.2).
            guard edition == .of2007, let identifier = bytes(identifier), password.count == 4, person.count == 4,
                !data.isEmpty, data.count <= 38
            else { return nil }
            return identifier + password + person + data
        }
    }
}
