"""One case, evaluated by programs of other makers: GTC and suncal for the law of propagation, NumPy for draws."""

import math
import re

import numpy as np


def estimate(dist):
    if dist["type"] == "constant":
        return dist["value"]
    return math.fsum(dist["values"]) / len(dist["values"]) if "values" in dist else dist["mean"]


def uncertainty(dist, override=None):
    """Standard uncertainty and degrees of freedom, as the GUM takes them."""
    u, dof = _uncertainty(dist)
    override = override or {}
    return override.get("u", u), override.get("dof", dof)


def _uncertainty(dist):
    kind = dist["type"]
    if kind == "constant":
        return 0.0, math.inf
    if kind == "normal":
        return dist["std"], dist.get("dof", math.inf)
    if kind == "student-t":
        return dist["scale"], dist["dof"]
    if kind == "student-t-std":
        return dist["std"], math.inf
    if kind == "observations":
        values = dist["values"]
        mean = math.fsum(values) / len(values)
        s = math.sqrt(math.fsum((x - mean) ** 2 for x in values) / (len(values) - 1))
        return s / math.sqrt(len(values)), len(values) - 1
    a = dist["half_width"]
    if kind == "rectangular":
        return a / math.sqrt(3), math.inf
    if kind == "triangular":
        return a / math.sqrt(6), math.inf
    if kind == "arcsine":
        return a / math.sqrt(2), math.inf
    if kind == "trapezoidal":
        return a * math.sqrt((1 + dist["beta"] ** 2) / 6), math.inf
    if kind == "ctrap":
        return math.sqrt((2 * a) ** 2 / 12 + dist["inexactness"] ** 2 / 9), math.inf
    raise ValueError(kind)


def parts(entry):
    """What an input is the sum of: name, distribution, u and dof, source, factor."""
    for part in ([entry] if "dist" in entry else []) + entry.get("components", []):
        known = uncertainty(part["dist"], part.get("lpu"))
        yield part["name"], part["dist"], known, part.get("source"), part.get("factor", 1)


def steps(case):
    """Names and formulas in order, and which of them are outputs."""
    for step in case.get("let", []):
        yield step["name"], step["expr"], False
    for output in case["model"]:
        yield output["output"], output["expr"], True


def coefficient(case, pair):
    if "r" in pair:
        return pair["r"]
    values = {entry["name"]: entry["dist"].get("values") for entry in case["inputs"]}
    return float(np.corrcoef(values[pair["a"]], values[pair["b"]])[0, 1])


def evaluated(case, names, functions):
    """All formulas, by what Python makes of them: its precedences are those of the case format."""
    outputs = {}
    for name, text, is_output in steps(case):
        names[name] = eval(text.replace("^", "**"), {"__builtins__": {}}, functions | names)
        if is_output:
            outputs[name] = names[name]
    return outputs


def by_numbers(case, inputs):
    """The outputs where the inputs have these values: numbers, or arrays of them."""
    functions = {name: getattr(np, name) for name in "sqrt exp log10 sin cos tan abs".split()}
    functions |= {"asin": np.arcsin, "acos": np.arccos, "atan": np.arctan, "atan2": np.arctan2}
    functions |= {"ln": np.log, "pi": math.pi} | case.get("constants", {})
    return evaluated(case, dict(inputs), functions)


def by_gtc(case):
    """Estimates, u, ν_eff, sensitivities and covariances; ν_eff only where no correlation is stated."""
    import GTC

    correlated = {name for pair in case.get("correlations", []) for name in (pair["a"], pair["b"])}
    shared, inputs = {}, {}
    for entry in case["inputs"]:
        total = None
        for name, dist, (u, dof), source, factor in parts(entry):
            influence = shared.get(source) if source else None
            if influence is None:
                if entry["name"] in correlated:
                    influence = GTC.ureal(estimate(dist), u, independent=False)
                else:
                    influence = GTC.ureal(estimate(dist), u, dof) if u > 0 else GTC.constant(estimate(dist))
                if source:
                    shared[source] = influence
            scaled = influence if factor == 1 else influence * factor
            total = scaled if total is None else total + scaled
        inputs[entry["name"]] = total
    for pair in case.get("correlations", []):
        GTC.set_correlation(coefficient(case, pair), inputs[pair["a"]], inputs[pair["b"]])
    # A sensitivity is the product of those along the way: an input that is a sum is differentiated through a part.
    def of_numbers(function):
        return lambda *x: function(*[GTC.constant(value) if isinstance(value, float) else value for value in x])

    names = {name: name for name in "sqrt exp log10 sin cos tan asin acos atan atan2".split()}
    names |= {"ln": "log", "abs": "magnitude"}
    functions = {name: of_numbers(getattr(GTC, gtc)) for name, gtc in names.items()}
    functions |= {"pi": math.pi} | case.get("constants", {})
    probes = dict(inputs)
    for entry in case["inputs"]:
        if "components" in entry:
            probes[entry["name"]] = GTC.ureal(inputs[entry["name"]].x, 1.0)
    outputs = evaluated(case, dict(inputs), functions)
    probed = evaluated(case, dict(probes), functions) if any("components" in entry for entry in case["inputs"]) else outputs
    result = {"outputs": {}, "covariance": {}}
    for name, output in outputs.items():
        result["outputs"][name] = {
            "y": GTC.value(output), "u": GTC.uncertainty(output),
            "nu_eff": None if correlated else GTC.dof(output),
            "sensitivity": {
                entry["name"]: float(GTC.rp.sensitivity(probed[name], probes[entry["name"]]))
                for entry in case["inputs"]
                if GTC.uncertainty(probes[entry["name"]]) > 0
            },
        }
        result["covariance"][name] = {other: GTC.get_covariance(output, outputs[other]) for other in outputs}
    return result


