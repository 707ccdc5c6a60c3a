"""Changes a ledger behind the program's back: tamper.py FILE SQL. Prints how many rows it changed."""

import sqlite3
import sys

database = sqlite3.connect(sys.argv[1], isolation_level=None)
for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
    database.execute(f"DROP TRIGGER {name}")
print("changed", database.execute(sys.argv[2]).rowcount)
