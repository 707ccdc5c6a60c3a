"""Random budgets by steelyard and by programs of other makers.

    make FILE                 writes the cases: laws of propagation, and Monte Carlo
    compare FILE ANSWERS      compares what steelyard answered; one JSON summary, exit 1 where something differs

Law of propagation, against GTC and suncal: estimates, u, ν_eff, contributions and covariances to 1e-9 of themselves.
Estimates below u are compared on the scale of u, contributions below a thousandth of u on the scale of that, and
covariances on that of both u: what remains of terms that cancel is no difference.

Monte Carlo, against draws by NumPy and, where it draws rightly, by suncal: mean, standard deviation and both ends of
the symmetric 95 % interval. Of such differences a share must lie within one, two and three standard errors that is as
expected: not fewer, and not so many that the errors would be overstated. None may be beyond six.
"""

import argparse
import json
import math
import multiprocessing
import os
import random
import sys

TRIALS = 1_000_000
SEED = 20260
# Chance of a binomial count as extreme as this where all is well.
CHANCE = 1e-4


def cases(budgets, monte_carlo):
    from uncertainty_random import Budget

    for index in range(budgets):
        name = f"lpu-{index + 1:04d}"
        yield Budget(random.Random(f"{SEED} {name}"), name, drawn=False).case(TRIALS)
    for index in range(monte_carlo):
        name = f"mcm-{index + 1:02d}"
        yield Budget(random.Random(f"{SEED} {name}"), name, drawn=True).case(TRIALS)


def distance(ours, theirs, beyond=math.inf):
    """Relative; nothing where both are infinite or beyond what is as good as that."""
    ours, theirs = (math.inf if x is None or x > beyond else x for x in (ours, theirs))
    if math.isinf(ours) or math.isinf(theirs):
        return 0.0 if ours == theirs else math.inf
    return abs(ours - theirs) / (max(abs(ours), abs(theirs)) or 1)


def propagation(case, ours, theirs):
    """Greatest relative difference by quantity."""
    worst = dict.fromkeys(["y", "u", "nu_eff", "contribution", "covariance"], 0.0)

    def note(quantity, value):
        worst[quantity] = max(worst[quantity], value if value == value else math.inf)

    uncertainties = {name: entry["u"] for name, entry in ours["inputs"].items()}
    for name, output in theirs["outputs"].items():
        answer = ours["outputs"][name]
        u = output["u"]
        note("y", abs(answer["y"] - output["y"]) / (max(abs(output["y"]), u) or math.ulp(0)))
        note("u", distance(answer["u"], u))
        if not case.get("correlations"):
            # Where all that has few degrees of freedom cancels, rounding is left of it.
            note("nu_eff", distance(answer["nu_eff"], output["nu_eff"], beyond=1e20))
        for entry, sensitivity in output["sensitivity"].items():
            size = uncertainties[entry]
            contribution = sensitivity * size
            scale = max(abs(contribution), 1e-3 * u) or math.ulp(0)
            note("contribution", abs(answer["sensitivity"][entry] * size - contribution) / scale)
            note("contribution", abs(answer["contribution"][entry] - abs(contribution)) / scale)
        for other, covariance in theirs["covariance"][name].items():
            product = u * theirs["outputs"][other]["u"]
            if "covariance" in ours and product > 0:
                note("covariance", abs(ours["covariance"][name][other] - covariance) / product)
    return worst


def statistics(values):
    """(value, standard error) of mean, standard deviation and ends of the symmetric 95 % interval."""
    import numpy as np

    count = len(values)
    mean = values.mean()
    squares = (values - mean) ** 2
    variance = squares.sum() / (count - 1)
    deviation = math.sqrt(variance)
    fourth = (squares**2).mean()
    found = {
        "mean": (mean, deviation / math.sqrt(count)),
        "std": (deviation, math.sqrt(max(0.0, fourth - variance**2) / count) / (2 * deviation)),
    }
    # S1 7.7: q = pM, r = (M − q)/2; the density at an end from the spacing of the values about it.
    places = {"low": round((count - round(0.95 * count)) / 2), "high": round((count + round(0.95 * count)) / 2)}
    reach = count // 500
    wanted = sorted({p + d for p in places.values() for d in (-reach, -1, reach)})
    ordered = np.partition(values, wanted)
    for name, place in places.items():
        spacing = (ordered[place + reach] - ordered[place - reach]) / (2 * reach)
        found[name] = (ordered[place - 1], math.sqrt(0.025 * 0.975 * count) * spacing)
    return found


def differences(case, ours, drawn):
    """In combined standard errors, of every output and statistic."""
    found = {}
    for name, values in drawn.items():
        answer = ours["outputs"][name]["mcm"]
        low, high = answer["intervals"][0]["symmetric"]
        mine = {"mean": answer["mean"], "std": answer["std"], "low": low, "high": high}
        for statistic, (value, error) in statistics(values).items():
            found[f"{name} {statistic}"] = float((mine[statistic] - value) / (math.sqrt(2) * error))
    return found


