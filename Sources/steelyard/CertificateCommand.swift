import ArgumentParser
import Certification
import Foundation
import Ledger
import Procedures
import Verification

struct CertificateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "certificate",
        abstract: "Sign records, issue certificates and notices, show and check them.",
        subcommands: [
            Sign.self, Issue.self, List.self, Show.self, PDF.self, DCC.self, Recompute.self,
            Verify.self,
        ])

    /// Which records an order is about.
    struct RecordSelection: ParsableArguments {
        @Argument(help: "Record numbers.") var records: [String] = []
        @Option(help: "All records of this job.") var job: String?
        @Option(help: "The institution whose job it is.") var institution: String?

        func validate() throws {
            guard records.isEmpty != (job == nil) else {
                throw ValidationError("name record numbers, or a job with --job and --institution")
            }
            guard (job == nil) == (institution == nil) else {
                throw ValidationError("--job and --institution belong together")
            }
        }

        func numbers(in ledger: Ledger) throws -> [String] {
            guard let job, let institution else { return records }
            let found = try Records(ledger).records(ofJob: job, institution: institution)
            guard !found.isEmpty else { throw VerificationError.incomplete(job: job) }
            return found.map(\.record.number)
        }
    }

    struct Sign: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Sign closed records as verifier, checker or signatory.")

        @OptionGroup var ledger: LedgerOptions
        @OptionGroup var selection: RecordSelection
        @Option(help: "Who signs.") var person: String
        @Option(
            help: "verifier, checker or signatory.",
            transform: { text in
                guard let role = RecordSignature.Role(rawValue: text) else {
                    throw ValidationError("--as is verifier, checker or signatory, not '\(text)'")
                }
                return role
            })
        var `as`: RecordSignature.Role

        func run() async throws {
            let key = try SigningKey.load(person, in: ledger.keys)
            let ledger = try ledger.openLedger()
            let signing = RecordSigning(ledger)
            let numbers = try selection.numbers(in: ledger)
            for number in numbers { try signing.sign(number, as: self.as, with: key) }
            print("\(person) signed \(numbers.count) records as \(self.as.rawValue)")
        }
    }

    struct Issue: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Issue what signed records call for: a certificate each, or a notice.")

        @OptionGroup var ledger: LedgerOptions
        @OptionGroup var selection: RecordSelection
        @OptionGroup var paper: PaperOptions

        func run() async throws {
            let root = try ledger.dataRoot()
            let ledger = try ledger.openLedger()
            let certificates = Certificates(ledger, version: Steelyard.version)
            let issued = try selection.numbers(in: ledger).map { number in
                let record = try Records(ledger).record(number).record
                let procedure = try Procedure.numbered(
                    record.procedure, in: root + "/Calibration/procedures")
                return try certificates.issue(number, under: procedure)
            }
            let writer = try PaperWriter(paper, root: root)
            for certificate in issued {
                let files = try writer.write(certificate)
                let kind = certificate.document.title.zh
                print("\(certificate.number)  \(kind)  \(certificate.document.instrument.serial)  \(files.pdf)")
            }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "What was issued.")

        @OptionGroup var ledger: LedgerOptions
        @Option(help: "text or json.") var format = OutputFormat.text

        func run() async throws {
            let all = try Certificates(ledger.openLedger(), version: Steelyard.version).all()
            switch format {
            case .text:
                print(
                    TextTable(
                        head: ["编号 number", "种类 kind", "器具 instrument", "检定日期", "有效 until"],
                        rows: all.map {
                            let document = $0.document
                            return [
                                $0.number, document.title.zh,
                                "\(document.instrument.name.zh) \(document.instrument.serial)",
                                document.verified_on, document.valid_until?.value ?? "—",
                            ]
                        }
                    ).text)
            case .json: try printJSON(all.map(\.document))
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "One certificate or notice, as data.")

        @OptionGroup var ledger: LedgerOptions
        @Argument(help: "Its number.") var number: String

        func run() async throws {
            try printJSON(
                Certificates(ledger.openLedger(), version: Steelyard.version).certificate(number).document)
        }
    }

    struct PDF: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write the PDF again, with its XML: the same bytes as before.")

        @OptionGroup var ledger: LedgerOptions
        @OptionGroup var paper: PaperOptions
        @Argument(help: "Number of the certificate or notice.") var number: String

        func run() async throws {
            let issued = try Certificates(ledger.openLedger(), version: Steelyard.version)
                .certificate(number)
            let files = try PaperWriter(paper, root: ledger.dataRoot()).write(issued)
            print("\(files.pdf)\n\(files.xml)")
        }
    }

    struct DCC: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "The digital calibration certificate (DCC 3.3.0 XML).")

        @OptionGroup var ledger: LedgerOptions
        @Argument(help: "Number of the certificate or notice.") var number: String

        func run() async throws {
            let issued = try Certificates(ledger.openLedger(), version: Steelyard.version)
                .certificate(number)
            FileHandle.standardOutput.write(try CalibrationCertificateXML.write(issued.document))
        }
    }

    struct Recompute: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract:
                "Compute a certificate again from the bytes on the wire, or the readings that were typed; status 1 where it differs."
        )

        @OptionGroup var ledger: LedgerOptions
        @Argument(help: "Number of the certificate or notice.") var number: String

        func run() async throws {
            let ledger = try ledger.openLedger()
            let issued = try Certificates(ledger, version: Steelyard.version).certificate(number)
            let (result, isIdentical) = try Records(ledger).recompute(issued.record)
            let typed = try Records(ledger).record(issued.record).record.readings
            let from =
                typed.map { "由原始读数重算 recomputed from its readings: \($0.values.count) values" }
                ?? "由原始报文重算 recomputed from the wire: \(result.points.count) points"
            print(
                "\(number) \(from), "
                    + (isIdentical ? "一致 identical" : "不一致 DIFFERENT"))
            if !isIdentical { throw ExitCode(1) }
        }
    }

    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check a certificate's signatures and its record; status 1 where something does not fit.")

        @OptionGroup var ledger: LedgerOptions
        @Argument(help: "Number of the certificate or notice.") var number: String

        func run() async throws {
            let ledger = try ledger.openLedger()
            let issued = try Certificates(ledger, version: Steelyard.version).certificate(number)
            let stored = try Records(ledger).record(issued.record)
            do {
                let count = try RecordSigning(ledger).check(stored)
                guard stored.digest == issued.document.record_digest else { throw ExitCode(1) }
                print("\(number) 真实 genuine: record \(issued.record), \(count) signatures")
            } catch CertificationError.badSignature(let record, let person) {
                print("\(number) 不实 NOT genuine: the signature of \(person) on \(record) does not fit")
                throw ExitCode(1)
            }
        }
    }
}

