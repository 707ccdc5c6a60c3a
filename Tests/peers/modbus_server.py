"""A Modbus server of another make.

    modbus_server.py tcp|rtu-over-tcp|ascii-over-tcp|PATH|ascii:PATH UNIT REGISTERS

REGISTERS is JSON, [[address, format, order, value], ...]: formats as struct packs them, orders as a
device profile names them. Prints `ready ADDRESS` once it serves, and runs until it is asked to end.
"""

import asyncio
import json
import signal
import struct
import sys

try:
    from pymodbus import FramerType
    from pymodbus.server import ModbusSerialServer, ModbusTcpServer
    from pymodbus.simulator import DataType, SimData, SimDevice
except ImportError as missing:
    sys.exit(f"{missing}: run `make tools`")

PACKED = {"uint16": ">H", "int16": ">h", "uint32": ">I", "int32": ">i", "float32": ">f"}


def registers(form, order, value):
    """The registers that hold `value`, by the letters of `order` and nothing else."""
    octets = struct.pack(PACKED[form], value)
    if len(octets) == 2:
        swapped = order in ("BADC", "DCBA")
        return [int.from_bytes(octets[::-1] if swapped else octets, "big")]
    sent = bytes(octets["ABCD".index(letter)] for letter in order)
    return list(struct.unpack(">HH", sent))


async def main(where, unit, items):
    blocks = [
        SimData(address, values=registers(form, order, value), datatype=DataType.REGISTERS)
        for address, form, order, value in items
    ]
    device = SimDevice(int(unit), simdata=blocks)
    framers = {"tcp": FramerType.SOCKET, "rtu-over-tcp": FramerType.RTU, "ascii-over-tcp": FramerType.ASCII}
    if where in framers:
        server = ModbusTcpServer(device, framer=framers[where], address=("127.0.0.1", 0))
    else:
        framer = FramerType.ASCII if where.startswith("ascii:") else FramerType.RTU
        where = where.removeprefix("ascii:")
        server = ModbusSerialServer(device, framer=framer, port=where, baudrate=9600, parity="N", stopbits=1)
    ended = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, ended.set)
    await server.serve_forever(background=True)
    if where in framers:
        where = "127.0.0.1:%d" % server.transport.sockets[0].getsockname()[1]
    print("ready", where, flush=True)
    await ended.wait()
    await server.shutdown()


asyncio.run(main(sys.argv[1], sys.argv[2], json.loads(sys.argv[3])))
