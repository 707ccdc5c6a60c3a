"""Decodes M-Bus telegrams with pyMeterBus: mbus_peer.py FILE, one telegram in hexadecimal a line.

Prints one line of JSON for each: the records as [function, storage number, value] or the name of the error.
"""

import json
import sys

import meterbus

for line in open(sys.argv[1], encoding="ascii"):
    try:
        records = json.loads(meterbus.load(bytes.fromhex(line)).to_JSON())["body"]["records"]
        fields = ("function", "storage_number", "value")
        print(json.dumps([[str(record.get(field)) for field in fields] for record in records]))
    except Exception as error:
        print(json.dumps(type(error).__name__))