/// Where paper goes and what makes it.
struct PaperOptions: ParsableArguments {
    @Option(help: "Folder for the files.") var output = "."
    @Option(help: "Python with the typesetting packages; STEELYARD_PYTHON, or the data folder's .venv.")
    var python: String?
}

/// Writes a document's two files, XML first: the PDF carries the XML inside.
struct PaperWriter {
    private let typesetter: Typesetter
    private let folder: String

    init(_ options: PaperOptions, root: String) throws {
        let local = "\(root)/.venv/bin/python3"
        let python =
            options.python ?? ProcessInfo.processInfo.environment["STEELYARD_PYTHON"]
            ?? (FileManager.default.isExecutableFile(atPath: local) ? local : "python3")
        folder = URL(fileURLWithPath: options.output).path
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        } catch {
            throw CertificationError.cannotWrite(path: folder, why: error.localizedDescription)
        }
        typesetter = try Typesetter(templates: "\(root)/Calibration/templates", python: python)
    }

    func write(_ issued: Certificates.Issued) throws -> (pdf: String, xml: String) {
        let xml = try CalibrationCertificateXML.write(issued.document)
        let (pdfPath, xmlPath) = ("\(folder)/\(issued.number).pdf", "\(folder)/\(issued.number).xml")
        do { try xml.write(to: URL(fileURLWithPath: xmlPath), options: .atomic) } catch {
            throw CertificationError.cannotWrite(path: xmlPath, why: error.localizedDescription)
        }
        _ = try typesetter.typeset(
            issued.document, xml: xml, xmlName: "\(issued.number).xml", to: pdfPath)
        return (pdfPath, xmlPath)
    }
}
