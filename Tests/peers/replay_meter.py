"""A meter that gives published answers to published questions: replay_meter.py pty|tcp FAULT QUESTION=ANSWER… (hexadecimal).

Prints where it listens. FAULT: none, silent, byte (one byte at a time), noise (before each answer), echo (what was asked comes
back first, as from a half-duplex adapter), flip (one bit of the first answer is wrong), cut (the end is missing).
"""

import os
import socket
import sys
import time
import tty

kind, fault = sys.argv[1], sys.argv[2]
answers = [tuple(bytes.fromhex(part) for part in pair.split("=")) for pair in sys.argv[3:]]

if kind == "pty":
    master, slave = os.openpty()
    tty.setraw(slave)
    print(f"at serial://{os.ttyname(slave)}", flush=True)
    receive, send = (lambda: os.read(master, 256)), (lambda data: os.write(master, data))
else:
    listener = socket.create_server(("127.0.0.1", 0))
    print(f"at tcp://127.0.0.1:{listener.getsockname()[1]}", flush=True)
    connection, _ = listener.accept()
    receive, send = (lambda: connection.recv(256)), connection.sendall

pending = b""
flips = 1 if fault == "flip" else 0
while True:
    data = receive()
    if not data:
        break
    pending += data
    for question, answer in answers:
        if not pending.endswith(question):
            continue
        asked, pending = pending, b""
        if fault == "silent":
            break
        frame = answer
        if flips and len(answer) > 1:
            flips -= 1
            frame = answer[:-3] + bytes([answer[-3] ^ 0x10]) + answer[-2:]
        if fault == "cut" and len(answer) > 1:
            frame = answer[:-2]
        if fault == "noise":
            frame = b"\x00\x68\xff" + frame
        if fault == "echo":
            frame = asked + frame
        if fault == "byte":
            for byte in frame:
                send(bytes([byte]))
                time.sleep(0.002)
        else:
            send(frame)
        break
