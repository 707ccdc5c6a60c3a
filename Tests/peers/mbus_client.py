"""Reads a meter on M-Bus with pyMeterBus: mbus_client.py PATH PRIMARY SECONDARY TELEGRAMS

Prints a line of JSON with the records for each telegram: asked by the primary address, and then, after the selection of
SECONDARY, by 253.
"""

import json
import sys

import meterbus
import serial

path, primary, secondary, telegrams = sys.argv[1:]


def readout(port, address):
    """All telegrams, each asked for with the frame count bit turned over."""
    for number in range(int(telegrams)):
        frame = meterbus.TelegramShort()
        frame.header.cField.parts = [0x5B if number % 2 else 0x7B]
        frame.header.aField.parts = [address]
        meterbus.serial_send(port, frame)
        answer = meterbus.load(meterbus.recv_frame(port))
        body = json.loads(answer.to_JSON())["body"]
        header = body["header"]
        print(
            json.dumps(
                {
                    "identification": header["identification"].replace(", ", "").replace("0x", ""),
                    "manufacturer": header["manufacturer"],
                    "values": [str(record.get("value")) for record in body["records"]],
                    "more": bool(answer.more_records_follow),
                }
            )
        )


with serial.Serial(path, 2400, 8, "E", 1, 2) as port:
    meterbus.send_ping_frame(port, int(primary))
    assert isinstance(meterbus.load(meterbus.recv_frame(port, 1)), meterbus.TelegramACK)
    readout(port, int(primary))
    meterbus.send_select_frame(port, secondary)
    assert isinstance(meterbus.load(meterbus.recv_frame(port, 1)), meterbus.TelegramACK)
    readout(port, meterbus.ADDRESS_NETWORK_LAYER)
