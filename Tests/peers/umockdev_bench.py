"""A bench where adapters are plugged and pulled, on devices that umockdev makes up.

    umockdev-wrapper /usr/bin/python3 umockdev_bench.py PROGRAM PROFILE rtu|ascii EVERY

An FT232R with a Modbus slave behind it is polled through /dev/ttyUSB0; it is pulled out, another
adapter with another instrument gets its node, and it comes back as /dev/ttyUSB1. Prints what the
program delivered and said in each phase as JSON. The slave is this file's own: no code is shared
with what it tests.
"""

import atexit
import json
import os
import select
import signal
import struct
import subprocess
import sys
import threading
import time
import tty

import gi

gi.require_version("UMockdev", "1.0")
from gi.repository import UMockdev

PATIENCE = 60
UNIT = 9
PROGRAM, PROFILE, FRAMING, EVERY = sys.argv[1:5]


def crc(octets):
    value = 0xFFFF
    for octet in octets:
        value ^= octet
        for _ in range(8):
            value = value >> 1 ^ (0xA001 if value & 1 else 0)
    return struct.pack("<H", value)


def lrc(octets):
    return bytes([-sum(octets) & 0xFF])


def until(what, condition):
    end = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > end:
            sys.exit(f"waited for {what} in vain: {report} {[c.said[-3:] + c.lines[-3:] for c in Command.all]}")
        time.sleep(0.02)


class Slave(threading.Thread):
    """Answers every reading of two input registers with one value, on a pseudo-terminal of its own."""

    def __init__(self, value):
        super().__init__(daemon=True)
        self.descriptor, near = os.openpty()
        tty.setraw(near)
        self.terminal = os.ttyname(near)
        os.close(near)
        self.value, self.asked, self.pulled = value, 0, False

    def run(self):
        buffer = b""
        while not self.pulled:
            try:
                ready, _, _ = select.select([self.descriptor], [], [], 0.02)
                buffer += os.read(self.descriptor, 256) if ready else b""
            except OSError:
                # Nobody has the port open.
                time.sleep(0.01)
                continue
            if buffer.endswith(b"\r\n") if FRAMING == "ascii" else len(buffer) >= 8:
                self.asked += 1
                self.answer(buffer)
                buffer = b""
        os.close(self.descriptor)

    def answer(self, frame):
        request = bytes.fromhex(frame[1:-4].decode()) if FRAMING == "ascii" else frame[:6]
        if request[0] != UNIT:
            return
        answer = bytes([UNIT, request[1], 4]) + struct.pack(">f", self.value)
        if FRAMING == "ascii":
            frame = b":" + (answer + lrc(answer)).hex().upper().encode() + b"\r\n"
        else:
            frame = answer + crc(answer)
        os.write(self.descriptor, frame)


class Adapter:
    def __init__(self, serial, value):
        self.serial, self.value, self.places, self.links, self.slave = serial, value, [], [], None

    def plug(self, socket, node):
        """Into socket N of the hub; the system gives it /dev/`node`."""
        usb = f"/devices/pci0000:00/usb1/1-{socket}"
        interface = f"{usb}/1-{socket}:1.0"
        port = f"{interface}/{node}"
        # umockdev takes only what has major number 4 for a terminal (its isatty).
        minor = 64 + int(node.removeprefix("ttyUSB"))
        # umockdev makes a terminal of its own for each name, but only once: here a name comes back. So the terminal is
        # ours, and stands in the testbed as one of umockdev's would (.ptymap is its own).
        self.slave = Slave(self.value)
        folder = f"{testbed.get_root_dir()}/dev"
        self.links = [
            (f"{folder}/.ptymap/{self.slave.terminal.replace('/', '_')}", f"4:{minor}"),
            (f"{folder}/{node}", self.slave.terminal),
        ]
        for link, target in self.links:
            os.makedirs(os.path.dirname(link), exist_ok=True)
            os.symlink(target, link)
        self.slave.start()
        testbed.add_from_string(
            f"""P: {usb}
N: bus/usb/001/{socket:03d}
E: DEVTYPE=usb_device
E: SUBSYSTEM=usb
A: idVendor=0403\\n
A: idProduct=6001\\n
A: manufacturer=FTDI\\n
A: product=FT232R USB UART\\n
A: serial={self.serial}\\n

P: {interface}
E: DEVTYPE=usb_interface
E: SUBSYSTEM=usb
A: bInterfaceNumber=00\\n

P: {port}
E: SUBSYSTEM=usb-serial
A: latency_timer=16\\n
A: port_number=0\\n

P: {port}/tty/{node}
E: DEVNAME=/dev/{node}
E: MAJOR=4
E: MINOR={minor}
E: SUBSYSTEM=tty
E: DEVLINKS=/dev/serial/by-id/usb-FTDI_FT232R_USB_UART_{self.serial}-if00-port0
A: dev=4:{minor}\\n
"""
        )
        self.places = [f"/sys{path}" for path in (f"{port}/tty/{node}", port, interface, usb)]
        return f"/sys{port}/latency_timer"

    def pull(self):
        for link, _ in self.links:
            if os.path.lexists(link):
                os.remove(link)
        self.slave.pulled = True
        self.slave.join()
        testbed.uevent(self.places[0], "remove")
        for place in self.places:
            testbed.remove_device(place)


