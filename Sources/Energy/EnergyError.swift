/// Why energy data could not be collected or submitted.
public enum EnergyError: Error, Sendable, Equatable {
    case notADataCode(text: String, why: String)
    case scopeContradictsCode(code: String, scope: String, why: String)
    case insecureURL(url: String)
    case notAURL(url: String)
    /// The platform was not reached, or its answer did not arrive whole.
    case unreachable(url: String, why: String)
    case unknownPoint(key: String)
    case unknownDestination(key: String)
    case keyTaken(key: String, by: String)
    case damagedRow(table: String, key: Int64, column: String, found: String)
    case nothingToRun(plan: String)
    case alreadyCollecting(ledger: String)
    case cannotLock(path: String, why: String)
}

extension EnergyError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .notADataCode(let text, let why):
            "'\(text)' is not a data code: \(why); a code is 16 digits like 00-00-0000-023300-11"
        case .scopeContradictsCode(let code, let scope, let why):
            "data code \(code) does not fit scope \(scope): \(why)"
        case .insecureURL(let url):
            "\(url) would carry energy data in clear over a network: use https (http is allowed to this machine only)"
        case .notAURL(let url):
            "'\(url)' is not an address: write it like https://host/path"
        case .unreachable(let url, let why):
            "\(url) did not answer: \(why); it is tried again until it does"
        case .unknownPoint(let key):
            "there is no metering point '\(key)': check the key against the plan"
        case .unknownDestination(let key):
            "there is no destination '\(key)': check the key against the plan"
        case .keyTaken(let key, let enterprise):
            "the key '\(key)' belongs to enterprise \(enterprise) in this ledger: give it another one in the plan"
        case .damagedRow(let table, let key, let column, let found):
            "row \(key) of \(table) holds '\(found)' in \(column), which this program never writes: run `steelyard audit verify`"
        case .nothingToRun(let plan):
            "the plan \(plan) has no metering points: add at least one under 'points'"
        case .alreadyCollecting(let ledger):
            "another program already collects into \(ledger): stop it first, or name another ledger"
        case .cannotLock(let path, let why):
            "the lock \(path) cannot be made: \(why); the ledger's folder must be writable"
        }
    }
}

extension EnergyError {
    /// Whether the plan, an address or the order of things is wrong, as against a network or a file
    /// that failed.
    public var isWrongUse: Bool {
        switch self {
        case .unreachable, .damagedRow, .cannotLock: false
        default: true
        }
    }
}
