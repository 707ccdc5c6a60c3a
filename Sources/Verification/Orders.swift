public import Chronometry
import GRDB
public import Ledger
import Metrology
import Procedures
public import Registry

/// Orders in the ledger: received, looked at, handed back.
public struct Orders: Sendable {
    private let ledger: Ledger
    private let zone: ZoneOffset

    public init(_ ledger: Ledger, zone: ZoneOffset = .china) {
        self.ledger = ledger
        self.zone = zone
    }

    /// Who receives what from whom.
    public struct Reception: Sendable {
        public let institution: String
        public let client: String
        /// Key of the person at the window.
        public let by: String
        public let dueOn: CivilDate?
        public let storage: String?

        public init(institution: String, client: String, by: String, dueOn: CivilDate?, storage: String?) {
            self.institution = institution
            self.client = client
            self.by = by
            self.dueOn = dueOn
            self.storage = storage
        }
    }

    /// Takes what can be taken; an instrument that was here before keeps what its plate said then.
    ///
    /// - Returns: the order, nil where nothing can be taken, and what was refused, by line.
    /// - Throws: ``VerificationError`` for an institution, client or person that is not on file.
    public func receive(
        _ intake: OrderIntake, _ reception: Reception
    ) throws -> (order: Order?, refusals: [OrderIntake.Refusal]) {
        try check(reception)
        var refusals = intake.refusals
        var accepted: [OrderIntake.Entry] = []
        for entry in intake.entries {
            if let why = try refusal(of: entry) {
                refusals.append(.init(line: entry.line, why: why))
            } else {
                accepted.append(entry)
            }
        }
        refusals.sort { $0.line < $1.line }
        guard !accepted.isEmpty else { return (nil, refusals) }
        let number = try ledger.commit(reception.by, reason: "receive \(accepted.count) instruments") { transaction in
            let today = transaction.at.date(in: zone)
            let number = try Self.next(reception.institution, today.components.year, in: transaction.database)
            let order = try transaction.insert(
                "service_order",
                [
                    "number": number, "institution": reception.institution, "client": reception.client,
                    "received_by": reception.by, "received_on": today.description,
                    "received_at": transaction.at.iso8601,
                    "due_on": reception.dueOn?.description, "storage": reception.storage,
                ])
            for (index, entry) in accepted.enumerated() {
                let known = try Instruments.find(
                    maker: entry.maker, model: entry.model, serial: entry.serial, in: transaction.database)
                let plate = (known?.instrument.particulars ?? [:]).merging(entry.plate) { $1 }
                let kept = try Instruments.register(
                    Instrument(
                        maker: entry.maker, model: entry.model, serial: entry.serial, category: entry.category,
                        owner: reception.client, particulars: plate), in: transaction)
                try transaction.insert(
                    "order_item",
                    [
                        "service_order": order, "position": index + 1, "instrument": kept.id,
                        "stage": entry.stage.rawValue, "note": entry.note,
                    ])
            }
            return number
        }
        return (try order(number), refusals)
    }

    private func check(_ reception: Reception) throws {
        try ledger.read { db in
            guard try Institutions.find(reception.institution, in: db) != nil else {
                throw VerificationError.unknown(what: "institution", key: reception.institution)
            }
            guard try Owners.find(reception.client, in: db) != nil else {
                throw VerificationError.unknown(what: "owner", key: reception.client)
            }
            guard let person = try People.find(reception.by, in: db) else {
                throw VerificationError.unknown(what: "person", key: reception.by)
            }
            guard person.institution == reception.institution else {
                throw VerificationError.notOfInstitution(person: person.name, institution: reception.institution)
            }
        }
    }

    /// Why an instrument cannot be received; nil where it can.
    private func refusal(of entry: OrderIntake.Entry) throws -> String? {
        try ledger.read { db in
            guard let found = try Instruments.find(maker: entry.maker, model: entry.model, serial: entry.serial, in: db)
            else { return nil }
            guard found.instrument.category == entry.category else {
                return "\(entry.identity) is on file as '\(found.instrument.category)', not as '\(entry.category)'"
            }
            return try String.fetchOne(
                db,
                sql: """
                    SELECT number FROM service_order JOIN order_item ON service_order = service_order.id
                    WHERE instrument = ? AND NOT EXISTS (SELECT 1 FROM order_return WHERE service_order = service_order.id)
                    """, arguments: [found.id]
            ).map { "\(entry.identity) is here already, in the order \($0)" }
        }
    }

    // MARK: Looking

    /// - Throws: ``VerificationError`` where there is none.
    public func order(_ number: String) throws -> Order {
        guard let found = try orders("number = ?", [number]).first else {
            throw VerificationError.unknown(what: "order", key: number)
        }
        return found
    }

    /// All orders of an institution, or of all, the newest first.
    public func all(of institution: String?) throws -> [Order] {
        if let institution { return try orders("institution = ?", [institution]) }
        return try orders("1", [])
    }

