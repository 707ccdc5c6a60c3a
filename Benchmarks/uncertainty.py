"""Monte Carlo and the law of propagation beside peers, in one run on this machine, and what the machine itself can
do. Arguments: the folder of the benchmarks' programs, the program `steelyard`."""

import json
import math
import os
import subprocess
import sys
import tempfile
import time

here = os.path.dirname(os.path.abspath(__file__))
programs, steelyard = sys.argv[1:]
ROUNDS = 3
TRIALS = 10_000_000
CASES = ["mass", "gauge-block"]
# Mean and standard deviation in closed form.
KNOWN = {"mass": (1.234, 0.07547973995542161), "gauge-block": (838.0, 35.80807860300873)}
# At least so many times as fast as the peer, and aimed at.
RATIOS = {"numpy": (3, 5), "suncal": (8, 12)}
MEMORY = 300
MICROSECONDS = 5
BUDGET_RATIO = 5


def measured(*command):
    """Output, seconds and peak MiB of a whole process."""
    with tempfile.TemporaryFile(dir=here) as output:
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=output)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            sys.exit(f"{' '.join(command)} ended with {process.returncode}")
        output.seek(0)
        return output.read().decode(), seconds, usage.ru_maxrss / 1024


def ours(case):
    answer, seconds, memory = measured(
        steelyard, "uncertainty", f"{here}/cases/{case}.json", "--format", "json", "--trials", str(TRIALS))
    found = json.loads(answer)["outputs"]["y"]["mcm"]
    interval = found["intervals"][0]
    # Both intervals, or it is not what is claimed.
    return seconds, memory, [found["mean"], found["std"], *interval["symmetric"]], interval["shortest"]


def peer(name, case):
    answer, _, memory = measured(
        sys.executable, f"{here}/monte_carlo_peer.py", name, f"{here}/cases/{case}.json", str(TRIALS))
    seconds, *found = map(float, answer.split())
    return seconds, memory, found


def checked(who, case, found):
    """A rate of wrong answers is worth nothing."""
    mean, deviation = KNOWN[case]
    if not (abs(found[0] - mean) < 0.002 * deviation and math.isclose(found[1], deviation, rel_tol=0.002)):
        sys.exit(f"{who} is wrong about {case}: {found}")


def verdict(is_met):
    return "met" if is_met else "NOT MET"


def row(*cells):
    print("  ".join(f"{cell:<{width}}" for cell, width in zip(cells, (40, 16, 16, 8, 18, 12))).rstrip())


def limits():
    found = {}
    for line in subprocess.run([f"{programs}/MachineLimits"], check=True, capture_output=True, text=True).stdout.split(
        "\n"
    )[:-1]:
        name, alone, together = line.split()
        found[name] = (float(alone), float(together))
    return found


def monte_carlo():
    """Seconds of ours by case, best of the rounds."""
    row(f"Monte Carlo, {TRIALS} trials", "ours", "peer", "ratio", "goal", "")
    best = {}
    for case in CASES:
        times, peaks = {}, {}
        for _ in range(ROUNDS):
            # They take turns, so that all meet the same noise.
            for who in ("ours", *RATIOS):
                seconds, memory, found, *_ = ours(case) if who == "ours" else peer(who, case)
                checked(who, case, found)
                times[who] = min(times.get(who, math.inf), seconds)
                peaks[who] = max(peaks.get(who, 0), memory)
        for who, (goal, aim) in RATIOS.items():
            ratio = times[who] / times["ours"]
            row(
                f"{case}, time against {who}", f"{times['ours']:.3f} s", f"{times[who]:.3f} s", f"{ratio:.1f}",
                f"at least {goal}, aim {aim}", verdict(ratio >= goal) + (", aim too" if ratio >= aim else ""))
        for who in RATIOS:
            row(
                f"{case}, peak memory against {who}", f"{peaks['ours']:.0f} MiB", f"{peaks[who]:.0f} MiB",
                f"{peaks[who] / peaks['ours']:.1f}")
        row(
            f"{case}, peak memory alone", f"{peaks['ours']:.0f} MiB", "", "", f"below {MEMORY} MiB",
            verdict(peaks["ours"] < MEMORY))
        best[case] = times["ours"]
    return best


