"""How many tries were made of a kind, how they were answered, and which wrongly."""

import collections
import random
import time
from collections.abc import Callable
from typing import Any

TOLD_EVERY = 500


class Tried:
    """A count of tries up to a number or a time, and a generator to draw them from.

    ``tell`` hears of it every TOLD_EVERY tries, so that what was found outlives a campaign that is
    ended.
    """

    def __init__(
        self, seed: int, most: int, until: float, tell: Callable[["Tried"], object]
    ) -> None:
        self.random, self.most, self.until = random.Random(seed), most, until
        self.tell = tell
        self.made = 0
        self.answers: collections.Counter[str] = collections.Counter()
        self.wrong: list[str] = []
        self.about: dict[str, Any] = {}

    @property
    def over(self) -> bool:
        """Whether there were enough."""
        return self.made >= self.most or time.monotonic() > self.until

    def note(self, answer: str, wrong: str = "") -> None:
        """One more try: how it was answered, and what is wrong with that, if anything."""
        self.made += 1
        self.answers[answer] += 1
        if wrong:
            self.wrong.append(wrong[:1000])
        if self.made % TOLD_EVERY == 0:
            self.tell(self)


def mutated(draw: random.Random, content: bytes, most: int = 6) -> bytes:
    """Bytes with a few changed, dropped, doubled or put in."""
    body = bytearray(content)
    for _ in range(draw.randint(1, most)):
        place = draw.randrange(len(body) + 1)
        match draw.randrange(5):
            case 0:
                del body[place : place + draw.randint(1, 4)]
            case 1:
                body[place:place] = body[place : place + draw.randint(1, 16)]
            case 2:
                body[place : place + 1] = bytes([draw.randrange(256)])
            case 3:
                body[place:place] = draw.choice(SALT)
            case 4 if body:
                body[place % len(body)] ^= 1 << draw.randrange(8)
    return bytes(body)


SALT = [
    *(b"-1", b"1e309", b"NaN", b"9" * 40, b"9" * 400, b"9" * 5000, b"0", b"2147483648"),
    *(b"1e-400", b"-0"),
    *(b"[" * 5000, b"{", b"}", b'"', b"\\", b"\x00", b"\n", b"\r\n\r\n", b"\xff\xfe", b"\x1b[2J"),
    *("é".encode(), "\u202e".encode(), b"../../etc/passwd", b"%s%n", b"$(id)", b":", b"=", b","),
    *(b"null", b"true", b"task.length", b"a" * 300, b"/" * 300, b"__class__", b" ", b"\t"),
]
