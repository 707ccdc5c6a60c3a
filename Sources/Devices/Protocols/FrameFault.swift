/// Why bytes are not the frame, the answer or the value that was expected.
///
/// Bytes before a frame are none of these: they are skipped and counted.
public enum FrameFault: Error, Hashable, Sendable {
    /// Nothing that begins a frame came.
    case noFrame(bytes: Int)
    case tooShort(bytes: Int, needed: Int)
    case wrongLength(said: Int, found: Int)
    case checksum(sent: Int, computed: Int)
    /// What must stand at this place of every frame does not.
    case malformed(String)
    /// Our own request came back: the line or its adapter echoes.
    case echo
    case otherAddress(asked: String, answered: String)
    case otherFunction(asked: UInt8, answered: UInt8)
    case otherIdentifier(asked: String, answered: String)
    case otherSequence(asked: Int, answered: Int)
    /// The instrument refused, with its own code and what that code means.
    case refused(code: Int, names: [String])
    /// A half byte above 9 where decimal digits stand; bytes as they came.
    case notDecimal([UInt8])
    /// The instrument says that it has no value now.
    case notAvailable
    case notANumber(String)
    case notATime([UInt8])
    case unknownUnit(String)
    /// Sound, and not understood here.
    case unsupported(String)
    case noMatch(answer: String)
    case lineTooLong(limit: Int)
}

extension FrameFault: CustomStringConvertible {
    public var description: String {
        switch self {
        case .noFrame(let bytes):
            bytes == 0 ? "nothing came" : "nothing in \(bytes) bytes begins a frame: check baud rate and parity"
        case .tooShort(let bytes, let needed): "only \(bytes) bytes came where at least \(needed) were due"
        case .wrongLength(let said, let found): "the frame says \(said) bytes of data and holds \(found)"
        case .checksum(let sent, let computed):
            "the check is \(sent.hexadecimal) where \(computed.hexadecimal) was due: "
                + "check termination, earthing, baud rate and parity"
        case .malformed(let what): "the frame is malformed: \(what)"
        case .echo: "the request itself came back: the line or its adapter echoes"
        case .otherAddress(let asked, let answered): "\(answered) answered when \(asked) was asked"
        case .otherFunction(let asked, let answered):
            "function \(Int(answered).hexadecimal) answered function \(Int(asked).hexadecimal)"
        case .otherIdentifier(let asked, let answered): "\(answered) was answered when \(asked) was asked"
        case .otherSequence(let asked, let answered):
            "part \(answered) was answered when part \(asked) was due"
        case .refused(let code, let names):
            "the instrument refused with code \(code.hexadecimal): "
                + (names.isEmpty ? "a code without a name" : names.joined(separator: ", "))
        case .notDecimal(let bytes): "\(bytes.spacedHexadecimal) is not a decimal number"
        case .notAvailable: "the instrument has no value now: it sent its code for 'not available'"
        case .notANumber(let text): "'\(text)' is not a number"
        case .notATime(let bytes): "\(bytes.spacedHexadecimal) is not a date or time"
        case .unknownUnit(let unit): "the unit \(unit) is not known"
        case .unsupported(let what): "\(what) is not understood here"
        case .noMatch(let answer): "the answer '\(answer)' does not have the expected form"
        case .lineTooLong(let limit): "no end of line within \(limit) characters"
        }
    }
}

extension FrameFault {
    /// The kind without its particulars, for statistics and for lists of expected faults.
    public var name: String {
        switch self {
        case .noFrame: "no frame"
        case .tooShort: "too short"
        case .wrongLength: "wrong length"
        case .checksum: "checksum"
        case .malformed: "malformed"
        case .echo: "echo"
        case .otherAddress: "other address"
        case .otherFunction: "other function"
        case .otherIdentifier: "other identifier"
        case .otherSequence: "other sequence"
        case .refused: "refused"
        case .notDecimal: "not decimal"
        case .notAvailable: "not available"
        case .notANumber: "not a number"
        case .notATime: "not a time"
        case .unknownUnit: "unknown unit"
        case .unsupported: "unsupported"
        case .noMatch: "no match"
        case .lineTooLong: "line too long"
        }
    }
}

extension Int {
    /// `0A`, `1F90`: pairs of capital digits.
    var hexadecimal: String {
        let digits = String(self, radix: 16, uppercase: true)
        return digits.count % 2 == 0 ? digits : "0" + digits
    }
}