class Command:
    """The program in the background, and the lines it has written so far."""

    all = []

    def __init__(self, *arguments):
        # umockdev names a monitor by its descriptor alone: of two processes with the same one only the last is told. So
        # each gets others, by some that are taken before it starts.
        shift = 'for n in $(seq 3 "$0"); do eval "exec $n</dev/null"; done; exec "$@"'
        self.process = subprocess.Popen(
            ["bash", "-c", shift, str(2 + 10 * len(Command.all)), PROGRAM, "device", *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        Command.all.append(self)
        self.lines, self.said = [], []
        self.reader, listener = (
            threading.Thread(target=self.collect, args=pair, daemon=True)
            for pair in ((self.process.stdout, self.lines), (self.process.stderr, self.said))
        )
        self.reader.start()
        listener.start()

    @staticmethod
    def collect(stream, lines):
        for line in stream:
            lines.append(line.rstrip("\n"))

    def end(self):
        if self.process.poll() is None:
            self.process.terminate()
        return self.process.wait(PATIENCE)


def values():
    """What the instrument said, of each exchange that was answered."""
    found = []
    for line in list(poll.lines):
        exchange = json.loads(line)
        if "received" not in exchange or "fault" in exchange:
            continue
        frame = bytes.fromhex(exchange["received"])
        if FRAMING == "ascii":
            frame = bytes.fromhex(frame.strip().lstrip(b":").decode())
        found.append(struct.unpack(">f", frame[3:7])[0])
    return found


def phase(name, condition):
    """Waits, and notes what was delivered and said since the phase before."""
    until(name, condition)
    report[name] = {"values": values()[phase.values :], "said": poll.said[phase.said :]}
    phase.values, phase.said = len(values()), len(poll.said)


# Nothing that was started outlives this script, however it ends.
atexit.register(lambda: [command.process.kill() for command in Command.all])
signal.signal(signal.SIGTERM, lambda *_: sys.exit("asked to end"))

phase.values = phase.said = 0
report = {}
testbed = UMockdev.Testbed.new()
own, other = Adapter("A50285BI", 229.5), Adapter("B60396CJ", 111.25)

watch = Command("watch", "--format", "json")
until("the watch", lambda: watch.said)
latency = own.plug(1, "ttyUSB0")
poll = Command(
    *("trace", "--profile", PROFILE, "--every", EVERY, "--format", "json", "--connect"),
    f"serial:///dev/ttyUSB0?unit={UNIT}&framing={FRAMING}&timeout=500",
)
is_frequent = float(EVERY) < 60
phase("polled", lambda: len(values()) >= (3 if is_frequent else 1))
with open(latency) as file:
    report["latency"] = file.read().strip()


def heard(words):
    return any(words in line for line in poll.said[phase.said :])


own.pull()
phase("pulled", lambda: heard("pulled out") and (heard("no port") or not is_frequent))
other.plug(1, "ttyUSB0")
phase("taken", lambda: heard("is not read") and (heard("has taken the port") or not is_frequent))
report["asked_of_the_other"] = other.slave.asked
suggest = Command("suggest", "--format", "json")
until("the suggestion to wait", lambda: suggest.said)
own.plug(2, "ttyUSB1")
phase("back", lambda: len(values()) >= phase.values + (3 if is_frequent else 1))
report["list"] = json.loads(
    subprocess.run([PROGRAM, "device", "list", "--format", "json"], stdout=subprocess.PIPE, check=True).stdout
)
report["suggestions"] = json.loads(
    subprocess.run(
        [PROGRAM, "device", "suggest", "--present", "--format", "json"], stdout=subprocess.PIPE, check=True
    ).stdout
)
until("the suggestion", lambda: suggest.process.poll() is not None)
suggest.reader.join(PATIENCE)
report["suggested"] = json.loads("\n".join(suggest.lines))
report["status"] = poll.end()
report["asked_of_the_other"] += other.slave.asked
until("the watch to say all", lambda: len(watch.lines) == 4)
report["watch_status"] = watch.end()
report["watch"] = [
    [event["change"], event["port"]["node"], event["port"]["serial"]] for event in map(json.loads, watch.lines)
]
print(json.dumps(report))
