"""Monte Carlo of a case by a peer: PEER CASE TRIALS. Prints seconds, mean, standard deviation and both ends of the
symmetric interval; the seconds hold neither the start of Python nor the building of a model."""

import json
import os
import sys
import time

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, f"{here}/../Tests/peers")
# Enough to keep NumPy's own cost small, few enough that a chunk of each input stays near the processor.
CHUNK = 1 << 20


def by_numpy(case, trials):
    import numpy as np
    from uncertainty_models import drawn

    generator = np.random.default_rng(1)
    formula = compile(case["model"][0]["expr"].replace("^", "**"), "model", "eval")
    p = case["mcm"]["p"][0]
    start = time.perf_counter()
    values = np.empty(trials)
    for first in range(0, trials, CHUNK):
        count = min(CHUNK, trials - first)
        inputs = {entry["name"]: drawn(entry["dist"], count, generator) for entry in case["inputs"]}
        values[first : first + count] = eval(formula, {"__builtins__": {}}, case["constants"] | inputs)
    mean, deviation = values.mean(), values.std(ddof=1)
    low, high = round((trials - p * trials) / 2), round((trials + p * trials) / 2)
    values.partition([low - 1, high - 1])
    return time.perf_counter() - start, mean, deviation, values[low - 1], values[high - 1]


def by_suncal(case, trials):
    import re

    from suncal import Model

    constants = case["constants"]
    text = re.sub("|".join(constants), lambda name: repr(float(constants[name[0]])), case["model"][0]["expr"])
    model = Model(f"y = {text.replace('^', '**')}")
    for entry in case["inputs"]:
        dist = dict(entry["dist"])
        names = {
            "normal": ("normal", {"std": "std"}), "rectangular": ("uniform", {"half_width": "a"}),
            "arcsine": ("arcsine", {"half_width": "a"}), "student-t": ("t", {"scale": "scale", "dof": "df"}),
            "ctrap": ("curvtrap", {"half_width": "a", "inexactness": "d"}),
        }
        name, keys = names[dist["type"]]
        variable = model.var(entry["name"]).measure(dist["mean"])
        variable.typeb(dist=name, **{theirs: dist[ours] for ours, theirs in keys.items()})
    start = time.perf_counter()
    found = model.monte_carlo(trials)
    interval = found.expand("y", conf=case["mcm"]["p"][0])
    elapsed = time.perf_counter() - start
    return elapsed, found.expected["y"], found.uncertainty["y"], interval.low, interval.high


if __name__ == "__main__":
    peer, file, trials = sys.argv[1:]
    with open(file) as stream:
        case = json.load(stream)
    print(*map(float, {"numpy": by_numpy, "suncal": by_suncal}[peer](case, int(trials))))