def closed(text, opening):
    """Where the parenthesis that opens at `opening` closes."""
    depth = 0
    for place in range(opening, len(text)):
        depth += {"(": 1, ")": -1}.get(text[place], 0)
        if depth == 0:
            return place
    raise ValueError(text)


def without_magnitudes(text):
    """suncal's derivative of a magnitude is not one of a real number: the root of a square instead."""
    while (found := re.search(r"\babs\(", text)):
        end = closed(text, found.end() - 1)
        text = f"{text[:found.start()]}sqrt(({text[found.end():end]})**2){text[end + 1:]}"
    return text


def suncal_model(case, components=None):
    """suncal knows no common source: an influence on several inputs is a variable of its own in their places."""
    from suncal import Model

    shared, replaced = {}, {name: repr(value) for name, value in case.get("constants", {}).items()}
    for entry in case["inputs"]:
        for _, dist, (u, dof), source, factor in parts(entry):
            if source:
                variable, _ = shared.setdefault(source, (f"shared{len(shared) + 1}", (dist, u, dof)))
                replaced[entry["name"]] = f"{replaced.get(entry['name'], entry['name'])} + {factor!r}*{variable}"

    def text(formula):
        stated = re.sub(r"\b[a-z]\w*\b(?!\()", lambda name: f"({replaced.get(name[0], name[0])})", formula)
        return without_magnitudes(stated.replace("^", "**"))

    model = Model(*[f"{name} = {text(formula)}" for name, formula, _ in steps(case)])
    used = set(model.varsymbols)

    def state(name, known):
        if name not in used:
            return
        variable = model.var(name)
        readings = [dist["values"] for dist, _, _, _ in known if "values" in dist]
        variable.measure(readings[0] if readings else sum(factor * estimate(dist) for dist, _, _, factor in known))
        for dist, u, dof, factor in known:
            if "values" not in dist and u > 0:
                for component in (components or suncal_moments)(dist, u, dof, factor):
                    variable.typeb(**component)

    for entry in case["inputs"]:
        own = [(dist, u, dof, factor) for _, dist, (u, dof), source, factor in parts(entry) if not source]
        state(entry["name"], own)
    for name, known in shared.values():
        state(name, [(*known, 1)])
    for pair in case.get("correlations", []):
        if {pair["a"], pair["b"]} <= used:
            model.variables.correlate(pair["a"], pair["b"], coefficient(case, pair))
    return model


def suncal_moments(dist, u, dof, factor):
    """u and its degrees of freedom, by the name suncal has for the distribution where they are what it takes."""
    names = {"rectangular": "uniform", "triangular": "triangular", "arcsine": "arcsine"}
    if dist["type"] in names and (u, dof) == _uncertainty(dist):
        yield {"dist": names[dist["type"]], "a": abs(factor) * dist["half_width"]}
    else:
        yield {"dist": "normal", "std": abs(factor) * u} | ({} if math.isinf(dof) else {"df": dof})


def by_suncal(case):
    model = suncal_model(case)
    found = model.calculate_gum()
    outputs = {output["output"] for output in case["model"]}
    inputs = {entry["name"] for entry in case["inputs"]}
    names = list(found.expected)
    result = {"outputs": {}, "covariance": {}}
    for row, name in enumerate(names):
        if name not in outputs:
            continue
        result["outputs"][name] = {
            "y": float(found.expected[name]), "u": float(found.uncertainty[name]),
            "nu_eff": None if case.get("correlations") else float(found.degf[name]),
            "sensitivity": {
                variable: float(value) for variable, value in zip(model.varsymbols, found.C[row]) if variable in inputs
            },
        }
        result["covariance"][name] = {
            other: float(found.Uy[row][column]) for column, other in enumerate(names) if other in outputs
        }
    return result


