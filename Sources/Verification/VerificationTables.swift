public import Ledger

public enum VerificationTables {
    public static let schema = LedgerSchema(
        module: "verification",
        migrations: [
            .init(
                "1-sessions",
                """
                CREATE TABLE kept_file (
                    id INTEGER PRIMARY KEY,
                    name TEXT NOT NULL,
                    digest TEXT NOT NULL UNIQUE,
                    content TEXT NOT NULL
                ) STRICT;
                CREATE TABLE verification_session (
                    id INTEGER PRIMARY KEY,
                    job TEXT NOT NULL,
                    job_digest TEXT NOT NULL REFERENCES kept_file(digest),
                    institution TEXT NOT NULL,
                    procedure TEXT NOT NULL,
                    procedure_digest TEXT NOT NULL REFERENCES kept_file(digest),
                    verifier TEXT NOT NULL,
                    started_at TEXT NOT NULL,
                    standards TEXT NOT NULL,
                    profiles TEXT NOT NULL,
                    UNIQUE (institution, job)
                ) STRICT;
                CREATE TABLE session_position (
                    id INTEGER PRIMARY KEY,
                    session INTEGER NOT NULL REFERENCES verification_session(id),
                    position INTEGER NOT NULL,
                    instrument INTEGER NOT NULL REFERENCES instrument(id),
                    UNIQUE (session, position)
                ) STRICT;
                CREATE TABLE session_event (
                    id INTEGER PRIMARY KEY,
                    session INTEGER NOT NULL REFERENCES verification_session(id),
                    kind TEXT NOT NULL,
                    point TEXT,
                    repetition INTEGER,
                    attempt INTEGER,
                    detail TEXT,
                    at TEXT NOT NULL
                ) STRICT;
                CREATE INDEX session_event_session ON session_event(session);
                CREATE TABLE observation (
                    id INTEGER PRIMARY KEY,
                    session INTEGER NOT NULL REFERENCES verification_session(id),
                    role TEXT NOT NULL,
                    condition TEXT,
                    point TEXT,
                    repetition INTEGER NOT NULL,
                    attempt INTEGER NOT NULL,
                    position INTEGER,
                    value TEXT NOT NULL,
                    unit TEXT NOT NULL,
                    profile TEXT NOT NULL,
                    channel TEXT NOT NULL,
                    framing TEXT NOT NULL,
                    request TEXT NOT NULL,
                    answer TEXT NOT NULL,
                    sent_at TEXT NOT NULL,
                    answered_at TEXT NOT NULL,
                    line TEXT NOT NULL
                ) STRICT;
                CREATE INDEX observation_session ON observation(session);
                CREATE TABLE verification_record (
                    id INTEGER PRIMARY KEY,
                    number TEXT NOT NULL UNIQUE,
                    session INTEGER NOT NULL REFERENCES verification_session(id),
                    position INTEGER NOT NULL,
                    instrument INTEGER NOT NULL REFERENCES instrument(id),
                    verdict TEXT NOT NULL,
                    body TEXT NOT NULL,
                    digest TEXT NOT NULL,
                    closed_at TEXT NOT NULL,
                    UNIQUE (session, position)
                ) STRICT;
                """),
            .init(
                "2-typed-answers-and-orders",
                """
                CREATE TABLE typed_answer (
                    id INTEGER PRIMARY KEY,
                    session INTEGER NOT NULL REFERENCES verification_session(id),
                    position INTEGER,
                    question TEXT NOT NULL,
                    answer TEXT NOT NULL,
                    reason TEXT,
                    at TEXT NOT NULL
                ) STRICT;
                CREATE INDEX typed_answer_session ON typed_answer(session);
                CREATE TABLE service_order (
                    id INTEGER PRIMARY KEY,
                    number TEXT NOT NULL UNIQUE,
                    institution TEXT NOT NULL,
                    client TEXT NOT NULL,
                    received_by TEXT NOT NULL,
                    received_on TEXT NOT NULL,
                    received_at TEXT NOT NULL,
                    due_on TEXT,
                    storage TEXT
                ) STRICT;
                CREATE TABLE order_item (
                    id INTEGER PRIMARY KEY,
                    service_order INTEGER NOT NULL REFERENCES service_order(id),
                    position INTEGER NOT NULL,
                    instrument INTEGER NOT NULL REFERENCES instrument(id),
                    stage TEXT NOT NULL,
                    note TEXT,
                    UNIQUE (service_order, position)
                ) STRICT;
                CREATE INDEX order_item_instrument ON order_item(instrument);
                CREATE TABLE order_return (
                    id INTEGER PRIMARY KEY,
                    service_order INTEGER NOT NULL UNIQUE REFERENCES service_order(id),
                    handed_to TEXT NOT NULL,
                    handed_by TEXT NOT NULL,
                    handed_on TEXT NOT NULL
                ) STRICT;
                CREATE INDEX verification_record_instrument ON verification_record(instrument);
                CREATE INDEX session_position_instrument ON session_position(instrument);
                """),
        ],
        appendOnly: [
            "kept_file", "verification_session", "session_position", "session_event", "observation",
            "verification_record", "typed_answer", "service_order", "order_item", "order_return",
        ])
}
