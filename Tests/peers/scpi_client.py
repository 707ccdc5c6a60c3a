"""Speaks to an instrument with PyVISA over its pure Python backend: scpi_client.py RESOURCE COMMAND…

What ends in a question mark is asked, and its answer printed; the rest is only sent.
"""

import sys

import pyvisa

resource, *commands = sys.argv[1:]
with pyvisa.ResourceManager("@py").open_resource(
    resource, read_termination="\n", write_termination="\n", timeout=3000
) as instrument:
    for command in commands:
        if command.endswith("?"):
            print(instrument.query(command), flush=True)
        else:
            instrument.write(command)
