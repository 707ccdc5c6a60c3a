"""What the work of a bench costs: evaluating a session, opening an old record. Arguments: the folder of the programs."""

import os
import random
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time

here = os.path.dirname(os.path.abspath(__file__))
programs = sys.argv[1]
# Two million take 8 GB of disk: STEELYARD_RECORDS=2000000 where there is room.
COUNT = int(os.environ.get("STEELYARD_RECORDS", "100000"))


def run(*command):
    return [float(word) for word in subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()]


def goal(what, value, limit):
    print(f"{what}: {value:.2f} ms (goal {limit} ms: {'met' if value < limit else 'MISSED'})")


best = min(run(f"{programs}/Sessions", "evaluate", f"{here}/../Calibration/procedures/JJG-162-2019.yaml")[0] for _ in range(3))
goal("evaluation of 64 water meters, three points read three times, with uncertainty", best, 20)

with tempfile.TemporaryDirectory(dir=here, prefix=".run-") as folder:
    path = f"{folder}/records.sqlite"
    median, slowest = run(f"{programs}/Sessions", "records", path, str(COUNT))
    database = sqlite3.connect(path)
    numbers = [row[0] for row in database.execute("SELECT number FROM verification_record WHERE id % 97 = 0 LIMIT 1000")]
    random.Random(5).shuffle(numbers)
    times = []
    for number in numbers:
        start = time.perf_counter()
        database.execute("SELECT body FROM verification_record WHERE number = ?", (number,)).fetchone()
        times.append(1000 * (time.perf_counter() - start))
    database.close()
    goal(f"opening one of {COUNT} records, decoded and its digest checked, the slowest of 1000", slowest, 10)
    print(f"  the median {median:.3f} ms is {median / statistics.median(times):.1f} times what sqlite3 takes to fetch the text alone")
