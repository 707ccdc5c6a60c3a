public import Ledger

/// The tables of this module.
///
/// Instants are UTC in the form of `Instant.iso8601`; `stat_date` is the platform's own text, local
/// time of China, because that text is the identity of a value there.
public enum EnergyTables {
    public static let schema = LedgerSchema(
        module: "energy",
        migrations: [LedgerSchema.Migration("1-energy", points + samples + submissions)],
        appendOnly: [
            "sample", "reading_failure", "clock_step", "interval_value", "upload",
            "submission_attempt",
        ])

    private static let points = """
        CREATE TABLE metering_point (
            id INTEGER PRIMARY KEY,
            key TEXT NOT NULL UNIQUE,
            enterprise_code TEXT NOT NULL,
            data_code TEXT NOT NULL CHECK (length(data_code) = 16),
            name TEXT NOT NULL,
            device TEXT NOT NULL,
            connection TEXT NOT NULL,
            channel TEXT NOT NULL,
            unit TEXT NOT NULL,
            ratio TEXT NOT NULL,
            rolls_over_at TEXT,
            input_type INTEGER NOT NULL,
            stat_type INTEGER NOT NULL,
            scope INTEGER NOT NULL,
            least TEXT NOT NULL,
            greatest TEXT NOT NULL,
            source TEXT NOT NULL,
            active_from TEXT NOT NULL,
            active_until TEXT
        ) STRICT;
        CREATE TABLE collection_run (
            id INTEGER PRIMARY KEY,
            started_at TEXT NOT NULL,
            speed REAL NOT NULL
        ) STRICT;
        CREATE TABLE clock_step (
            id INTEGER PRIMARY KEY,
            at TEXT NOT NULL,
            wall TEXT NOT NULL,
            seconds REAL NOT NULL
        ) STRICT;

        """

    private static let samples = """
        CREATE TABLE sample (
            id INTEGER PRIMARY KEY,
            point INTEGER NOT NULL REFERENCES metering_point(id),
            at TEXT NOT NULL,
            value TEXT NOT NULL,
            unit TEXT NOT NULL,
            quality TEXT NOT NULL CHECK (quality IN ('good', 'suspect')),
            request TEXT NOT NULL,
            answer TEXT NOT NULL,
            requested_at TEXT NOT NULL,
            answered_at TEXT NOT NULL
        ) STRICT;
        CREATE INDEX sample_point_at ON sample(point, at);
        CREATE TABLE reading_failure (
            id INTEGER PRIMARY KEY,
            point INTEGER NOT NULL REFERENCES metering_point(id),
            boundary TEXT NOT NULL,
            at TEXT NOT NULL,
            why TEXT NOT NULL
        ) STRICT;
        CREATE INDEX reading_failure_point ON reading_failure(point, boundary);
        CREATE TABLE interval_value (
            id INTEGER PRIMARY KEY,
            point INTEGER NOT NULL REFERENCES metering_point(id),
            stat_type INTEGER NOT NULL,
            start TEXT NOT NULL,
            value TEXT,
            unit TEXT NOT NULL,
            quality TEXT NOT NULL CHECK (quality IN ('good', 'suspect', 'gap')),
            remark TEXT,
            first_sample INTEGER REFERENCES sample(id),
            last_sample INTEGER REFERENCES sample(id),
            UNIQUE (point, stat_type, start),
            CHECK ((quality = 'gap') = (value IS NULL)),
            CHECK (value IS NULL OR (first_sample IS NOT NULL AND last_sample IS NOT NULL))
        ) STRICT;

        """

    private static let submissions = """
        CREATE TABLE destination (
            id INTEGER PRIMARY KEY,
            key TEXT NOT NULL UNIQUE,
            enterprise_code TEXT NOT NULL,
            dialect TEXT NOT NULL,
            sending TEXT NOT NULL,
            is_active INTEGER NOT NULL,
            register_url TEXT NOT NULL,
            device_id TEXT,
            version_url TEXT,
            config_url TEXT,
            data_url TEXT,
            upload_time TEXT,
            reg_version TEXT,
            dic_version TEXT,
            config_body TEXT,
            config_version TEXT,
            problem TEXT
        ) STRICT;
        CREATE TABLE submission (
            id INTEGER PRIMARY KEY,
            destination INTEGER NOT NULL REFERENCES destination(id),
            interval_value INTEGER NOT NULL REFERENCES interval_value(id),
            data_code TEXT NOT NULL,
            stat_type INTEGER NOT NULL,
            stat_date TEXT NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('waiting', 'accepted', 'refused')),
            refusals INTEGER NOT NULL,
            not_before TEXT,
            answer TEXT,
            accepted_at TEXT,
            UNIQUE (destination, data_code, stat_type, stat_date),
            UNIQUE (destination, interval_value)
        ) STRICT;
        CREATE INDEX submission_waiting ON submission(destination, stat_date) WHERE state = 'waiting';
        CREATE TABLE upload (
            id INTEGER PRIMARY KEY,
            destination INTEGER NOT NULL REFERENCES destination(id),
            operation TEXT NOT NULL,
            url TEXT NOT NULL,
            request TEXT NOT NULL,
            http_status INTEGER,
            answer TEXT,
            outcome TEXT NOT NULL,
            sent_at TEXT NOT NULL,
            ended_at TEXT NOT NULL
        ) STRICT;
        CREATE TABLE submission_attempt (
            id INTEGER PRIMARY KEY,
            upload INTEGER NOT NULL REFERENCES upload(id),
            submission INTEGER NOT NULL REFERENCES submission(id),
            outcome TEXT NOT NULL CHECK (outcome IN ('accepted', 'refused', 'batch refused', 'no answer'))
        ) STRICT;
        CREATE INDEX submission_attempt_submission ON submission_attempt(submission, outcome);
        """
}