def suncal_can_draw(case):
    """Whether suncal can draw the case and is right about it: readings and correlated components it draws wrongly."""
    has_readings = any("values" in dist for entry in case["inputs"] for _, dist, _, _, _ in parts(entry))
    return not has_readings and not case.get("correlations")


def drawn_by_suncal(case, trials, seed):
    """The outputs, one array each."""
    model = suncal_model(case, suncal_components)
    np.random.seed(seed)
    found = model.monte_carlo(trials)
    return {output["output"]: found.samples[output["output"]] for output in case["model"]}


def suncal_components(dist, u, dof, factor):
    """The distribution itself; a trapezoid is the sum of two rectangles."""
    size = abs(factor)
    kind, a = dist["type"], size * dist.get("half_width", 0)
    if kind == "normal":
        yield {"dist": "normal", "std": size * dist["std"]}
    elif kind == "student-t":
        yield {"dist": "t", "scale": size * dist["scale"], "df": dist["dof"]}
    elif kind == "student-t-std":
        yield {"dist": "t", "std": size * dist["std"], "df": dist["dof"]}
    elif kind == "trapezoidal":
        yield {"dist": "uniform", "a": a * (1 + dist["beta"]) / 2}
        yield {"dist": "uniform", "a": a * (1 - dist["beta"]) / 2}
    elif kind == "ctrap":
        yield {"dist": "curvtrap", "a": a, "d": size * dist["inexactness"]}
    else:
        names = {"rectangular": "uniform", "triangular": "triangular", "arcsine": "arcsine"}
        yield {"dist": names[kind], "a": a}


def drawn(dist, trials, generator):
    """JCGM 101, clause 6.4."""
    kind, shape = dist["type"], trials
    if kind == "constant":
        return np.full(shape, dist["value"])
    if kind == "observations":
        u, dof = uncertainty(dist)
        return estimate(dist) + u * generator.standard_t(dof, shape)
    mean = dist["mean"]
    if kind == "normal":
        return generator.normal(mean, dist["std"], shape)
    if kind == "student-t":
        return mean + dist["scale"] * generator.standard_t(dist["dof"], shape)
    if kind == "student-t-std":
        scale = dist["std"] * math.sqrt((dist["dof"] - 2) / dist["dof"])
        return mean + scale * generator.standard_t(dist["dof"], shape)
    a = dist["half_width"]
    if kind == "rectangular":
        return generator.uniform(mean - a, mean + a, shape)
    if kind == "triangular":
        return generator.triangular(mean - a, mean, mean + a, shape)
    if kind == "arcsine":
        return mean + a * np.cos(np.pi * generator.random(shape))
    if kind == "trapezoidal":
        wide = generator.uniform(-(1 + dist["beta"]) / 2, (1 + dist["beta"]) / 2, shape)
        narrow = generator.uniform(-(1 - dist["beta"]) / 2, (1 - dist["beta"]) / 2, shape)
        return mean + a * (wide + narrow)
    if kind == "ctrap":
        width = generator.uniform(a - dist["inexactness"], a + dist["inexactness"], shape)
        return mean + width * generator.uniform(-1, 1, shape)
    raise ValueError(kind)


def by_numpy(case, trials, generator):
    """The outputs, one array each. Correlated inputs are jointly normal."""
    inputs, shared = {}, {}
    joint = list(dict.fromkeys(n for pair in case.get("correlations", []) for n in (pair["a"], pair["b"])))
    entries = {entry["name"]: entry for entry in case["inputs"]}
    if joint:
        matrix = np.eye(len(joint))
        for pair in case["correlations"]:
            i, j = joint.index(pair["a"]), joint.index(pair["b"])
            matrix[i, j] = matrix[j, i] = coefficient(case, pair)
        standard = generator.multivariate_normal(np.zeros(len(joint)), matrix, trials, method="eigh").T
        for name, z in zip(joint, standard):
            dist = entries[name]["dist"]
            inputs[name] = estimate(dist) + uncertainty(dist)[0] * z
    for name, entry in entries.items():
        if name in inputs:
            continue
        total = 0
        for _, dist, _, source, factor in parts(entry):
            values = shared.get(source) if source else None
            if values is None:
                values = drawn(dist, trials, generator)
                if source:
                    shared[source] = values
            total = total + factor * values
        inputs[name] = total
    return by_numbers(case, inputs)
