"""Secrets at rest: encrypted with keys that can be changed one day."""

import base64
import hashlib
import os
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

SLOW = "scrypt"
SALT_BYTES = 16
COST = 2**14  # 16 MB and some 50 ms


class WrongKey(Exception):
    """None of the keys opens the secret, or there is no key."""


def generate_key() -> str:
    """A new random key, as text."""
    return Fernet.generate_key().decode()


def encrypt(text, keys) -> str:
    """The text encrypted with the first of ``keys``; raises WrongKey without one.

    A passphrase goes through scrypt with a salt of its own, which stands before the
    text: ``scrypt$salt$…``.
    """
    key = _listed(keys)[0]
    if _is_random(key):
        return Fernet(key).encrypt(text.encode()).decode()
    salt = base64.urlsafe_b64encode(os.urandom(SALT_BYTES)).decode()
    sealed = Fernet(_slow_key(key, salt)).encrypt(text.encode()).decode()
    return f"{SLOW}${salt}${sealed}"


def decrypt(token, keys) -> str:
    """The text behind ``token``; every key is tried, so that old ones still open.

    Raises WrongKey with the remedy when none does.
    """
    keys = _listed(keys)
    kind, _mark, rest = str(token).partition("$")
    salt, _mark, sealed = rest.partition("$")
    slow = kind == SLOW
    try:
        boxes = [Fernet(_opener(key, salt if slow else "")) for key in keys]
        opened = MultiFernet(boxes).decrypt((sealed if slow else str(token)).encode())
        return opened.decode()
    except (InvalidToken, UnicodeError):
        raise WrongKey(
            "The QuickBooks secrets can't be decrypted with the configured key. "
            "Put the key back with which they were stored, or connect again."
        ) from None


def _listed(keys):
    keys = [key for key in ([keys] if isinstance(keys, str) else keys or ()) if key]
    if not keys:
        raise WrongKey(
            "No key is configured to encrypt the QuickBooks secrets. "
            "Set one in Odoo's configuration file or environment."
        )
    return keys


def _opener(key, salt):
    if _is_random(key):
        return key.encode()
    return _slow_key(key, salt) if salt else _plain_key(key)


def _is_random(key):
    """Whether it is a Fernet key, which no derivation makes better."""
    try:
        return len(key) == 44 and len(base64.urlsafe_b64decode(key.encode())) == 32
    except ValueError:
        return False


@lru_cache(maxsize=64)
def _slow_key(passphrase, salt):
    """Slow, so that a stolen database isn't tried with a word list; kept, so that
    it costs once for each worker and secret."""
    derived = Scrypt(salt=salt.encode(), length=32, n=COST, r=8, p=1)
    return base64.urlsafe_b64encode(derived.derive(passphrase.encode()))


def _plain_key(passphrase):
    """How passphrases were used before: what was stored then is still read."""
    return base64.urlsafe_b64encode(hashlib.sha256(passphrase.encode()).digest())
