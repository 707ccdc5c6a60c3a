#!/usr/bin/env python3
"""Typesets certificates: one JSON request a line on stdin, one JSON answer a line on stdout.

Needs  : pip install typst==0.15.0 segno==1.6.6   and the font package fonts-wqy-zenhei
Request: {"id": 1, "template": "certificate", "data": {...}, "output": "/absolute/file.pdf",
          "date": "2026-11-25T08:00:00+08:00",
          "attachment": {"name": "X.xml", "mime": "application/xml", "base64": "..."} or null}
Answer : {"id": 1, "ok": true, "pages": 2, "sha256": "..."}   or   {"id": 1, "ok": false, "error": "one line"}

The worker lives as long as its stdin: starting Python and reading the fonts costs more than a page does.
The same request gives the same bytes, so a certificate can be made again years later and compared with the one
that was handed over; nothing here may therefore read the clock, the environment or a random source into a PDF.
"""

import base64
import binascii
import datetime
import hashlib
import io
import json
import os
import re
import sys
import tempfile

INSTALL = "pip install typst==0.15.0 segno==1.6.6"
TYPST_VERSION = "0.15.0"
CHINESE_FONT = "WenQuanYi Zen Hei"
# Only for characters the Chinese font lacks (rare surnames and place names). Used when installed, in this order.
RARE_CHARACTER_FONTS = ("HanaMinA", "HanaMinB")


class Refusal(Exception):
    """A request that cannot be served; the text is for the person who can put it right."""


def one_line(text):
    return re.sub(r"\s+", " ", str(text)).strip()


def required(request, key, kind, example):
    value = request.get(key)
    if not isinstance(value, kind) or not value:
        raise Refusal(f'"{key}" is missing or of the wrong type; it should be like {example}')
    return value


class Worker:
    def __init__(self, typst, segno, answers):
        self.typst = typst
        self.segno = segno
        self.answers = answers
        self.folder = os.path.dirname(os.path.abspath(__file__))
        self.fonts = typst.Fonts(include_system_fonts=True)

    def answer(self, **fields):
        self.answers.write((json.dumps(fields, ensure_ascii=False) + "\n").encode("utf-8", "backslashreplace"))
        self.answers.flush()

    def serve(self, line):
        identity = None
        try:
            try:
                request = json.loads(line.decode("utf-8"))
            except (ValueError, RecursionError) as error:
                raise Refusal(f"the request is not one line of JSON in UTF-8: {error}")
            if not isinstance(request, dict):
                raise Refusal("the request is not a JSON object")
            identity = request.get("id")
            pages, pdf = self.typeset(request)
            self.answer(id=identity, ok=True, pages=pages, sha256=hashlib.sha256(pdf).hexdigest())
        except Refusal as refusal:
            self.answer(id=identity, ok=False, error=one_line(refusal))
        except BrokenPipeError:
            raise
        except Exception as error:  # one bad request must not end the worker for the others
            self.answer(id=identity, ok=False, error=one_line(f"{type(error).__name__}: {error}"))

    def typeset(self, request):
        template = self.template(required(request, "template", str, '"certificate"'))
        data = required(request, "data", dict, "an object")
        output = required(request, "output", str, '"/absolute/file.pdf"')
        date = self.date(required(request, "date", str, '"2026-11-25T08:00:00+08:00"'))
        if not os.path.isabs(output):
            raise Refusal(f'"output" is not an absolute path: {output}')
        if not os.path.isdir(os.path.dirname(output)):
            raise Refusal(f"the folder of the output does not exist: {os.path.dirname(output)}")

        inputs = {"font": CHINESE_FONT, "rare": ",".join(self.families())}
        # typst reads files only below a root. Each request gets an empty one of its own, so a template can reach
        # nothing but what this request brought.
        with tempfile.TemporaryDirectory(prefix="typeset-") as root:
            store(os.path.join(root, "main.typ"), template)
            store(os.path.join(root, "data.json"), self.encode(data))
            code = self.code(data)
            if code:
                inputs["qr"] = "/qr.svg"
                store(os.path.join(root, "qr.svg"), code)
            attachment = request.get("attachment")
            if attachment is not None:
                name, mime, content = self.attachment(attachment)
                inputs.update({"attachment": "/attachment", "attachment-name": name, "attachment-mime": mime})
                store(os.path.join(root, "attachment"), content)
            pages, pdf = self.compile(root, inputs, date)
        write_atomically(output, pdf)
        return pages, pdf

    def template(self, name):
        # The pattern is what keeps a request from naming a file elsewhere.
        if not re.fullmatch(r"[a-z-]+", name):
            raise Refusal(f'"template" may hold only a-z and "-": {name}')
        try:
            with open(os.path.join(self.folder, name + ".typ"), "rb") as file:
                return file.read()
        except OSError as error:
            raise Refusal(f"the template {name}.typ cannot be read: {error.strerror}")

    def families(self):
        """The rare-character fonts at hand, after making sure of the Chinese one: typst leaves out what it has no
        glyph for, and a certificate without its Chinese text must never be written."""
        if CHINESE_FONT not in self.fonts.families():
            # It may have been installed since the start.
            self.fonts = self.typst.Fonts(include_system_fonts=True)
        present = set(self.fonts.families())
        if CHINESE_FONT not in present:
            raise Refusal(f'the font "{CHINESE_FONT}" is not installed; install the package fonts-wqy-zenhei')
        return [font for font in RARE_CHARACTER_FONTS if font in present]

    @staticmethod
    def date(text):
        try:
            date = datetime.datetime.fromisoformat(re.sub(r"[Zz]$", "+00:00", text))
        except ValueError:
            raise Refusal(f'"date" is not a date and time like 2026-11-25T08:00:00+08:00: {text}')
        if date.tzinfo is None:
            # Without an offset the instant would depend on where the worker runs.
            raise Refusal(f'"date" needs its offset from UTC, like 2026-11-25T08:00:00+08:00: {text}')
        return date.replace(microsecond=0)

    @staticmethod
    def encode(data):
        try:
            return json.dumps(data, ensure_ascii=False).encode("utf-8")
        except UnicodeEncodeError:
            raise Refusal('"data" holds half of a surrogate pair, which is not a character')

    def code(self, data):
        verify = data.get("verify")
        text = verify.get("code") if isinstance(verify, dict) else None
        if not text:
            return None
        if not isinstance(text, str):
            raise Refusal("data.verify.code is not a string")
        try:
            # UTF-8 said outright: left to choose, the encoder may take a Japanese encoding for Chinese characters.
            symbol = self.segno.make_qr(text, error="m", encoding="utf-8", boost_error=False)
        except ValueError as error:
            raise Refusal(f"data.verify.code does not fit a QR code: {error}")
        svg = io.BytesIO()
        # No border: the template keeps the quiet zone, so that the symbol lines up with the text beside it.
        symbol.save(svg, kind="svg", border=0, xmldecl=False)
        return svg.getvalue()

    @staticmethod
    def attachment(attachment):
        if not isinstance(attachment, dict):
            raise Refusal('"attachment" is neither null nor an object')
        name = required(attachment, "name", str, '"X.xml"')
        mime = required(attachment, "mime", str, '"application/xml"')
        text = attachment.get("base64")
        # A reader saves it under this name.
        if not re.fullmatch(r"[^/\\\x00-\x1f]{1,120}", name) or name.startswith("."):
            raise Refusal(f"the attachment's name is not a plain file name: {name}")
        if not re.fullmatch(r"[A-Za-z0-9!#$&^_.+-]+/[A-Za-z0-9!#$&^_.+-]+", mime):
            raise Refusal(f"the attachment's mime is not a media type: {mime}")
        if not isinstance(text, str):
            raise Refusal('"attachment" has no "base64"')
        try:
            return name, mime, base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError) as error:
            raise Refusal(f"the attachment's base64 cannot be decoded: {error}")

    def compile(self, root, inputs, date):
        try:
            compiler = self.typst.Compiler(
                os.path.join(root, "main.typ"), root=root, font_paths=self.fonts, sys_inputs=inputs)
            # A-3 is the archival PDF that may carry the machine-readable certificate. It also makes a character
            # without a glyph an error instead of a gap.
            pdf, warnings = compiler.compile_with_warnings(format="pdf", pdf_standards=["a-3b"], timestamp=date)
        except self.typst.TypstError as error:
            raise Refusal(explain(error.message, error.hints))
        if warnings:
            # For example a font that is not there: the page would look different from what was approved.
            raise Refusal("typesetting gave a warning: " + "; ".join(one_line(w) for w in warnings))
        # The metadata stream is never compressed in PDF/A, and it is written after everything it describes.
        counts = re.findall(rb"<xmpTPg:NPages>(\d+)</xmpTPg:NPages>", pdf)
        if not counts:
            raise Refusal("the PDF does not say how many pages it has")
        return int(counts[-1]), pdf


