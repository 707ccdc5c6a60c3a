public import Ledger

public enum TraceabilityTables {
    /// Stands on the registry's tables.
    public static let schema = LedgerSchema(
        module: "traceability",
        migrations: [
            LedgerSchema.Migration(
                "1-traceability",
                """
                CREATE TABLE standard (
                    id INTEGER PRIMARY KEY,
                    key TEXT NOT NULL UNIQUE,
                    institution TEXT NOT NULL REFERENCES institution(key),
                    name_zh TEXT NOT NULL,
                    name_en TEXT NOT NULL,
                    maker TEXT NOT NULL,
                    model TEXT NOT NULL,
                    serial TEXT NOT NULL,
                    quantity TEXT NOT NULL,
                    unit TEXT NOT NULL,
                    range TEXT NOT NULL,
                    accuracy TEXT NOT NULL,
                    kind TEXT NOT NULL CHECK (kind IN ('working', 'city', 'province', 'national'))
                ) STRICT;
                CREATE INDEX standard_serial ON standard(serial);
                CREATE INDEX standard_institution ON standard(institution);
                CREATE TABLE public_standard (
                    id INTEGER PRIMARY KEY,
                    key TEXT NOT NULL UNIQUE,
                    institution TEXT NOT NULL REFERENCES institution(key),
                    name_zh TEXT NOT NULL,
                    name_en TEXT NOT NULL,
                    assessment_number TEXT NOT NULL,
                    assessment_from TEXT NOT NULL,
                    assessment_until TEXT NOT NULL,
                    certificate_number TEXT NOT NULL,
                    certificate_from TEXT NOT NULL,
                    certificate_until TEXT NOT NULL,
                    categories TEXT NOT NULL,
                    regulations TEXT NOT NULL,
                    range TEXT NOT NULL,
                    accuracy TEXT NOT NULL,
                    main_standards TEXT NOT NULL
                ) STRICT;
                CREATE INDEX public_standard_institution ON public_standard(institution);
                CREATE TABLE calibration (
                    id INTEGER PRIMARY KEY,
                    number TEXT NOT NULL,
                    standard TEXT NOT NULL REFERENCES standard(key),
                    issuer TEXT NOT NULL,
                    issued_on TEXT NOT NULL,
                    valid_until TEXT NOT NULL,
                    -- Not a foreign key: the standard above may be held elsewhere and be known only
                    -- by name, which the chain reports as the gap it is.
                    reference TEXT,
                    influence TEXT NOT NULL,
                    influence_unit TEXT NOT NULL,
                    unit TEXT NOT NULL,
                    document_sha256 TEXT,
                    review TEXT NOT NULL,
                    replaces INTEGER UNIQUE REFERENCES calibration(id),
                    replaces_why TEXT,
                    CHECK ((replaces IS NULL) = (replaces_why IS NULL))
                ) STRICT;
                CREATE INDEX calibration_standard ON calibration(standard, issued_on);
                CREATE INDEX calibration_reference ON calibration(reference);
                CREATE TABLE calibration_point (
                    id INTEGER PRIMARY KEY,
                    calibration INTEGER NOT NULL REFERENCES calibration(id),
                    at REAL NOT NULL,
                    correction REAL NOT NULL,
                    expanded_uncertainty REAL NOT NULL,
                    coverage_factor REAL NOT NULL,
                    UNIQUE (calibration, at)
                ) STRICT;
                """)
        ],
        appendOnly: ["calibration", "calibration_point"])
}
