"""Rows per second of the same inserts by Python's sqlite3, without an audit: FILE ROWS-A-COMMIT COMMITS."""

import datetime
import sqlite3
import sys
import time

path, rows, commits = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
database = sqlite3.connect(path, isolation_level=None)
for setting in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
    database.execute(f"PRAGMA {setting}")
database.execute(
    "CREATE TABLE sample (id INTEGER PRIMARY KEY, point INTEGER NOT NULL, at TEXT NOT NULL,"
    " value TEXT NOT NULL, unit TEXT NOT NULL) STRICT"
)
start = time.perf_counter()
for commit in range(commits):
    at = datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="milliseconds")
    database.execute("BEGIN IMMEDIATE")
    for row in range(rows):
        database.execute(
            "INSERT INTO sample (point, at, value, unit) VALUES (?, ?, ?, ?)",
            (row, at, f"{commit}.{row}", "kWh"),
        )
    database.execute("COMMIT")
print(rows * commits / (time.perf_counter() - start))
