import ArgumentParser
import Certification
import Chronometry
import Ledger
import Traceability

struct TraceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trace",
        abstract: "The chain behind a certificate, an instrument or a standard, up to the national standard.",
        discussion: "Exits with 1 where the chain is broken on that day.")

    @OptionGroup var ledger: LedgerOptions

    @Argument(
        help:
            "Number of a certificate or notice, serial number of an instrument, or key or serial number of a standard.")
    var number: String

    @Option(
        help: "The day asked about, such as 2026-11-25. Today without it.",
        transform: { text in
            guard let day = CivilDate(text) else {
                throw ValidationError("'\(text)' is no date: write it like 2026-11-25")
            }
            return day
        })
    var on: CivilDate?

    @Option(help: "text for people, json for programs.")
    var format: OutputFormat = .text

    func run() async throws {
        let day = on ?? SystemClock.now().date(in: .china)
        let ledger = try ledger.openLedger()
        let issued = try certificates(in: ledger)
        if !issued.isEmpty {
            switch format {
            case .text: print(issued.map(\.chainText).joined(separator: "\n\n"))
            case .json: try printJSON(issued.map(\.document.standards))
            }
            return
        }
        let chains = try ledger.read { database in
            // What else NUMBER may name is decided here and nowhere else.
            let standards = try Standards.called(number, in: database)
            let graph = try ReferenceGraph(in: database)
            return standards.map { graph.chain(of: $0.key, on: day) }
        }
        guard !chains.isEmpty else {
            throw ValidationError(
                "nothing on file is called '\(number)': give a certificate's number, an instrument's serial number, or a standard's key"
            )
        }
        switch format {
        case .text: print(chains.map(\.text).joined(separator: "\n\n"))
        case .json: print("[\(try chains.map { try $0.json() }.joined(separator: ",\n"))]")
        }
        if chains.contains(where: { !$0.isUnbroken }) { throw ExitCode(1) }
    }

    /// A certificate by its number, or the newest of each instrument with that serial number.
    private func certificates(in ledger: Ledger) throws -> [Certificates.Issued] {
        let certificates = Certificates(ledger, version: Steelyard.version)
        do { return [try certificates.certificate(number)] } catch CertificationError.unknownCertificate {
            return try certificates.certificates(ofSerial: number)
        }
    }
}

extension Certificates.Issued {
    /// From the instrument's result up to the national standard, as the record holds it.
    fileprivate var chainText: String {
        let instrument = document.instrument
        var lines = [
            "\(number)  \(document.title.zh)  \(document.conclusion.zh)",
            "  \(instrument.name.zh) \(instrument.maker) \(instrument.model) No. \(instrument.serial)",
            "  检定 verified \(document.verified_on)"
                + (document.valid_until.map { "  \($0.label.zh) \($0.value)" } ?? "")
                + "  原始记录 record \(record)  sha256 \(document.record_digest.prefix(16))…",
        ]
        if let results = document.results.first,
            let errors = results.quantities.first(where: { $0.role == .error })
        {
            for (index, point) in results.points.enumerated() {
                lines.append(
                    "    \(point): \(errors.values[index]) \(errors.unit), "
                        + "U = \(errors.expandedUncertainties?[index] ?? "?") \(errors.unit) (k = \(errors.k ?? "?"))")
            }
        }
        for standard in document.standards {
            lines.append("  标准器 standard \(standard.key)  考核 assessment \(standard.assessment)")
            for link in standard.chain {
                let indent = String(repeating: "  ", count: link.level + 2)
                lines.append(
                    "\(indent)↑ \(link.what)  \(link.certificate)  \(link.issuer)  \(link.uncertainty)  "
                        + "至 until \(link.valid_until)  \(link.inDate ? "有效 in date" : "过期 OUT OF DATE")")
            }
        }
        return lines.joined(separator: "\n")
    }
}
