"""Faults of other programs, each shown live beside a value known in closed form, which steelyard must meet.

    make FILE                 writes the cases
    compare FILE ANSWERS      one JSON list: the value known, the peer's, ours; exit 1 where ours is not the known one

What the peers give is recorded, not required: a later version of them may be right.
"""

import json
import math
import sys
import warnings

import numpy as np

TRIALS = 1_000_000
MONTE_CARLO = {"trials": TRIALS, "p": [0.95], "seed": 31}


def readings(count, u):
    """An even number of readings about zero with s/√n = u."""
    a = u * math.sqrt(count - 1)
    return [a, -a] * (count // 2)


def model(identity, inputs, formulas, **further):
    outputs = [{"output": name, "expr": text} for name, text in formulas.items()]
    return {"id": identity, "kind": "measurement-model", "inputs": inputs, "model": outputs} | further


def finding(identity, about, peer, quantity, known, theirs, ours, tolerance):
    met = ours == known if isinstance(known, str) else ours is not None and abs(ours - known) <= tolerance
    return {
        "id": identity, "fault": about, "peer": peer, "quantity": quantity, "known": known, "tolerance": tolerance,
        "theirs": theirs if isinstance(theirs, str) or math.isfinite(theirs) else str(theirs), "ours": ours, "met": met,
        "peer differs": isinstance(theirs, str) or not abs(theirs - known) <= tolerance
        if not isinstance(known, str) else theirs != known,
    }


def output(answer, name="y"):
    return answer["answer"]["outputs"][name]


def width(answer):
    low, high = output(answer)["mcm"]["intervals"][0]["symmetric"]
    return (high - low) / 2


class TypeBTwice:
    """u_A² = 0.1 from ten readings, u_B = 1. The variance of t with nine degrees of freedom is 9/7."""

    identity = "type-b-twice"

    def case(self):
        components = [{"name": "resolution", "dist": {"type": "rectangular", "mean": 0, "half_width": math.sqrt(3)}}]
        x = {
            "name": "x", "dist": {"type": "observations", "values": readings(10, math.sqrt(0.1))},
            "components": components,
        }
        return model(self.identity, [x], {"y": "x"}, mcm=MONTE_CARLO)

    def findings(self, answer):
        from suncal import Model

        peer = Model("y = x")
        peer.var("x").measure(readings(10, math.sqrt(0.1))).typeb(dist="uniform", a=math.sqrt(3))
        np.random.seed(1)
        about = "type B counted twice beside readings"
        yield finding(
            self.identity, about, "suncal", "Monte Carlo standard deviation", math.sqrt(0.9 / 7 + 1),
            float(peer.monte_carlo(TRIALS).uncertainty["y"]), output(answer)["mcm"]["std"], 0.003)
        yield finding(
            self.identity, about, "suncal", "u by the law of propagation", math.sqrt(1.1),
            float(peer.calculate_gum().uncertainty["y"]), output(answer)["u"], 1e-12)


class Fused:
    """Components of 3 and 4 make 5, also where the input is correlated with another."""

    identity = "components-fused"

    def case(self):
        x = {
            "name": "x", "dist": {"type": "normal", "mean": 0, "std": 3},
            "components": [{"name": "drift", "dist": {"type": "normal", "mean": 0, "std": 4}}],
        }
        z = {"name": "z", "dist": {"type": "normal", "mean": 0, "std": 1}}
        return model(
            self.identity, [x, z], {"y": "x", "w": "x + z"}, correlations=[{"a": "x", "b": "z", "r": 0.5}],
            mcm=MONTE_CARLO)

    def findings(self, answer):
        from suncal import Model

        peer = Model("y = x", "w = x + z")
        peer.var("x").measure(0).typeb(std=3).typeb(std=4)
        peer.var("z").measure(0).typeb(std=1)
        peer.variables.correlate("x", "z", 0.5)
        np.random.seed(1)
        theirs = peer.monte_carlo(TRIALS).uncertainty
        about = "components of a correlated input fused into one"
        for name, known in (("y", 5.0), ("w", math.sqrt(25 + 1 + 5))):
            yield finding(
                self.identity, about, "suncal", f"Monte Carlo standard deviation of {name}", known,
                float(theirs[name]), output(answer, name)["mcm"]["std"], 0.015)


class ReadingsAsNormal:
    """Four readings: the 95 % interval is that of t with three degrees of freedom (JCGM 101, 6.4.9)."""

    identity = "readings-as-normal"

    def case(self):
        x = {"name": "x", "dist": {"type": "observations", "values": readings(4, 1.0)}}
        return model(self.identity, [x], {"y": "x"}, mcm=MONTE_CARLO)

    def findings(self, answer):
        from suncal import Model

        peer = Model("y = x")
        peer.var("x").measure(readings(4, 1.0))
        np.random.seed(1)
        interval = peer.monte_carlo(TRIALS).expand("y", conf=0.95)
        yield finding(
            self.identity, "readings drawn as normal", "suncal", "half width of the 95 % interval, in s/√n",
            3.182446305284263, float(interval.high - interval.low) / 2, width(answer), 0.035)


class DeviationOfT:
    """A t-distribution of scale 3 with four degrees of freedom, and a normal of 4: u = 5, ν_eff = 4·(5/3)⁴."""

    identity = "deviation-of-t"

    def case(self):
        a = {"name": "a", "dist": {"type": "student-t", "mean": 0, "scale": 3, "dof": 4}}
        b = {"name": "b", "dist": {"type": "normal", "mean": 0, "std": 4}}
        return model(self.identity, [a, b], {"y": "a + b"})

    def findings(self, answer):
        from suncal import Model

        peer = Model("y = a + b")
        peer.var("a").measure(0).typeb(dist="t", scale=3, df=4)
        peer.var("b").measure(0).typeb(std=4)
        theirs = peer.calculate_gum()
        about = "standard deviation of t taken as u, its degrees of freedom kept"
        yield finding(
            self.identity, about, "suncal", "u", 5.0, float(theirs.uncertainty["y"]), output(answer)["u"], 1e-12)
        yield finding(
            self.identity, about, "suncal", "ν_eff", 2500 / 81, float(theirs.degf["y"]), output(answer)["nu_eff"],
            1e-9)


class NegativeVariance:
    """sin X of X normal about zero with u = 2: the second-order variance is u² − u⁴ = −12, the true one
    (1 − exp(−2u²))/2."""

    identity = "negative-variance"

    def case(self):
        x = {"name": "x", "dist": {"type": "normal", "mean": 0, "std": 2}}
        return model(self.identity, [x], {"y": "sin(x)"}, mcm=MONTE_CARLO)

    def findings(self, answer):
        about = "a negative second-order variance printed as NaN"
        second = output(answer)["second_order"]
        with np.errstate(invalid="ignore"):
            # Σ f_i² u_i² + ΣΣ(½ f_ij² + f_i f_ijj) u_i² u_j²
            theirs = float(np.sqrt(1.0 * 4 + (0.5 * 0.0**2 + 1.0 * -1.0) * 4 * 4))
        is_said = second["u"] is None and "negative (-12" in second.get("note", "")
        yield finding(
            self.identity, about, "NumPy by hand", "second-order u", "none: the variance is −12", str(theirs),
            "none: the variance is −12" if is_said else str(second), None)
        yield finding(
            self.identity, about, "NumPy by hand", "Monte Carlo standard deviation",
            math.sqrt((1 - math.exp(-8)) / 2), theirs, output(answer)["mcm"]["std"], 0.001)


class NoMatrix:
    """Three coefficients of −0.9: the matrix has the eigenvalue 1 − 2·0.9 = −0.8. There are no such quantities."""

    identity = "no-correlation-matrix"

    def case(self):
        names = "abc"
        inputs = [{"name": name, "dist": {"type": "normal", "mean": 0, "std": 1}} for name in names]
        pairs = [{"a": a, "b": b, "r": -0.9} for a, b in ("ab", "ac", "bc")]
        return model(self.identity, inputs, {"y": "a + b + c"}, correlations=pairs)

    def findings(self, answer):
        from uncertainties import correlated_values

        matrix = np.full((3, 3), -0.9) + 1.9 * np.eye(3)
        known = "refused: the eigenvalue is −0.8, of 'a', 'b', 'c'"
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            theirs = sum(correlated_values([0, 0, 0], matrix)).std_dev
        said = answer.get("refused", "")
        is_said = "-0.8" in said and all(f"'{name}'" in said for name in "abc")
        yield finding(
            self.identity, "correlations that cannot be true together accepted in silence", "uncertainties", "u",
            known, f"{theirs:.1e}", known if is_said else said or str(output(answer)["u"]), None)


FAULTS = [TypeBTwice(), Fused(), ReadingsAsNormal(), DeviationOfT(), NegativeVariance(), NoMatrix()]


def main():
    command, file, *further = sys.argv[1:]
    if command == "make":
        with open(file, "w") as stream:
            json.dump({"vectors": [fault.case() for fault in FAULTS]}, stream, indent=1)
        return 0
    with open(further[0]) as stream:
        answers = {entry["id"]: entry for entry in json.load(stream)["answers"]}
    found = [result for fault in FAULTS for result in fault.findings(answers[fault.identity])]
    print(json.dumps(found, indent=1, ensure_ascii=False))
    return 0 if all(result["met"] for result in found) else 1


if __name__ == "__main__":
    sys.exit(main())
