"""Law of propagation of a case by a peer: PEER CASE SECONDS. Prints microseconds an evaluation, y and u. The inputs
and the model are made before: what is timed is values, derivatives, u and, where the peer knows it, ν_eff."""

import json
import os
import sys
import time

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, f"{here}/../Tests/peers")


def uncertainties(case, formula, known):
    from uncertainties import ufloat

    inputs = case["constants"] | {name: ufloat(y, u) for name, (y, u, _) in known.items()}

    def once():
        y = eval(formula, {}, inputs)
        return y.nominal_value, y.std_dev

    return once


def gtc(case, formula, known):
    import GTC

    inputs = case["constants"] | {name: GTC.ureal(*entry) for name, entry in known.items()}

    def once():
        y = eval(formula, {}, inputs)
        GTC.dof(y)
        return y.x, y.u

    return once


def suncal(case, formula, known):
    from uncertainty_models import suncal_model

    model = suncal_model(case)

    def once():
        found = model.calculate_gum()
        return float(found.expected["y"]), float(found.uncertainty["y"])

    return once


def openturns(case, formula, known):
    import openturns as ot

    names = list(known)
    text = case["model"][0]["expr"]
    for name, value in case["constants"].items():
        text = text.replace(name, repr(value))
    function = ot.SymbolicFunction(names, [text])
    # Moments alone count at first order.
    inputs = ot.RandomVector(ot.JointDistribution([ot.Normal(y, u) for y, u, _ in known.values()]))
    output = ot.CompositeRandomVector(function, inputs)

    def once():
        moments = ot.TaylorExpansionMoments(output)
        return moments.getMeanFirstOrder()[0], moments.getCovariance()[0, 0] ** 0.5

    return once


def main():
    from uncertainty_models import estimate, uncertainty

    peer, file, seconds = sys.argv[1:]
    with open(file) as stream:
        case = json.load(stream)
    formula = compile(case["model"][0]["expr"].replace("^", "**"), "model", "eval")
    known = {entry["name"]: (estimate(entry["dist"]), *uncertainty(entry["dist"])) for entry in case["inputs"]}
    try:
        once = {"uncertainties": uncertainties, "GTC": gtc, "suncal": suncal, "OpenTURNS": openturns}[peer](
            case, formula, known)
    except ImportError:
        print("absent")
        return
    once()
    count, start = 0, time.perf_counter()
    while time.perf_counter() - start < float(seconds):
        for _ in range(1 if peer == "suncal" else 100):
            y, u = once()
            count += 1
    print(1e6 * (time.perf_counter() - start) / count, y, u)


main()
