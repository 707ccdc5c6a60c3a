public import Chronometry
public import GRDB

/// All standards and their certificates, read at one moment; chains are computed from it alone.
public struct ReferenceGraph: Sendable {
    public let standards: [String: Standard]
    /// Those that were not replaced, oldest issue first.
    public let certificates: [CalibrationCertificate]
    private let certificatesByStandard: [String: [CalibrationCertificate]]

    /// - Parameter certificates: those that were not replaced, in order of issue.
    public init(standards: [Standard], certificates: [CalibrationCertificate]) {
        self.standards = Dictionary(standards.map { ($0.key, $0) }) { _, later in later }
        self.certificates = certificates
        certificatesByStandard = Dictionary(grouping: certificates, by: \.standard)
    }

    public init(in database: Database) throws {
        self.init(
            standards: try Standards.all(in: database),
            certificates: try Calibrations.all(in: database))
    }

    /// The certificate that speaks for the standard on `day`: the newest one issued by then, whether
    /// or not it still holds.
    public func certificate(of standard: String, on day: CivilDate) -> CalibrationCertificate? {
        certificatesByStandard[standard]?.last { $0.issuedOn <= day }
    }

    /// The way up from `standard` as it is on `day`; each gap on it is a value in the chain.
    public func chain(of standard: String, on day: CivilDate) -> Chain {
        var links: [Chain.Link] = []
        var breaks: [Chain.Break] = []
        var seen: [String] = []
        var next: (key: String, namedBy: String?)? = (standard, nil)
        while let (key, namedBy) = next {
            next = nil
            guard !seen.contains(key) else {
                breaks.append(.cycle(seen + [key]))
                break
            }
            seen.append(key)
            guard let standard = standards[key] else {
                breaks.append(.unknownStandard(key: key, namedBy: namedBy))
                break
            }
            let certificate = certificate(of: key, on: day)
            links.append(
                Chain.Link(
                    standard: standard, certificate: certificate,
                    isInDate: certificate?.isInDate(on: day) ?? (standard.kind == .national)))
            guard let certificate else {
                // The national standard is the end of every chain and may realize its unit itself.
                if standard.kind != .national { breaks.append(.uncalibrated(standard: key)) }
                break
            }
            if !certificate.isInDate(on: day) {
                breaks.append(
                    .expired(
                        standard: key, certificate: certificate.number,
                        lastDay: certificate.validUntil))
            }
            if let reference = certificate.reference {
                next = (reference, certificate.number)
            } else if standard.kind != .national {
                breaks.append(.endsBelowNational(standard: key, certificate: certificate.number))
            }
        }
        return Chain(standard: standard, day: day, links: links, breaks: breaks)
    }
}
