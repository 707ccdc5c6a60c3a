"""Random budgets, the same for the same seed: what is known of the inputs, how they are correlated, and a model of
them. Each is a case of `steelyard uncertainty`."""

import math

from uncertainty_grammar import ATOM, Node, decimal, formula
from uncertainty_models import by_numbers

# How far an unbounded input is taken to reach, in standard uncertainties, so that not one of millions of draws meets
# a pole or an edge of a model.
REACH = 30
TYPES = [
    "normal", "normal", "rectangular", "triangular", "trapezoidal", "arcsine", "ctrap", "student-t",
    "student-t-std", "observations", "constant",
]


def rounded(value, digits=6):
    return float(f"{value:.{digits - 1}e}")


def distribution(random, kind, mean, u, dof):
    """A distribution of standard uncertainty near `u`, and how far it reaches."""
    if kind == "constant":
        return {"type": kind, "value": mean}, 0
    if kind == "observations":
        values = [round(random.gauss(mean, u), 4 - math.floor(math.log10(u))) for _ in range(dof + 1)]
        return {"type": kind, "values": values}, REACH * u
    if kind == "normal":
        known = {"dof": dof} if random.random() < 0.4 else {}
        return {"type": kind, "mean": mean, "std": rounded(u)} | known, REACH * u
    if kind == "student-t":
        return {"type": kind, "mean": mean, "scale": rounded(u), "dof": dof}, REACH * u
    if kind == "student-t-std":
        return {"type": kind, "mean": mean, "std": rounded(u), "dof": max(3, dof)}, REACH * u
    width = rounded(2 * u)
    further = {}
    if kind == "trapezoidal":
        further = {"beta": round(random.uniform(0.05, 0.95), 3)}
    if kind == "ctrap":
        further = {"inexactness": rounded(width * random.uniform(0.05, 0.6))}
    return {"type": kind, "mean": mean, "half_width": width} | further, width + further.get("inexactness", 0)