    private func orders(_ condition: String, _ arguments: StatementArguments) throws -> [Order] {
        try ledger.read { db in
            try Row.fetchAll(
                db, sql: "SELECT * FROM service_order WHERE \(condition) ORDER BY id DESC", arguments: arguments
            ).map { try Self.order($0, in: db) }
        }
    }

    private static func order(_ row: Row, in db: Database) throws -> Order {
        let id: Int64 = row["id"]
        guard let receivedOn = CivilDate(row["received_on"]) else {
            throw VerificationError.malformedRow(table: "service_order", id: id)
        }
        let items = try Row.fetchAll(
            db, sql: "SELECT * FROM order_item WHERE service_order = ? ORDER BY position", arguments: [id]
        ).map { item in
            guard let found = try Instruments.find(id: item["instrument"], in: db),
                let stage = Procedure.Stage(rawValue: item["stage"])
            else { throw VerificationError.malformedRow(table: "order_item", id: item["id"]) }
            return Order.Item(
                position: item["position"], instrument: found.instrument, stage: stage, note: item["note"],
                state: try state(of: item["instrument"], since: row["received_at"], in: db))
        }
        let back = try Row.fetchOne(db, sql: "SELECT * FROM order_return WHERE service_order = ?", arguments: [id])
        return Order(
            number: row["number"], institution: row["institution"], client: row["client"],
            receivedBy: row["received_by"],
            receivedOn: receivedOn, dueOn: (row["due_on"] as String?).flatMap { CivilDate($0) },
            storage: row["storage"],
            items: items,
            handedBack: back.flatMap { back in
                CivilDate(back["handed_on"]).map { .init(to: back["handed_to"], on: $0) }
            })
    }

    /// - Parameter since: the instant of reception, as it is stored: what was closed before belongs to an earlier visit.
    private static func state(of instrument: Int64, since: String, in db: Database) throws -> Order.Item.State {
        if let job = try SessionStore.openSession(with: instrument, in: db) { return .inSession(job: job) }
        let record = try Row.fetchOne(
            db,
            sql: """
                SELECT number, verdict FROM verification_record WHERE instrument = ? AND closed_at >= ?
                ORDER BY id DESC LIMIT 1
                """, arguments: [instrument, since])
        return record.map { .verified(record: $0["number"], verdict: $0["verdict"]) } ?? .waiting
    }

    /// What was done with each instrument that bears this serial number, the newest first.
    public func history(ofSerial serial: String) throws -> [(instrument: Instrument, past: [PastVerification])] {
        try ledger.read { db in
            try Instruments.bearing(serial: serial, in: db).map { found in
                let past = try Row.fetchAll(
                    db,
                    sql: """
                        SELECT verification_record.number, procedure, institution, verdict, closed_at
                        FROM verification_record JOIN verification_session ON session = verification_session.id
                        WHERE instrument = ? ORDER BY verification_record.id DESC
                        """, arguments: [found.id]
                ).compactMap { row in
                    Instant(row["closed_at"]).map {
                        PastVerification(
                            record: row["number"], procedure: row["procedure"], institution: row["institution"],
                            verdict: row["verdict"], closedAt: $0)
                    }
                }
                return (found.instrument, past)
            }
        }
    }

    // MARK: Handing back

    /// - Throws: ``VerificationError/notReady(order:waiting:)`` while an instrument is not verified, unless they go back as they are.
    public func handBack(_ number: String, to recipient: String, by person: String, asTheyAre: Bool) throws {
        let order = try order(number)
        guard order.isOpen else { throw VerificationError.handedBack(order: number) }
        let waiting = order.items.filter { item in
            if case .verified = item.state { false } else { true }
        }
        guard waiting.isEmpty || asTheyAre else {
            throw VerificationError.notReady(order: number, waiting: waiting.map(\.instrument.serial))
        }
        try ledger.commit(person, reason: "hand back \(number)") { transaction in
            guard
                let id = try Int64.fetchOne(
                    transaction.database, sql: "SELECT id FROM service_order WHERE number = ?", arguments: [number])
            else { throw VerificationError.unknown(what: "order", key: number) }
            try transaction.insert(
                "order_return",
                [
                    "service_order": id, "handed_to": recipient, "handed_by": person,
                    "handed_on": transaction.at.date(in: zone).description,
                ])
        }
    }

    /// `O-421200-2026-0001`, one series an institution and year, without a gap.
    private static func next(_ institution: String, _ year: Int, in database: Database) throws -> String {
        let prefix = "O-\(institution)-\(year)-"
        let last = try String.fetchOne(
            database, sql: "SELECT number FROM service_order WHERE number LIKE ? || '%' ORDER BY id DESC LIMIT 1",
            arguments: [prefix])
        let digits = String((last.flatMap { Int($0.dropFirst(prefix.count)) } ?? 0) + 1)
        return prefix + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}
