"""Reads a meter of DL/T 645-2007 with the package dlt645: dlt645_client.py HOST:PORT|PATH ADDRESS IDENTIFIER…

Prints one line of JSON for each identifier, then the address the meter tells.
"""

import json
import sys

from loguru import logger

logger.remove()

from dlt645.service.clientsvc.client_service import MeterClientService  # noqa: E402



def turned(address):
    """The package counts the digits of an address as they stand in a frame, the last pair first."""
    return bytes.fromhex(address)[::-1].hex()


where, address, *identifiers = sys.argv[1:]
if where.startswith("/"):
    # A pseudo-terminal has no parity, and refuses it when the package sets a new time-out.
    meter = MeterClientService.new_rtu_client(where, 2400, 8, 1, "N", 2.0)
else:
    host, port = where.rsplit(":", 1)
    meter = MeterClientService.new_tcp_client(host, int(port), 2.0)
meter.set_address(turned(address))
meter.connect()
for text in identifiers:
    code = int(text, 16)
    item = {0x00: meter.read_00, 0x02: meter.read_02, 0x04: meter.read_04}[code >> 24](code)
    print(json.dumps(None if item is None else str(item.value)))
item = meter.read_address()
print(json.dumps(None if item is None else turned(item.value)))
meter.disconnect()
