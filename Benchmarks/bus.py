"""Measures lines with instruments against peers and against what the line itself allows. Argument: the folder of the
programs. Ours and the peers take turns; each line says the goal and whether it is met."""

import contextlib
import os
import statistics
import subprocess
import sys

here = os.path.dirname(os.path.abspath(__file__))
programs = sys.argv[1]
ROUNDS = 7
# Requests of a planned round, of ten registers each.
REQUESTS = 50


def run(*command):
    done = subprocess.run([str(word) for word in command], check=True, capture_output=True, text=True)
    return [float(word) for word in done.stdout.split()]


def ours(seconds, *addresses, open_transactions=1, requests=REQUESTS):
    """Exchanges, seconds, CPU seconds, peak memory in KiB."""
    return run(f"{programs}/DeviceRounds", "rounds", requests, seconds, open_transactions, *addresses)


@contextlib.contextmanager
def one_core():
    """Client and server take turns anyway; on one core what waking another costs does not drown the difference."""
    allowed = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(allowed)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, allowed)


@contextlib.contextmanager
def started(*command):
    """A program that says in its first line where it is reached."""
    process = subprocess.Popen([str(word) for word in command], stdout=subprocess.PIPE, text=True)
    try:
        yield process.stdout.readline().strip()
    finally:
        process.terminate()
        process.wait()


def verdict(met):
    return "met" if met else "NOT MET"


def tcp():
    """Against the least a C program does, and against pymodbus."""
    try:
        import pymodbus  # noqa: F401

        has_pymodbus = True
    except ImportError:
        has_pymodbus = False
    open_transactions = {"ours": 1, "ours, 16 open": 16}
    rates, costs = {}, {}

    def note(who, count, seconds, cpu):
        rates.setdefault(who, []).append(count / seconds)
        costs.setdefault(who, []).append(cpu / count)

    with one_core(), started(f"{programs}/ModbusServer") as port:
        for _ in range(ROUNDS):
            note("libmodbus in C", 30000, *run(f"{programs}/BareModbus", port, 30000))
            for who, count in open_transactions.items():
                done, seconds, cpu, _ = ours(1.5, f"tcp://127.0.0.1:{port}?unit=1", open_transactions=count)
                note(who, done, seconds, cpu)
            if has_pymodbus:
                note("pymodbus", 10000, *run(sys.executable, f"{here}/pymodbus_peer.py", port, 10000))

    def line(who, peer, goal, said):
        singles = sorted(a / b for a, b in zip(rates[who], rates[peer]))
        rate = statistics.median(rates[who]) / statistics.median(rates[peer])
        cost = statistics.median(costs[who]) / statistics.median(costs[peer])
        print(
            f"Modbus TCP, ten registers an exchange, {who} against {peer}: {rate:.2f} times its rate (single rounds"
            f" {singles[0]:.2f} to {singles[-1]:.2f}), {cost:.2f} times its CPU an exchange ({said}):"
            f" {verdict(goal(rate, cost))}"
        )

    line("ours", "libmodbus in C", lambda rate, cost: rate >= 0.9, "goal 0.9 of its rate")
    if has_pymodbus:
        line("ours", "pymodbus", lambda rate, cost: rate > 1 and cost <= 0.25, "goal faster, a quarter of its CPU")
        line(
            "ours, 16 open", "pymodbus", lambda rate, cost: rate > 1 and cost <= 0.25,
            "goal faster, a quarter of its CPU",
        )
        bare = statistics.median(costs["libmodbus in C"]) / statistics.median(costs["pymodbus"])
        print(f"  (the loop in C itself takes {bare:.2f} of the CPU of pymodbus an exchange)")
    else:
        print("Modbus TCP against pymodbus: not run, the Python package pymodbus is not installed")
    cost = statistics.median(costs["ours"]) * 1000
    print(f"Modbus TCP, CPU of the host an exchange: {cost:.3f} ms (goal below 0.3 ms): {verdict(cost < 0.3)}")


def several_open():
    """A link of 0.5 ms, and a profile that allows sixteen open transactions."""
    with started(f"{programs}/ModbusServer", 500) as port:
        address = f"tcp://127.0.0.1:{port}?unit=1"
        pairs = []
        for _ in range(3):
            one = ours(2, address)
            many = ours(2, address, open_transactions=16)
            pairs.append((many[0] / many[1]) / (one[0] / one[1]))
    ratio = statistics.median(pairs)
    print(
        f"Modbus TCP over a link with 0.5 ms delay, 16 open transactions: {ratio:.1f} times one at a time"
        f" (goal 3): {verdict(ratio >= 3)}"
    )


def paced(baud, delay=0.005):
    """A serial line that keeps its times: 8N2, so that a character is eleven bits; a pseudo-terminal takes no parity."""
    character = 11 / baud
    silence = 3.5 * character
    limit = 8 * character + silence + delay + 25 * character + silence
    with started(f"{programs}/PacedLine", baud, int(delay * 1e6)) as path:
        address = f"serial://{path}?baud={baud}&parity=none&stop=2&unit=1"
        count, seconds, cpu, _ = ours(6, address)
    forecast = run(f"{programs}/DeviceRounds", "forecast", REQUESTS, delay, address)[0]
    measured = seconds / count * REQUESTS
    share = limit * count / seconds
    error = forecast / measured - 1
    cost = 1000 * cpu / count
    print(
        f"serial line at {baud} baud, device delay {1000 * delay:.0f} ms: {100 * share:.1f} % of the theoretical limit"
        f" (goal 95 %): {verdict(share >= 0.95)}; a round forecast {forecast:.3f} s, measured {measured:.3f} s,"
        f" {100 * error:+.1f} % (goal 5 %): {verdict(abs(error) <= 0.05)}; CPU an exchange {cost:.3f} ms"
        f" (goal below 0.3 ms): {verdict(cost < 0.3)}"
    )


def many_lines():
    """64 lines to instruments that take 20 ms; the last is alive, dead, and not there."""
    with started(f"{programs}/ModbusServer", 20000) as port:
        living = [f"tcp://127.0.0.{number}:{port}?unit=1" for number in range(1, 64)]
        dead = f"!tcp://127.0.0.99:{port}?unit=1&timeout=500"
        ratios, memory = [], 0
        for _ in range(3):
            without = ours(4, *living, requests=10)
            with_dead = ours(4, *living, dead, requests=10)
            ratios.append((with_dead[0] / with_dead[1]) / (without[0] / without[1]))
            memory = max(memory, with_dead[3])
    ratio = statistics.median(ratios)
    print(
        f"64 lines at once, one of them dead: the other 63 together reach {ratio:.3f} of their rate without it"
        f" (goal 0.98): {verdict(ratio >= 0.98)}; {with_dead[0] / with_dead[1]:.0f} exchanges/s,"
        f" CPU an exchange {1000 * with_dead[2] / with_dead[0]:.3f} ms, peak memory of the process {memory / 1024:.0f} MiB"
    )


tcp()
several_open()
for speed in (9600, 19200):
    paced(speed)
many_lines()