def draws(case, ours):
    import numpy as np
    import uncertainty_models as models

    trials, seed = case["mcm"]["trials"], SEED + int(case["id"].split("-")[1])
    found = {"NumPy": differences(case, ours, models.by_numpy(case, trials, np.random.default_rng(seed)))}
    if models.suncal_can_draw(case):
        found["suncal"] = differences(case, ours, models.drawn_by_suncal(case, trials, seed))
    return found


def evaluated(task):
    case, ours = task
    import uncertainty_models as models

    result = {"id": case["id"], "propagation": {}, "draws": {}}
    if "refused" in ours:
        return result | {"refused": ours["refused"]}
    for peer, answer in (("GTC", models.by_gtc), ("suncal", models.by_suncal)):
        result["propagation"][peer] = propagation(case, ours["answer"], answer(case))
    if "mcm" in case:
        result["draws"] = draws(case, ours["answer"])
    return result


def quantile(count, share, chance):
    """Smallest number k with P(X > k) ≤ chance, for X binomial."""
    total, term = 0.0, (1 - share) ** count
    for k in range(count + 1):
        total += term
        if 1 - total <= chance:
            return k
        term *= (count - k) / (k + 1) * share / (1 - share)
    return count


def summary(results, tolerance=1e-9):
    refused = {result["id"]: result["refused"] for result in results if "refused" in result}
    differing, peers = [], {}
    for result in results:
        for peer, worst in result["propagation"].items():
            entry = peers.setdefault(peer, {"budgets": 0, "differing": 0, "worst": dict.fromkeys(worst, 0.0)})
            entry["budgets"] += 1
            entry["worst"] = {key: max(value, worst[key]) for key, value in entry["worst"].items()}
            apart = {key: value for key, value in worst.items() if not value <= tolerance}
            if apart:
                entry["differing"] += 1
                differing.append({"id": result["id"], "peer": peer, "relative": apart})
    monte_carlo = {}
    for peer in ("NumPy", "suncal"):
        scores = [
            (result["id"], name, z) for result in results for name, z in result["draws"].get(peer, {}).items()
        ]
        monte_carlo[peer], apart = judged(peer, scores)
        differing += apart
    return {
        "budgets": sum(1 for result in results if not result["draws"] and "refused" not in result),
        "refused": refused, "law of propagation": peers, "monte carlo": monte_carlo, "differing": differing,
    }


def judged(peer, scores):
    """Whether differences in standard errors are as many and as large as chance makes them."""
    differing, shares = [], {}
    for errors, share in ((1, 0.682689), (2, 0.954500), (3, 0.997300)):
        outside = sum(1 for _, _, z in scores if not abs(z) <= errors)
        # Four statistics of an output are not independent, and outputs of a budget less so: as if a quarter counted.
        part = max(1, len(scores) // 4)
        allowed = [4 * (part - quantile(part, share, CHANCE)), 4 * quantile(part, 1 - share, CHANCE)]
        shares[f"within {errors}"] = {
            "share": round(1 - outside / max(1, len(scores)), 4), "expected": round(share, 4), "outside": outside,
            "allowed outside": allowed,
        }
        if not allowed[0] <= outside <= allowed[1]:
            differing.append({"peer": peer, "standard errors": errors, "outside": outside})
    differing += [
        {"id": identity, "peer": peer, "what": name, "standard errors": z}
        for identity, name, z in scores
        if not abs(z) <= 6
    ]
    summary = {
        "budgets": len({identity for identity, _, _ in scores}), "statistics": len(scores), "shares": shares,
        "worst": max((abs(z) for _, _, z in scores), default=0.0),
    }
    return summary, differing


def compare(file, answers):
    with open(file) as stream:
        stated = json.load(stream)["vectors"]
    with open(answers) as stream:
        given = {entry["id"]: entry for entry in json.load(stream)["answers"]}
    missing = [case["id"] for case in stated if case["id"] not in given]
    tasks = [(case, given[case["id"]]) for case in stated if case["id"] in given]
    # Minutes on both cores: whatever else runs goes first.
    with multiprocessing.Pool(2, initializer=os.nice, initargs=(10,)) as pool:
        results = pool.map(evaluated, tasks, chunksize=8)
    found = summary(results) | {"missing": missing}
    print(json.dumps(found, indent=1, ensure_ascii=False))
    return 1 if found["differing"] or found["refused"] or missing else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    make = commands.add_parser("make")
    make.add_argument("file")
    make.add_argument("--budgets", type=int, default=2000)
    make.add_argument("--monte-carlo", type=int, default=40)
    comparison = commands.add_parser("compare")
    comparison.add_argument("file")
    comparison.add_argument("answers")
    arguments = parser.parse_args()
    if arguments.command == "compare":
        # suncal keeps its variables in a set: whose the first draws are hangs on how their names are hashed.
        if os.environ.get("PYTHONHASHSEED") != "0":
            os.execve(sys.executable, [sys.executable] + sys.argv, os.environ | {"PYTHONHASHSEED": "0"})
        return compare(arguments.file, arguments.answers)
    vectors = list(cases(arguments.budgets, arguments.monte_carlo))
    with open(arguments.file, "w") as stream:
        json.dump({"set": "random budgets", "count": len(vectors), "vectors": vectors}, stream, indent=1)
    return 0


if __name__ == "__main__":
    sys.exit(main())