def budgets():
    print()
    row("law of propagation, one budget", "ours", "peer", "ratio", "goal", "")
    for case in CASES:
        fastest, answers = {}, {}
        second = math.inf
        for _ in range(ROUNDS):
            lines = measured(f"{programs}/CompiledBudgets", case, "0.3")[0].splitlines()
            first, *answers["ours"] = map(float, lines[0].split())
            fastest["ours"] = min(fastest.get("ours", math.inf), first)
            second = min(second, float(lines[1].split()[0]))
            for name in ("OpenTURNS", "uncertainties", "GTC", "suncal"):
                text = measured(
                    sys.executable, f"{here}/budget_peer.py", name, f"{here}/cases/{case}.json", "0.3")[0]
                if text.strip() == "absent":
                    continue
                time_taken, *answers[name] = map(float, text.split())
                fastest[name] = min(fastest.get(name, math.inf), time_taken)
        for name, answer in answers.items():
            if not all(math.isclose(a, b, rel_tol=1e-9) for a, b in zip(answer, answers["ours"])):
                sys.exit(f"{name} does not agree on {case}: {answers}")
        best = min(value for name, value in fastest.items() if name != "ours")
        for name, value in fastest.items():
            if name != "ours":
                is_goal = value == best
                ratio = value / fastest["ours"]
                row(
                    f"{case}, against {name}", f"{fastest['ours']:.2f} µs", f"{value:.1f} µs", f"{ratio:.0f}",
                    f"at least {BUDGET_RATIO}" if is_goal else "", verdict(ratio >= BUDGET_RATIO) if is_goal else "")
        row(
            f"{case}, alone", f"{fastest['ours']:.2f} µs", "", "", f"at most {MICROSECONDS} µs",
            verdict(fastest["ours"] <= MICROSECONDS))
        row(f"{case}, with the second order", f"{second:.2f} µs", "", "", "", "")
        if "OpenTURNS" not in fastest:
            print("OpenTURNS is not installed and was not run (pip install openturns==1.27.post1)")


def machine(best):
    found = limits()
    print()
    row("what this machine can do", "one core", "two cores", "", "", "")
    for name, unit in (("normal", "normal deviates"), ("t", "t deviates"), ("uniform", "uniform numbers")):
        row(unit, *(f"{rate / 1e6:.0f} million/s" for rate in found[name]), "", "", "")
    row("memory copied, read and written", *(f"{rate / 1e9:.1f} GB/s" for rate in found["copied"]), "", "", "")
    # Uniform numbers that each distribution takes: a curvilinear trapezoid two.
    takes = {"normal": ("normal", 1), "student-t": ("t", 1), "rectangular": ("uniform", 1), "arcsine": ("uniform", 1),
             "ctrap": ("uniform", 2)}
    for case in CASES:
        with open(f"{here}/cases/{case}.json") as stream:
            kinds = [takes[entry["dist"]["type"]] for entry in json.load(stream)["inputs"]]
        draws = TRIALS * sum(count / found[kind][1] for kind, count in kinds)
        # Each input and what is made of it written and read once, were nothing kept in the cache.
        memory = TRIALS * 8 * 2 * (len(kinds) + 1) / found["copied"][1]
        print(
            f"{case}: {best[case]:.3f} s; drawing alone would take {draws:.3f} s on both cores; were every value "
            f"written to memory and read back, that alone would take {memory:.3f} s")


busy = os.getloadavg()[0]
if busy > 0.5:
    print(f"This machine is not idle (load {busy:.1f}): what uses both cores comes out worse than it is.")
found = monte_carlo()
budgets()
machine(found)
