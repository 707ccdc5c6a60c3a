"""Speaks DL/T 645 with the package dlt645: dlt645_peer.py FILE, one job a line.

  value IDENTIFIER NUMBER FRAME   reads the number out of an answer in hexadecimal, and builds request and answer itself
  stream BYTES                    finds the frames in bytes with noise

Prints one line of JSON for each. Formats of the identifiers are those of the package's own table.
"""

import json
import sys

from loguru import logger

logger.remove()

from dlt645.common.transform import bcd_to_float, float_to_bcd  # noqa: E402
from dlt645.model.data.define import DIMap  # noqa: E402
from dlt645.protocol.protocol import DLT645Protocol  # noqa: E402


def value(identifier, number, frame):
    code = int(identifier, 16)
    form = DIMap[code].data_format
    name = code.to_bytes(4, "little")
    found = DLT645Protocol.deserialize(bytes.fromhex(frame))
    request = DLT645Protocol.build_frame(found.addr, 0x11, name)
    data = name + bytes(float_to_bcd(float(number), form, "little"))
    answer = DLT645Protocol.build_frame(found.addr, 0x91, data, preamble_count=0)
    return {
        "isIdentified": bytes(found.data[:4]) == name,
        "address": bytes(reversed(found.addr)).hex(),
        "control": found.ctrl_code,
        "number": bcd_to_float(bytes(found.data[4:]), form, "little"),
        "request": bytes(request).hex(),
        "answer": bytes(answer).hex(),
    }


def stream(text):
    rest, frames = bytes.fromhex(text), []
    while True:
        rest, frame = DLT645Protocol.deserialize_with_remaining(rest)
        if frame is None:
            return {"frames": frames}
        frames.append(DLT645Protocol.serialize(frame)[len(frame.preamble) :].hex())


jobs = {"value": value, "stream": stream}
for line in open(sys.argv[1], encoding="ascii"):
    job, *rest = line.split()
    print(json.dumps(jobs[job](*rest)))
