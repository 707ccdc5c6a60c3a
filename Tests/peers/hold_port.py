"""Another program that uses a serial port: hold_port.py PATH [lock]. Runs until it is asked to end."""

import fcntl
import os
import signal
import sys

descriptor = os.open(sys.argv[1], os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
if "lock" in sys.argv[2:]:
    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
print("holding", sys.argv[1], flush=True)
signal.pause()
