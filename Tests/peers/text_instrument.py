"""An instrument that is spoken to in text: text_instrument.py pty|tcp FAULT END QUESTION=ANSWER…

Prints where it listens, then answers each question that ends with END (\\r\\n and the like as escapes).
FAULT: none, silent, byte (one byte at a time), noise (before each answer), late (half a second), cut (no end mark), gone (closes).
"""

import os
import socket
import sys
import time
import tty


def escaped(text):
    return text.encode("latin-1").decode("unicode_escape").encode("latin-1")


kind, fault, end = sys.argv[1], sys.argv[2], escaped(sys.argv[3])
answers = {question: escaped(answer) for question, answer in (pair.split("=", 1) for pair in sys.argv[4:])}

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
while True:
    data = receive()
    if not data:
        break
    pending += data
    while end in pending:
        question, pending = pending.split(end, 1)
        answer = answers.get(question.decode("latin-1"))
        if answer is None or fault == "silent":
            continue
        if fault == "late":
            time.sleep(0.5)
        if fault == "gone":
            sys.exit(0)
        frame = answer + (b"" if fault == "cut" else end)
        if fault == "noise":
            frame = b"\x00\xff\r\n" + frame
        if fault == "byte":
            for byte in frame:
                send(bytes([byte]))
                time.sleep(0.002)
        else:
            send(frame)
