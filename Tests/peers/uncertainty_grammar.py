"""Random formulas that are safe wherever their inputs may be: no pole and no edge within the intervals of these."""

import math

SUM, PRODUCT, SIGN, POWER, ATOM = range(5)


class Node:
    """A part of a formula: its text, how tightly it binds, and the interval its value lies in."""

    def __init__(self, text, binds, low, high):
        self.text, self.binds, self.low, self.high = text, binds, low, high

    def at(self, binds):
        return self.text if self.binds >= binds else f"({self.text})"

    def excludes_zero(self):
        return self.low > 0 or self.high < 0


def number(value):
    return Node(repr(value), ATOM, value, value)


def decimal(random, low, high):
    """A literal of three digits, evenly spread over the orders of magnitude."""
    return float(f"{math.exp(random.uniform(math.log(low), math.log(high))):.2e}")


def products(a, b):
    return [a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high]


def plus(a, b):
    return Node(f"{a.at(SUM)} + {b.at(SUM)}", SUM, a.low + b.low, a.high + b.high)


def minus(a, b):
    return Node(f"{a.at(SUM)} - {b.at(PRODUCT)}", SUM, a.low - b.high, a.high - b.low)


def times(a, b):
    ends = products(a, b)
    return Node(f"{a.at(PRODUCT)} * {b.at(PRODUCT)}", PRODUCT, min(ends), max(ends))


def over(a, b):
    if not b.excludes_zero():
        return None
    ends = products(a, Node("", ATOM, 1 / b.high, 1 / b.low))
    return Node(f"{a.at(PRODUCT)} / {b.at(SIGN)}", PRODUCT, min(ends), max(ends))


def power(a, b):
    if not (a.low > 1e-3 and a.high < 1e3 and max(abs(b.low), abs(b.high)) < 4):
        return None
    ends = [x**y for x in (a.low, a.high) for y in (b.low, b.high)]
    return Node(f"{a.at(ATOM)}^{b.at(POWER) if b.low > 0 else f'({b.text})'}", POWER, min(ends), max(ends))


def whole_power(a, n):
    if n < 0 and not a.excludes_zero():
        return None
    ends = [a.low**n, a.high**n] + ([0.0] if n > 0 and not a.excludes_zero() else [])
    return Node(f"{a.at(ATOM)}^{n if n > 0 else f'({n})'}", POWER, min(ends), max(ends))


def angle(y, x):
    if not (x.low > 0 or y.excludes_zero()):
        return None
    ends = [math.atan2(b, a) for a in (x.low, x.high) for b in (y.low, y.high)]
    return Node(f"atan2({y.text}, {x.text})", ATOM, min(ends), max(ends))


def call(name, a, function, low=-math.inf, high=math.inf):
    """`function` is monotonic between `low` and `high`."""
    if not (low < a.low and a.high < high):
        return None
    ends = [function(a.low), function(a.high)]
    return Node(f"{name}({a.text})", ATOM, min(ends), max(ends))


def scaled(random, a, reach):
    """`a` divided by a literal, so that it stays within ±`reach`."""
    size = max(abs(a.low), abs(a.high), 1e-9)
    return over(a, number(float(f"{size / reach * random.uniform(1.0, 3.0) + 1e-12:.3g}")))


UNARY = {
    "sqrt": lambda r, a: call("sqrt", a, math.sqrt, low=1e-6),
    "exp": lambda r, a: call("exp", scaled(r, a, 3), math.exp),
    "ln": lambda r, a: call("ln", a, math.log, low=1e-6),
    "log10": lambda r, a: call("log10", a, math.log10, low=1e-6),
    "sin": lambda r, a: call("sin", scaled(r, a, 1.5), math.sin),
    # Shifted by a half turn, so that it falls.
    "cos": lambda r, a: call("cos", plus(scaled(r, a, 1.5), number(1.6)), math.cos, low=0, high=math.pi),
    "tan": lambda r, a: call("tan", scaled(r, a, 1.2), math.tan),
    "asin": lambda r, a: call("asin", scaled(r, a, 0.9), math.asin),
    "acos": lambda r, a: call("acos", scaled(r, a, 0.9), math.acos),
    "atan": lambda r, a: call("atan", scaled(r, a, 5), math.atan),
    "abs": lambda r, a: call("abs", a, abs) if a.excludes_zero() else None,
    "minus": lambda r, a: Node(f"-{a.at(SIGN)}", SIGN, -a.high, -a.low),
    "whole": lambda r, a: whole_power(a, r.choice([-3, -2, -1, 2, 2, 3, 4])),
    "root": lambda r, a: power(a, number(r.choice([0.5, 1.5, 0.3, 2.25]))),
    # Powers of powers associate to the right: a^(2^0.5).
    "tower": lambda r, a: power(a, power(number(2.0), number(0.5))),
    "base": lambda r, a: power(number(decimal(r, 0.5, 5)), scaled(r, a, 2)),
    "pi": lambda r, a: times(Node("pi", ATOM, math.pi, math.pi), a),
}
BINARY = [plus, plus, minus, minus, times, times, over, over, power, angle]


def usable(node):
    size = max(abs(node.low), abs(node.high)) if node else math.inf
    return size < 1e9 and size > 1e-9


def decorated(random, a):
    for _ in range(20):
        node = UNARY[random.choice(list(UNARY))](random, a)
        if usable(node):
            return node
    return a


def combined(random, a, b):
    for _ in range(20):
        node = random.choice(BINARY)(a, b)
        if usable(node):
            # A difference may be zero; what is not near zero can be divided by and taken to a power.
            return plus(node, number(decimal(random, 0.1, 10))) if random.random() < 0.1 else node
    return plus(a, b)


def formula(random, nodes):
    nodes = [decorated(random, node) if random.random() < 0.5 else node for node in nodes]
    random.shuffle(nodes)
    while len(nodes) > 1:
        node = combined(random, nodes.pop(), nodes.pop())
        nodes.insert(0, decorated(random, node) if random.random() < 0.3 else node)
    return nodes[0]
