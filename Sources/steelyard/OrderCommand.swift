import ArgumentParser
import Certification
import Chronometry
import DataFiles
import Foundation
import Procedures
import Registry
import Verification

/// Orders: what a client brought, from the window to the hand-back.
struct OrderCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "order", abstract: "What clients brought: receive, look, prepare sessions, hand back.",
        subcommands: [Receive.self, List.self, Show.self, Job.self, HandBack.self])

    struct Receive: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Receive a list of instruments at once.",
            discussion: """
                A CSV file with the columns maker, model, serial, category (a key of the catalogue), and where they are wanted \
                stage, note and plate.NAME for what the plate says. What can be taken is taken; what cannot is listed by line \
                with its reason, and the status is 1. An instrument that was here before brings its plate along.
                """)

        @OptionGroup var ledger: LedgerOptions
        @Argument(help: "CSV file.") var file: String
        @Option(help: "Key of the institution.") var institution: String
        @Option(help: "Key of the client.") var client: String
        @Option(help: "Key of the person at the window.") var person: String
        @Option(help: "Day on which it is promised.") var due: String?
        @Option(help: "Where the instruments lie meanwhile.") var storage: String?

        func run() async throws {
            let root = try ledger.dataRoot()
            let dueOn = try due.map { text in
                guard let day = CivilDate(text) else {
                    throw ValidationError("--due is a date like 2026-11-30, not '\(text)'")
                }
                return day
            }
            let intake = try OrderIntake(
                DataNode.text(ofFile: file), file: file, catalogue: Catalogue.load(root + "/Calibration/catalogue.yaml")
            )
            let orders = Orders(try ledger.openLedger())
            let (order, refusals) = try orders.receive(
                intake, .init(institution: institution, client: client, by: person, dueOn: dueOn, storage: storage))
            for refusal in refusals { complain("\(file): \(refusal)") }
            guard let order else { throw ExitCode(2) }
            print(OrderText(order).text)
            for item in order.items {
                for (instrument, past) in try orders.history(ofSerial: item.instrument.serial)
                where instrument == item.instrument {
                    if let last = past.first {
                        print(
                            "  \(item.position)  来过 here before: \(last.procedure) \(last.closedAt.date(in: .china)) \(last.verdict) (\(past.count))"
                        )
                    }
                }
            }
            if !refusals.isEmpty { throw ExitCode(1) }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Orders, the newest first.")

        @OptionGroup var ledger: LedgerOptions
        @Option(help: "Key of an institution.") var institution: String?
        @Flag(help: "Only those whose instruments are still here.") var open = false

        func run() async throws {
            let orders = try Orders(ledger.openLedger()).all(of: institution).filter { !open || $0.isOpen }
            let today = SystemClock.now().date(in: .china)
            print(
                TextTable(
                    head: ["编号 number", "送检 client", "收到 received", "应交 due", "器具 instruments", "待检 waiting", ""],
                    rows: orders.map { order in
                        let waiting = order.items.count { $0.state == .waiting }
                        let late = order.isOpen && order.dueOn.map { $0 < today } ?? false
                        return [
                            order.number, order.client, "\(order.receivedOn)", order.dueOn.map { "\($0)" } ?? "",
                            "\(order.items.count)", "\(waiting)",
                            order.handedBack.map { "交还 handed back \($0.on)" } ?? (late ? "逾期 late" : ""),
                        ]
                    }
                ).text)
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "One order, with where each instrument stands.")

        @OptionGroup var ledger: LedgerOptions
        @Argument(help: "Number of the order.") var number: String

        func run() async throws { print(OrderText(try Orders(ledger.openLedger()).order(number)).text) }
    }

    struct Job: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write the job of a session for the instruments of an order that a procedure is for.",
            discussion:
                "The job goes to `steelyard session`. What a plate says and nobody wrote down stands in it as '?'.")

        @OptionGroup var ledger: LedgerOptions
        @Argument(help: "Number of the order.") var number: String
        @Option(help: "Number of the regulation, like 'JJG 52-2013'.") var procedure: String
        @Option(help: "Key of the verifier.") var verifier: String
        @Option(help: "Where it is done.") var place: String
        @Option(help: "ROLE=KEY of a standard; once for each.") var standard: [String] = []

        func run() async throws {
            let root = try ledger.dataRoot()
            let procedure = try Procedure.numbered(procedure, in: root + "/Calibration/procedures")
            let order = try Orders(ledger.openLedger()).order(number)
            print(try OrderJob(order, procedure, verifier: verifier, place: place, standards: standard).text)
        }
    }

    struct HandBack: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "hand-back", abstract: "Give the instruments of an order back.")

        @OptionGroup var ledger: LedgerOptions
        @Argument(help: "Number of the order.") var number: String
        @Option(help: "Who takes them.") var to: String
        @Option(help: "Key of the person who hands them out.") var person: String
        @Flag(help: "Also those that were not verified.") var asTheyAre = false

        func run() async throws {
            let orders = Orders(try ledger.openLedger())
            try orders.handBack(number, to: to, by: person, asTheyAre: asTheyAre)
            print(OrderText(try orders.order(number)).text)
        }
    }
}

