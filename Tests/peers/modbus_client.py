"""Reads and writes a Modbus server as a program of another make does.

modbus_client.py KIND ADDRESS UNIT COMMAND...
KIND is rtu, tcp, rtu-over-tcp or ascii; ADDRESS a port or HOST:PORT. Commands, one line of output each:
input:ADDRESS:COUNT, holding:…, coil:…, discrete:…, write:ADDRESS:VALUE…, writes:ADDRESS:VALUE…, identity
"""

import sys

from pymodbus import FramerType
from pymodbus.client import ModbusSerialClient, ModbusTcpClient
from pymodbus.exceptions import ModbusException

kind, address, unit = sys.argv[1], sys.argv[2], int(sys.argv[3])
if kind in ("rtu", "ascii") and address.startswith("/"):
    framer = FramerType.RTU if kind == "rtu" else FramerType.ASCII
    client = ModbusSerialClient(address, framer=framer, baudrate=9600, timeout=1, retries=0)
else:
    host, port = address.split(":")
    framer = {"tcp": FramerType.SOCKET, "rtu-over-tcp": FramerType.RTU, "ascii": FramerType.ASCII}[kind]
    client = ModbusTcpClient(host, port=int(port), framer=framer, timeout=1, retries=0)
if not client.connect():
    sys.exit(f"no connection to {address}")


def answer(command):
    name, *rest = command.split(":")
    numbers = [int(number) for number in rest]
    if name == "identity":
        found = client.read_device_information(read_code=1, object_id=0, device_id=unit)
        if found.isError():
            return f"exception {found.exception_code}"
        return "|".join(found.information[key].decode() for key in sorted(found.information))
    if name in ("write", "writes"):
        if name == "write":
            found = client.write_register(numbers[0], numbers[1], device_id=unit)
        else:
            found = client.write_registers(numbers[0], numbers[1:], device_id=unit)
        return f"exception {found.exception_code}" if found.isError() else "written"
    read = {
        "input": client.read_input_registers,
        "holding": client.read_holding_registers,
        "coil": client.read_coils,
        "discrete": client.read_discrete_inputs,
    }[name]
    found = read(numbers[0], count=numbers[1], device_id=unit)
    if found.isError():
        return f"exception {found.exception_code}"
    if name in ("coil", "discrete"):
        return " ".join(str(int(bit)) for bit in found.bits[: numbers[1]])
    return " ".join(str(register) for register in found.registers)


for command in sys.argv[4:]:
    try:
        print(answer(command), flush=True)
    except ModbusException as error:
        print(f"failed: {error}", flush=True)
client.close()
