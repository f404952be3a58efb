"""Secrets at rest: encrypted with keys that can be changed one day."""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


class WrongKey(Exception):
    """None of the keys opens the secret, or there is no key."""


def generate_key() -> str:
    """A new random key, as text."""
    return Fernet.generate_key().decode()


def encrypt(text, keys) -> str:
    """The text encrypted with the first of ``keys``; raises WrongKey without one."""
    return _box(keys).encrypt(text.encode()).decode()


def decrypt(token, keys) -> str:
    """The text behind ``token``; every key is tried, so that old ones still open.

    Raises WrongKey with the remedy when none does.
    """
    try:
        return _box(keys).decrypt(str(token).encode()).decode()
    except (InvalidToken, UnicodeError):
        raise WrongKey(
            "The QuickBooks secrets can't be decrypted with the configured key. "
            "Put the key back with which they were stored, or connect again."
        ) from None


def _box(keys):
    keys = [keys] if isinstance(keys, str) else keys
    boxes = [Fernet(_fernet_key(key)) for key in keys or () if key]
    if not boxes:
        raise WrongKey(
            "No key is configured to encrypt the QuickBooks secrets. "
            "Set one in Odoo's configuration file or environment."
        )
    return MultiFernet(boxes)


def _fernet_key(key):
    """A Fernet key as it is; any other passphrase by way of its SHA-256."""
    try:
        if len(base64.urlsafe_b64decode(key.encode())) == 32 and len(key) == 44:
            return key.encode()
    except ValueError:
        pass
    return base64.urlsafe_b64encode(hashlib.sha256(key.encode()).digest())
