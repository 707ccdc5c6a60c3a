import ArgumentParser
import Certification
import Ledger
import Registry

struct PersonCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "person", abstract: "People of the institutions.",
        subcommands: [List.self, Key.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "People and their qualifications.")

        @OptionGroup var ledger: LedgerOptions
        @Option(help: "Only of this institution.") var institution: String?

        func run() async throws {
            let people = try ledger.openLedger().read { try People.all(of: institution, in: $0) }
            print(
                TextTable(
                    head: ["键 key", "姓名", "机构", "资格 qualifications"],
                    rows: people.map { person in
                        [
                            person.key, person.name, person.institution,
                            person.qualifications.map {
                                "\($0.role.name.zh)至\($0.validUntil)"
                            }.joined(separator: ", "),
                        ]
                    }
                ).text)
        }
    }

    struct Key: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make and register a person's signing key.",
            discussion: "The private half is written beside the ledger, readable by its owner alone.")

        @OptionGroup var ledger: LedgerOptions
        @Argument(help: "Key of the person.") var person: String

        func run() async throws {
            let book = try ledger.openLedger()
            guard try book.read({ try People.find(person, in: $0) }) != nil else {
                throw CertificationError.unknownPerson(person)
            }
            try SigningKey.make(for: person, in: ledger.keys, ledger: book)
            print("\(person) has a signing key in \(ledger.keys)")
        }
    }
}
