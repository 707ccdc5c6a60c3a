public import Ledger

public enum CertificationTables {
    public static let schema = LedgerSchema(
        module: "certification",
        migrations: [
            .init(
                "1-certificates",
                """
                CREATE TABLE signing_key (
                    id INTEGER PRIMARY KEY,
                    person TEXT NOT NULL,
                    public_key TEXT NOT NULL UNIQUE,
                    registered_at TEXT NOT NULL
                ) STRICT;
                CREATE TABLE record_signature (
                    id INTEGER PRIMARY KEY,
                    record INTEGER NOT NULL REFERENCES verification_record(id),
                    role TEXT NOT NULL,
                    person TEXT NOT NULL,
                    signing_key INTEGER NOT NULL REFERENCES signing_key(id),
                    record_digest TEXT NOT NULL,
                    signature TEXT NOT NULL,
                    signed_at TEXT NOT NULL,
                    UNIQUE (record, role),
                    UNIQUE (record, person)
                ) STRICT;
                CREATE TABLE certificate (
                    id INTEGER PRIMARY KEY,
                    number TEXT NOT NULL UNIQUE,
                    kind TEXT NOT NULL,
                    institution TEXT NOT NULL,
                    record INTEGER NOT NULL UNIQUE REFERENCES verification_record(id),
                    instrument INTEGER NOT NULL REFERENCES instrument(id),
                    valid_until TEXT,
                    issued_at TEXT NOT NULL,
                    document TEXT NOT NULL
                ) STRICT;
                CREATE INDEX certificate_instrument ON certificate(instrument);
                """)
        ],
        appendOnly: ["signing_key", "record_signature", "certificate"])
}
