"""Secrets at rest."""

import pytest
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
