"""An instrument that gives recorded answers to recorded questions: replay_instrument.py pty|tcp FAULT QUESTION=ANSWER…

Questions and answers are hexadecimal. Prints where it listens, and each time somebody connects. FAULT: none, silent, byte (one byte at a time), noise:HEX (before
each answer), echo (what was asked comes back first, as from a half-duplex adapter), flip (one bit of the first answer is
wrong), cut (the end is missing), late (the first answer comes after 0.6 s), gone (closes instead of answering).
"""

import os
import socket
import sys
import time
import tty

kind = sys.argv[1]
fault, _, noise = sys.argv[2].partition(":")
answers = [tuple(bytes.fromhex(part) for part in pair.split("=")) for pair in sys.argv[3:]]

if kind == "pty":
    master, slave = os.openpty()
    tty.setraw(slave)
    print(f"at serial://{os.ttyname(slave)}", flush=True)
    receive, send = (lambda: os.read(master, 256)), (lambda data: os.write(master, data))
else:
    listener = socket.create_server(("127.0.0.1", 0))
    print(f"at tcp://127.0.0.1:{listener.getsockname()[1]}", flush=True)
    connection = None

    def receive():
        """From whoever is connected: who went away may come back."""
        global connection
        while True:
            if connection is None:
                connection, _ = listener.accept()
                print("connected", flush=True)
            try:
                data = connection.recv(256)
            except ConnectionError:
                data = b""
            if data:
                return data
            connection = None

    def send(data):
        try:
            connection.sendall(data)
        except ConnectionError:
            pass


pending = b""
isFirst = True
while True:
    pending += receive()
    for question, answer in answers:
        if not pending.endswith(question):
            continue
        asked, pending = pending, b""
        if fault == "silent":
            break
        if fault == "gone":
            sys.exit(0)
        frame = answer
        if fault == "flip" and isFirst and len(answer) > 1:
            frame = answer[:-3] + bytes([answer[-3] ^ 0x10]) + answer[-2:]
            isFirst = False
        if fault == "late" and isFirst:
            isFirst = False
            time.sleep(0.6)
        if fault == "cut" and len(answer) > 1:
            frame = answer[:-2]
        frame = bytes.fromhex(noise) + frame
        if fault == "echo":
            frame = asked + frame
        if fault == "byte":
            for byte in frame:
                send(bytes([byte]))
                time.sleep(0.002)
        else:
            send(frame)
        break