class Budget:
    """One case. For Monte Carlo the tails are light enough that a standard deviation has a standard error."""

    def __init__(self, random, identity, drawn):
        self.random, self.identity, self.drawn = random, identity, drawn
        self.inputs, self.nodes, self.correlations = [], {}, []
        # Small ones are more frequent: differentiating a large one by symbols costs a peer a second.
        for index in range(min(random.randint(2, 9) for _ in range(3))):
            # The first two always have an uncertainty.
            self.add(f"x{index + 1}", random.choice(TYPES[:-1] if index < 2 else TYPES))
        random.choice([lambda: None, self.correlate, self.compose, self.share])()

    def dof(self):
        return self.random.randint(9, 25) if self.drawn else self.random.randint(1, 40)

    def add(self, name, kind):
        random = self.random
        mean = decimal(random, 0.05, 500) * random.choice([1, 1, 1, -1])
        u = abs(mean) * 10 ** random.uniform(-4.5, -2.3)
        readings = min(self.dof(), 14) + 1 if kind == "observations" else self.dof()
        dist, reach = distribution(random, kind, mean, u, readings)
        entry = {"name": name, "dist": dist}
        if not self.drawn and kind not in ("constant", "observations") and random.random() < 0.1:
            entry["lpu"] = {"u": rounded(u * random.uniform(0.5, 2)), "dof": self.dof()}
        self.inputs.append(entry)
        self.nodes[name] = Node(name, ATOM, mean - reach, mean + reach)
        return entry

    def widen(self, name, by):
        node = self.nodes[name]
        self.nodes[name] = Node(name, ATOM, node.low - by, node.high + by)

    def correlate(self):
        """A random matrix that is one, by the Gram matrix of random unit vectors."""
        random = self.random
        # Correlated inputs are jointly normal when drawn, so that only normal ones mean the same to everybody.
        kinds = ["normal"] if self.drawn else TYPES[:-1]
        names = [entry["name"] for entry in self.inputs if entry["dist"]["type"] in kinds]
        if not self.drawn and random.random() < 0.25:
            return self.read_together()
        names = random.sample(names, min(len(names), random.randint(2, 4)))
        vectors = []
        for _ in names:
            vector = [random.gauss(0, 1) for _ in range(len(names) + 1)]
            length = math.sqrt(sum(x * x for x in vector))
            vectors.append([x / length for x in vector])
        for i, a in enumerate(names):
            for j in range(i):
                # Towards nothing by a tenth: no sum of them is known exactly.
                r = round(0.9 * sum(x * y for x, y in zip(vectors[i], vectors[j])), 4)
                self.correlations.append({"a": a, "b": names[j], "r": r})

    def read_together(self):
        """Two inputs read at the same time."""
        random = self.random
        for name in ("x1", "x2"):
            self.inputs = [entry for entry in self.inputs if entry["name"] != name]
        count = random.randint(4, 12)
        common = [random.gauss(0, 1) for _ in range(count)]
        for name in ("x1", "x2"):
            mean = decimal(random, 0.05, 500)
            u = mean * 10 ** random.uniform(-4, -2.5)
            values = [
                round(mean + u * (x + random.gauss(0, 1)), 4 - math.floor(math.log10(u))) for x in common
            ]
            self.inputs.append({"name": name, "dist": {"type": "observations", "values": values}})
            self.nodes[name] = Node(name, ATOM, mean - REACH * u, mean + REACH * u)
        self.correlations.append({"a": "x1", "b": "x2", "from": "observations"})

    def component(self, name, like):
        random = self.random
        node = self.nodes[like]
        u = max(abs(node.low + node.high) / 2 * 10 ** random.uniform(-4.5, -2.5), 1e-6)
        kind = random.choice([kind for kind in TYPES[:-1] if kind != "observations"])
        dist, reach = distribution(random, kind, 0.0, u, self.dof())
        return {"name": name, "dist": dist}, reach

    def compose(self):
        """Further influences on an input."""
        for entry in self.random.sample(self.inputs, self.random.randint(1, 2)):
            entry["components"] = []
            for name in ["resolution", "drift"][: self.random.randint(1, 2)]:
                component, reach = self.component(name, entry["name"])
                entry["components"].append(component)
                self.widen(entry["name"], reach)

    def share(self):
        """One influence on several inputs."""
        random = self.random
        chosen = random.sample(self.inputs, min(len(self.inputs), random.randint(2, 3)))
        component, reach = self.component("reference", min(chosen, key=lambda entry: self.size(entry["name"]))["name"])
        for entry in chosen:
            factor = round(random.choice([1, -1]) * random.uniform(0.3, 1.5), 3)
            entry["components"] = [component | {"source": "K-0012", "factor": factor}]
            self.widen(entry["name"], reach * abs(factor))

    def size(self, name):
        return abs(self.nodes[name].low + self.nodes[name].high)

    def chosen(self, pool, most):
        """Some of the names, one of them at least uncertain."""
        uncertain = [name for name, node in pool.items() if node.low < node.high]
        names = self.random.sample(list(pool), self.random.randint(1, min(most, len(pool))))
        return names if set(names) & set(uncertain) else names + [self.random.choice(uncertain)]

    def case(self, trials):
        random = self.random
        pool = dict(self.nodes)
        constants = {}
        if random.random() < 0.3:
            constants["g0"] = decimal(random, 0.5, 20)
            pool["g0"] = Node("g0", ATOM, constants["g0"], constants["g0"])
        steps = []
        for index in range(random.choice([0, 0, 1, 2])):
            name = f"s{index + 1}"
            chosen = self.chosen(pool, 3)
            taken = {old: pool.pop(old) for old in chosen}
            node = formula(random, list(taken.values()))
            steps.append({"name": name, "expr": node.text})
            if random.random() < 0.5:
                # In use beside what was made of it.
                pool[chosen[0]] = taken[chosen[0]]
            pool[name] = Node(name, ATOM, node.low, node.high)
        case = {"id": self.identity, "kind": "measurement-model", "inputs": self.inputs}
        if constants:
            case["constants"] = constants
        if self.correlations:
            case["correlations"] = self.correlations
        if steps:
            case["let"] = steps
        case["model"] = []
        for index in range(random.choice([1, 1, 1, 2, 2, 3])):
            name = f"y{index + 1}"
            names = list(pool) if index == 0 else self.chosen(pool, len(pool))
            node = formula(random, [pool[name] for name in names])
            while not self.varies(case, name, node):
                node = formula(random, [pool[name] for name in names])
            case["model"].append({"output": name, "expr": node.text})
            pool[name] = Node(name, ATOM, node.low, node.high)
        if self.drawn:
            case["mcm"] = {"trials": trials, "p": [0.95], "seed": random.randint(1, 10**9)}
        return case

    def varies(self, case, name, node):
        """Whether an output changes with the inputs: all influences on y − s cancel where y is s."""
        extended = case | {"model": case["model"] + [{"output": name, "expr": node.text}]}
        values = []
        for share in (0.3, 0.8):
            inputs = {entry["name"]: self.nodes[entry["name"]] for entry in self.inputs}
            inputs = {key: input.low + share * (input.high - input.low) for key, input in inputs.items()}
            values.append(by_numbers(extended, inputs)[name])
        return abs(values[1] - values[0]) > 1e-9 * (node.high - node.low)
