# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import os
from configparser import ConfigParser
from contextlib import suppress
from pathlib import Path

from odoo.tools import config

from ..qbo import crypto
from ..qbo.errors import QboWrongKey

ENV_KEY = "QBO_ENCRYPTION_KEY"
CONFIG_SECTION, CONFIG_KEY = "qbo_connector", "encryption_key"


class Cipher:
    """Encrypts secrets with a key that lies outside the database.

    The key comes from the environment (`QBO_ENCRYPTION_KEY`), else from Odoo's
    configuration file (`encryption_key` in a section `[qbo_connector]`), else from
    a file that is made in Odoo's data folder. Several keys, separated by commas,
    rotate: the first encrypts, all decrypt. On several nodes, give all of them the
    same key.
    """

    def __init__(self):
        self.keys = _configured_keys() or _file_keys()

    def encrypt(self, text):
        return text and crypto.encrypt(text, self.keys)

    def decrypt(self, ciphertext):
        """:raise QboWrongKey: if none of the keys fits; what waits goes on waiting"""
        try:
            return ciphertext and crypto.decrypt(ciphertext, self.keys)
        except crypto.WrongKey as error:
            raise QboWrongKey(str(error)) from error


def _configured_keys():
    text = os.environ.get(ENV_KEY) or _key_in_file(config["config"])
    return [key.strip() for key in text.split(",") if key.strip()]


def _key_in_file(paths):
    """The key in odoo.conf; a section of its own, as Odoo warns of options that
    are not its own."""
    parser = ConfigParser(interpolation=None, strict=False)
    parser.read(paths or [])
    return parser.get(CONFIG_SECTION, CONFIG_KEY, fallback="")


def _file_keys():
    path = Path(config["data_dir"]) / "qbo_connector.key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        _create_once(path, crypto.generate_key())
    return [path.read_text().strip()]


def _create_once(path, text):
    """Write `text`, readable by the owner only, unless another process was first."""
    draft = path.with_suffix(f".{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
    with suppress(FileExistsError):
        os.link(draft, path)
    draft.unlink()
