"""100,000 deliveries by strangers: none is accepted, none raises, nothing piles up."""

import base64
import hashlib
import hmac
import json
import random
import tracemalloc

from qbo import webhooks

DELIVERIES = 100_000
TOKEN = "verifier"
MEMORY = 8 * 1024 * 1024  # bytes that may be in use beyond the start
HUGE = 256 * 1024
EVENT = {
    "specversion": "1.0",
    "id": "88cd52aa-33b6-4351-9aa4-47572edbd068",
    "type": "qbo.invoice.updated.v1",
    "time": "2026-09-10T21:31:25.179851517Z",
    "intuitentityid": "1234",
    "intuitaccountid": "310687",
}


def sign(body, token=TOKEN):
    digest = hmac.new(token.encode(), body, hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


def garbled(chance, body):
    """Some bytes changed, cut or doubled: never the same again."""
    changed = bytearray(body)
    for _byte in range(chance.randint(1, 5)):
        changed[chance.randrange(len(changed))] ^= chance.randint(1, 255)
    return bytes(changed) if bytes(changed) != body else body + b" "


def strangers(chance, body):
    """(body, signature) of deliveries that are not Intuit's."""
    good = sign(body)
    makers = [
        lambda: (garbled(chance, body), good),
        lambda: (body, sign(body, f"token {chance.random()}")),
        lambda: (body, chance.choice(["", None, "=", "ä", good[:-4], good[::-1]])),
        lambda: (chance.randbytes(chance.randint(0, 300)), good),
        lambda: (b"[" * chance.randint(1, 5000), chance.randbytes(44).hex()),
    ]
    while True:
        yield chance.choice(makers)()


def test_no_stranger_gets_in():
    chance = random.Random(20261121)
    body = json.dumps([EVENT]).encode()
    assert webhooks.verify(body, sign(body), TOKEN)
    deliveries = strangers(chance, body)
    tracemalloc.start()
    try:
        accepted = 0
        for _number in range(DELIVERIES):
            forged, signature = next(deliveries)
            accepted += webhooks.verify(forged, signature, TOKEN)
        huge = b" " * HUGE
        accepted += sum(webhooks.verify(huge, sign(body), TOKEN) for _n in range(100))
        used, _peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert accepted == 0
    assert used < MEMORY


def test_signed_garbage_never_raises():
    """Even with the right signature, what makes no sense is only counted."""
    chance = random.Random(7)
    body = json.dumps([EVENT]).encode()
    for _number in range(DELIVERIES // 10):
        events = webhooks.parse(garbled(chance, body))
        assert len(events) <= 1


def test_replays_are_the_same_events():
    """What is delivered again has the same id: the inbox takes it once."""
    body = json.dumps([EVENT]).encode()
    assert webhooks.parse(body) == webhooks.parse(body)
