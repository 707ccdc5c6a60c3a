public import Chronometry
public import GRDB

/// Whether a standard may be used on a day: its own certificate and the whole chain above it.
public enum Standing: Hashable, Sendable {
    /// `through` is the last day on which the whole chain holds as it is on file today, and
    /// `certificate` the one that ends on it; both nil where nothing in the chain ends.
    case inDate(standard: String, through: CivilDate?, certificate: String?)
    /// `since` is the first day on which it no longer held; `link` is the standard in the chain
    /// whose certificate ran out.
    case expired(standard: String, link: String, certificate: String, since: CivilDate)
    case noCalibration(standard: String)
    case broken(standard: String, Chain.Break)

    public init(of chain: Chain) {
        let standard = chain.standard
        switch chain.breaks.first {
        case nil:
            let first = chain.firstToEnd
            self = .inDate(
                standard: standard, through: first?.validUntil, certificate: first?.number)
        case .expired(let link, let certificate, let lastDay)?:
            self = .expired(
                standard: standard, link: link, certificate: certificate,
                since: lastDay.advanced(byDays: 1))
        case .uncalibrated(standard)?:
            self = .noCalibration(standard: standard)
        case let other?:
            self = .broken(standard: standard, other)
        }
    }

    public var isInDate: Bool {
        if case .inDate = self { true } else { false }
    }

    public var zh: String {
        switch self {
        case .inDate(let standard, let through?, let certificate?):
            "标准 \(standard) 溯源有效至 \(through)(证书 \(certificate) 最先到期)"
        case .inDate(let standard, _, _): "标准 \(standard) 溯源有效"
        case .expired(let standard, let link, let certificate, let since):
            link == standard
                ? "标准 \(standard) 自 \(since) 起过期(证书 \(certificate)),不得使用"
                : "标准 \(standard) 不得使用:上级标准 \(link) 自 \(since) 起过期(证书 \(certificate))"
        case .noCalibration(let standard): "标准 \(standard) 没有检定或校准证书,不得使用"
        case .broken(let standard, let what): "标准 \(standard) 不得使用:\(what.zh)"
        }
    }

    public var en: String {
        switch self {
        case .inDate(let standard, let through?, let certificate?):
            "\(standard) is traceable through \(through), when certificate \(certificate) ends"
        case .inDate(let standard, _, _): "\(standard) is traceable"
        case .expired(let standard, let link, let certificate, let since):
            link == standard
                ? "\(standard) must not be used: certificate \(certificate) is out of date since \(since)"
                : "\(standard) must not be used: \(link) above it is out of date since \(since) (certificate \(certificate))"
        case .noCalibration(let standard): "\(standard) must not be used: it has no certificate"
        case .broken(let standard, let what): "\(standard) must not be used: \(what.en)"
        }
    }
}

public enum Chains {
    /// The chain of the standard with that key. A broken chain is a value, never an error.
    public static func chain(
        of standard: String, on day: CivilDate, in database: Database
    ) throws -> Chain {
        try ReferenceGraph(in: database).chain(of: standard, on: day)
    }

    /// Asked for every standard before a verification session starts.
    public static func standing(
        of standard: String, on day: CivilDate, in database: Database
    ) throws -> Standing {
        Standing(of: try chain(of: standard, on: day, in: database))
    }
}
