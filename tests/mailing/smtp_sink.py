"""A mail server that keeps a journal instead of mailboxes. Run it in its own process:

    python -m tests.mailing.smtp_sink --port 2525 --journal /tmp/journal --delay 0.005

Some recipients meet a difficult server: `unbekannt…` is refused for good, `voll…` for now, `weg…` makes
it hang up, `stumm…` makes it fall silent, `verboten…` is refused because of who sends. While the file
`<journal>.closed` exists, nobody gets in; while `<journal>.answer` does, its words answer every recipient.
"""

import argparse
import asyncio
import json
import signal
from email import message_from_bytes
from pathlib import Path
from typing import Any


class Session(asyncio.Protocol):
    def __init__(self, journal: Any, closed: Path, answer: Path, delay: float) -> None:
        self.journal, self.closed, self.answer, self.delay = journal, closed, answer, delay
        self.buffer = b""
        self.in_message = False
        self.recipient = ""

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        if self.closed.exists():
            self.reply("421 gerade nicht")
            transport.close()
            return
        self.reply("220 sink")

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        while self.buffer:
            end = b"\r\n.\r\n" if self.in_message else b"\r\n"
            item, found, rest = self.buffer.partition(end)
            if not found:
                return
            self.buffer = rest
            if self.in_message:
                self.message(item)
            else:
                self.command(item.decode())

    def command(self, line: str) -> None:
        verb = line[:4].upper()
        if verb in ("EHLO", "HELO"):
            self.reply("250-sink\r\n250 8BITMIME")
        elif verb == "RCPT":
            self.recipient = line.partition("<")[2].partition(">")[0]
            self.answer_recipient()
        elif verb == "DATA":
            self.in_message = True
            self.reply("354 los")
        elif verb == "QUIT":
            self.transport.write(b"221 bye\r\n")
            self.transport.close()
        else:
            self.reply("250 ok")

    def answer_recipient(self) -> None:
        if self.answer.exists():
            self.reply(self.answer.read_text())
        elif self.recipient.startswith("verboten"):
            self.reply("554 5.7.1 nicht von Ihnen")
        elif self.recipient.startswith("unbekannt"):
            self.reply(f"550 5.1.1 <{self.recipient}> kennen wir nicht")
        elif self.recipient.startswith("voll"):
            self.reply("452 4.2.2 Postfach voll")
        elif self.recipient.startswith("weg"):
            self.transport.close()
        elif not self.recipient.startswith("stumm"):
            self.reply("250 ok")

    def message(self, raw: bytes) -> None:
        self.in_message = False
        head = message_from_bytes(raw.partition(b"\r\n\r\n")[0])
        line = json.dumps({"to": self.recipient, "id": head["Message-ID"]})
        self.journal.write(line + "\n")
        self.reply("250 angenommen")

    def reply(self, text: str) -> None:
        line = text.encode() + b"\r\n"
        if self.delay:
            asyncio.get_running_loop().call_later(self.delay, self.transport.write, line)
        else:
            self.transport.write(line)


async def serve(port: int, journal: Path, delay: float) -> None:
    loop = asyncio.get_running_loop()
    closed = journal.with_name(journal.name + ".closed")
    answer = journal.with_name(journal.name + ".answer")
    stopped = asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, stopped.set)
    with journal.open("a", buffering=1) as lines:
        server = await loop.create_server(
            lambda: Session(lines, closed, answer, delay), "127.0.0.1", port
        )
        async with server:
            print(server.sockets[0].getsockname()[1], flush=True)  # noqa: T201 - says where it is
            await stopped.wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--journal", type=Path, required=True)
    parser.add_argument("--delay", type=float, default=0.0, help="seconds before each answer")
    options = parser.parse_args()
    asyncio.run(serve(options.port, options.journal, options.delay))
