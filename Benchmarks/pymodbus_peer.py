"""Reads ten registers at a time with pymodbus's client. Arguments: port, exchanges. Prints seconds and CPU seconds."""

import resource
import sys
import time

from pymodbus.client import ModbusTcpClient


def cpu():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


client = ModbusTcpClient("127.0.0.1", port=int(sys.argv[1]))
if not client.connect():
    sys.exit("pymodbus: no connection")
exchanges = int(sys.argv[2])
start, before = time.monotonic(), cpu()
for number in range(exchanges):
    address = 1000 * (number % 50)
    answer = client.read_holding_registers(address, count=10, device_id=1)
    if answer.isError() or answer.registers[9] != address + 9:
        sys.exit("pymodbus: a wrong answer")
print(time.monotonic() - start, cpu() - before)