/// An order at a terminal.
private struct OrderText {
    let order: Order

    init(_ order: Order) { self.order = order }

    var text: String {
        var head = "\(order.number)  送检 client \(order.client)  收到 received \(order.receivedOn) \(order.receivedBy)"
        if let due = order.dueOn { head += "  应交 due \(due)" }
        if let storage = order.storage { head += "  存放 stored \(storage)" }
        if let back = order.handedBack { head += "\n交还 handed back \(back.on) \(back.to)" }
        return head + "\n"
            + TextTable(
                head: ["", "制造 maker", "型号 model", "编号 serial", "类别 category", "阶段 stage", "状态 state", "备注 note"],
                rows: order.items.map { item in
                    [
                        "\(order.number)/\(item.position)", item.instrument.maker, item.instrument.model,
                        item.instrument.serial,
                        item.instrument.category, item.stage.words.zh, words(item.state), item.note ?? "",
                    ]
                }
            ).text
    }

    private func words(_ state: Order.Item.State) -> String {
        switch state {
        case .waiting: "待检 waiting"
        case .inSession(let job): "检定中 in \(job)"
        case .verified(let record, let verdict): "已检 \(verdict) \(record)"
        }
    }
}

/// The job of a session for those instruments of an order that wait for one procedure.
private struct OrderJob {
    let order: Order
    let procedure: Procedure
    let verifier: String
    let place: String
    let standards: [String: String]
    let items: [Order.Item]

    init(_ order: Order, _ procedure: Procedure, verifier: String, place: String, standards: [String]) throws {
        self.order = order
        self.procedure = procedure
        self.verifier = verifier
        self.place = place
        self.standards = try Dictionary(
            standards.map { text in
                let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
                guard parts.count == 2 else { throw ValidationError("--standard is ROLE=KEY, not '\(text)'") }
                return (parts[0], parts[1])
            }
        ) { _, last in last }
        items = order.items.filter { $0.state == .waiting && procedure.categories.contains($0.instrument.category) }
        guard !items.isEmpty else {
            throw ValidationError(
                "no instrument of \(order.number) waits for \(procedure.number), which is for \(procedure.categories.joined(separator: ", "))"
            )
        }
    }

    var text: String {
        var lines = [
            "# \(procedure.number) \(procedure.title.zh), order \(order.number)",
            "job: \(quoted("\(order.number)-\(procedure.number)"))",
            "procedure: \(procedure.number)", "institution: \(quoted(order.institution))", "verifier: \(verifier)",
            "client: \(order.client)", "place: \(quoted(place))", "received: \(order.receivedOn)", "standards:",
        ]
        for rule in procedure.standards { lines.append("  \(rule.role): \(standards[rule.role] ?? "\"?\"")") }
        if procedure.standards.isEmpty { lines[lines.count - 1] = "standards: {}" }
        lines.append("instruments:")
        for item in items {
            lines += [
                "  - position: \(item.position)", "    maker: \(quoted(item.instrument.maker))",
                "    model: \(quoted(item.instrument.model))", "    serial: \(quoted(item.instrument.serial))",
                "    stage: \(item.stage.rawValue)", "    nameplate:" + (procedure.nameplate.isEmpty ? " {}" : ""),
            ]
            for plate in procedure.nameplate {
                let value = item.instrument.particulars[plate.name]
                if value == nil, plate.isOptional { continue }
                lines.append("      \(plate.name): \(quoted(value ?? "?"))")
            }
        }
        return lines.joined(separator: "\n")
    }

    private func quoted(_ text: String) -> String {
        "\"" + text.replacingOccurrences(of: "\\", with: "\\\\").replacingOccurrences(of: "\"", with: "\\\"") + "\""
    }
}

/// What was done with an instrument.
struct InstrumentCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "instrument", abstract: "Instruments on file.", subcommands: [History.self])

    struct History: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Every verification of an instrument, the newest first.")

        @OptionGroup var ledger: LedgerOptions
        @Argument(help: "Serial number.") var serial: String

        func run() async throws {
            let found = try Orders(ledger.openLedger()).history(ofSerial: serial)
            guard !found.isEmpty else {
                throw ValidationError("no instrument with the serial number '\(serial)' is on file")
            }
            for (instrument, past) in found {
                print(
                    "\(instrument.maker) \(instrument.model) \(instrument.serial)  \(instrument.category)  \(instrument.owner)"
                )
                for (name, value) in instrument.particulars.sorted(by: { $0.key < $1.key }) {
                    print("  \(name): \(value)")
                }
                print(
                    TextTable(
                        head: ["日期 day", "规程 procedure", "结论 verdict", "机构 institution", "记录 record"],
                        rows: past.map {
                            ["\($0.closedAt.date(in: .china))", $0.procedure, $0.verdict, $0.institution, $0.record]
                        }
                    ).text)
            }
        }
    }
}
