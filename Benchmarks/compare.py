"""Runs ours and the peer in turn and prints the ratio of their medians. Arguments: the folder of the programs."""

import math
import os
import statistics
import subprocess
import sys
import tempfile

here = os.path.dirname(os.path.abspath(__file__))
programs = sys.argv[1]
ROUNDS = 5


def run(*command):
    return [float(word) for word in subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()]


def ratio(what, ours, peer):
    """`ours` and `peer` take the round's number and return a rate; they take turns, so that both meet the same noise."""
    pairs = [(ours(n), peer(n)) for n in range(ROUNDS)]
    each = sorted(a / b for a, b in pairs)
    middle = statistics.median(a for a, _ in pairs) / statistics.median(b for _, b in pairs)
    print(f"{what}: {middle:.2f} times the peer's rate (single rounds {each[0]:.2f} to {each[-1]:.2f})")


with tempfile.TemporaryDirectory(dir=here, prefix=".run-") as folder:
    for rows, commits in ((1, 500), (100, 100)):

        def rate(kind, number, *command):
            return run(*command, f"{folder}/{kind}-{rows}-{number}.sqlite", str(rows), str(commits))[0]

        ratio(
            f"ledger, {rows} row{'s' if rows > 1 else ''} a commit, audited, against sqlite3 without audit",
            lambda n: rate("ours", n, f"{programs}/LedgerCommits"),
            lambda n: rate("peer", n, sys.executable, f"{here}/ledger_peer.py"),
        )

try:
    import uncertainties  # noqa: F401
except ImportError:
    print("law of propagation: not run, the Python package uncertainties is not installed")
else:
    COUNT = "20000"

    def answered(*command):
        speed, mean = run(*command, COUNT)
        answers.append(mean)
        return speed

    answers = []
    ratio(
        "law of propagation, a water meter's budget, against uncertainties",
        lambda _: answered(f"{programs}/Propagation"),
        lambda _: answered(sys.executable, f"{here}/propagation_peer.py"),
    )
    # A rate of wrong answers is worth nothing.
    if not all(math.isclose(answer, answers[0], rel_tol=1e-9) for answer in answers):
        sys.exit("the two do not agree on the combined uncertainty")
