"""Secrets at rest."""

import base64
import hashlib

import pytest
from cryptography.fernet import Fernet
from hypothesis import given, settings
from hypothesis import strategies as st

from qbo.crypto import WrongKey, decrypt, encrypt, generate_key


@given(st.text(), st.text(min_size=1))
@settings(max_examples=40)
def test_what_goes_in_comes_out(secret, passphrase):
    token = encrypt(secret, [passphrase])
    assert decrypt(token, [passphrase]) == secret
    assert len(secret) < 6 or secret not in token


def test_old_keys_still_open_and_the_first_one_encrypts():
    old, new = generate_key(), "a plain passphrase"
    token = encrypt("s", [old])
    assert decrypt(token, [new, old]) == "s"
    assert decrypt(encrypt("s", [new, old]), [new]) == "s"


def test_a_passphrase_is_salted_and_slow():
    one, two = encrypt("s", "words"), encrypt("s", "words")
    assert one.startswith("scrypt$") and one.split("$")[1] != two.split("$")[1]
    assert decrypt(one, ["other words", "words"]) == "s"


def test_what_was_stored_before_is_still_read():
    key = base64.urlsafe_b64encode(hashlib.sha256(b"words").digest())
    old = Fernet(key).encrypt(b"secret").decode()
    assert decrypt(old, ["words"]) == "secret"


@pytest.mark.parametrize("keys", [[], [""], None, [generate_key()]])
def test_a_missing_or_wrong_key_says_so(keys):
    token = encrypt("secret", ["right"])
    with pytest.raises(WrongKey) as error:
        decrypt(token, keys)
    assert "key" in str(error.value)
    assert "secret" not in str(error.value).replace("QuickBooks secrets", "")


def test_a_key_as_it_is_and_as_text_are_not_mixed_up():
    key = generate_key()
    assert decrypt(encrypt("s", key), [key]) == "s"
    for token in ("", "x", "gAAAA", None):
        with pytest.raises(WrongKey):
            decrypt(token, [key])
