public import Ledger

public enum RegistryTables {
    public static let schema = LedgerSchema(
        module: "registry",
        migrations: [
            LedgerSchema.Migration(
                "1-registry",
                """
                CREATE TABLE region (
                    id INTEGER PRIMARY KEY,
                    code TEXT NOT NULL UNIQUE,
                    name_zh TEXT NOT NULL,
                    name_en TEXT NOT NULL,
                    level TEXT NOT NULL CHECK (level IN ('province', 'city', 'county')),
                    parent TEXT REFERENCES region(code)
                ) STRICT;
                CREATE TABLE institution (
                    id INTEGER PRIMARY KEY,
                    key TEXT NOT NULL UNIQUE,
                    level TEXT NOT NULL CHECK (level IN ('national', 'province', 'city', 'county')),
                    region TEXT REFERENCES region(code),
                    name_zh TEXT NOT NULL,
                    name_en TEXT NOT NULL,
                    authorization_number TEXT NOT NULL,
                    authorization_until TEXT NOT NULL,
                    authorization_scope TEXT NOT NULL,
                    address TEXT NOT NULL,
                    postcode TEXT NOT NULL,
                    telephone TEXT NOT NULL,
                    email TEXT NOT NULL,
                    demonstration INTEGER NOT NULL CHECK (demonstration IN (0, 1))
                ) STRICT;
                CREATE TABLE person (
                    id INTEGER PRIMARY KEY,
                    key TEXT NOT NULL UNIQUE,
                    name TEXT NOT NULL,
                    institution TEXT NOT NULL REFERENCES institution(key)
                ) STRICT;
                CREATE INDEX person_institution ON person(institution);
                CREATE TABLE qualification (
                    id INTEGER PRIMARY KEY,
                    person TEXT NOT NULL REFERENCES person(key),
                    role TEXT NOT NULL,
                    certificate TEXT NOT NULL,
                    scope TEXT NOT NULL,
                    valid_until TEXT NOT NULL,
                    UNIQUE (person, role, certificate)
                ) STRICT;
                CREATE TABLE owner (
                    id INTEGER PRIMARY KEY,
                    key TEXT NOT NULL UNIQUE,
                    name TEXT NOT NULL,
                    address TEXT NOT NULL,
                    credit_code TEXT
                ) STRICT;
                CREATE TABLE instrument (
                    id INTEGER PRIMARY KEY,
                    maker TEXT NOT NULL,
                    model TEXT NOT NULL,
                    serial TEXT NOT NULL,
                    category TEXT NOT NULL,
                    owner TEXT NOT NULL REFERENCES owner(key),
                    particulars TEXT NOT NULL,
                    UNIQUE (maker, model, serial)
                ) STRICT;
                CREATE INDEX instrument_serial ON instrument(serial);
                """)
        ])
}