def explain(message, hints):
    missing = re.search(r'the text `"(.*?)"` could not be displayed', message, re.DOTALL)
    if missing:
        named = " ".join(f"{c} (U+{ord(c):04X})" for c in missing.group(1))
        return (f"no installed font can show {named}; correct the text, or for a rare Chinese character "
                "install the package fonts-hanazono and start the worker again")
    if message.startswith("panicked with: "):  # the template's own words
        return message.removeprefix("panicked with: ")
    return "; ".join([message, *hints])


def store(path, content):
    with open(path, "wb") as file:
        file.write(content)


def write_atomically(path, content):
    """Whoever looks at `path` sees the whole PDF or none, even after a power cut."""
    folder, name = os.path.split(path)
    temporary = None
    try:
        descriptor, temporary = tempfile.mkstemp(prefix="." + name[:40] + ".", suffix=".part", dir=folder)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            # mkstemp gives 0600; the certificate is to be readable by whom the folder lets in.
            os.fchmod(file.fileno(), 0o644)
            os.fsync(file.fileno())
        os.replace(temporary, path)
        temporary = None
        # The rename itself is on disk only when the folder is.
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
    except OSError as error:
        raise Refusal(f"{path} cannot be written: {error.strerror}")
    finally:
        if temporary:
            try:
                os.unlink(temporary)
            except OSError:
                pass


def main():
    # The answers keep the real stdout to themselves; whatever a library prints goes to stderr.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)

    def give_up(error):
        answers.write((json.dumps({"id": None, "ok": False, "error": error}, ensure_ascii=False) + "\n").encode())
        answers.flush()
        return 3

    try:
        import typst
        import segno
    except ImportError as error:
        return give_up(one_line(f"{error}; install with: {INSTALL}"))
    version = getattr(typst, "__version__", None)
    if version != TYPST_VERSION:
        # Another version breaks lines and writes bytes differently: an issued certificate could not be made again.
        return give_up(f"typst {version} is installed, {TYPST_VERSION} is needed; install with: {INSTALL}")

    worker = Worker(typst, segno, answers)
    worker.answer(id=None, ok=True, typst=version)
    for line in iter(sys.stdin.buffer.readline, b""):
        if line.strip():
            worker.serve(line)
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (BrokenPipeError, KeyboardInterrupt):
        # The other side has gone; there is nobody left to answer.
        os._exit(0)
