"""A meter of DL/T 645-2007 by the package dlt645: dlt645_server.py tcp|PATH ADDRESS IDENTIFIER=NUMBER…

Prints `ready ADDRESS` once it serves, and runs until it is asked to end.
"""

import signal
import sys

from loguru import logger

logger.remove()

from dlt645.service.serversvc.server_service import MeterServerService  # noqa: E402

where, address, *items = sys.argv[1:]
if where == "tcp":
    meter = MeterServerService.new_tcp_server("127.0.0.1", 0, 30.0)
else:
    meter = MeterServerService.new_rtu_server(where, 8, 1, 2400, "E", 1.0)
# As it goes over the line: least significant first.
meter.set_address(bytes.fromhex(address)[::-1])
for item in items:
    identifier, number = item.split("=")
    code = int(identifier, 16)
    put = {0x00: meter.set_00, 0x02: meter.set_02}[code >> 24]
    if not put(code, float(number)):
        sys.exit(f"{item} was not taken")
if not meter.start():
    sys.exit("the meter did not start")
if where == "tcp":
    where = f"127.0.0.1:{meter.server.port}"
print("ready", where, flush=True)
signal.sigwait([signal.SIGTERM, signal.SIGINT])
