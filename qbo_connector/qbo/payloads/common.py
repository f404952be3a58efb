"""Blocks that several QBO entities share."""

import hashlib
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from ..money import D, number_text, round_half_up, to_json
from ..text import LIMITS, clean

GLOBAL_TAX_MODES = ("TaxExcluded", "TaxInclusive", "NotApplicable")


class Altered(NamedTuple):
    """A text that could not go as it was."""

    field: str
    original: str
    sent: str


class Texts:
    """Cleans texts for one payload and remembers what it had to alter.

    charset: ``latin1`` for US companies, ``utf8`` for others.
    ``altered`` lists what was changed beyond white space: for the log.
    """

    def __init__(self, charset="latin1"):
        self.charset = charset
        self.altered = []

    def __call__(self, field, value, limit=None, multiline=False):
        """The text cleaned for ``field``, cut at ``limit`` or the field's own."""
        limit = limit or LIMITS.get(field)
        return self.note(field, value, clean(value, limit, multiline, self.charset))

    def note(self, field, value, sent):
        """Remember ``sent`` if it says something else than ``value``; return it."""
        if value and value != sent and str(value).split() != str(sent or "").split():
            self.altered.append(Altered(field, str(value), str(sent or "")))
        return sent


@dataclass(frozen=True)
class Address:
    """A postal address in plain words.

    lines: street lines, the first five count; country: full name or ISO alpha-3.
    """

    lines: tuple = ()
    city: str = ""
    state: str = ""
    postal_code: str = ""
    country: str = ""


def compact(values: dict) -> dict:
    """The values that say something: no None, ``""``, ``[]``, ``{}``; dates as text.

    0 and False stay: they are answers.
    """
    return {
        key: value.isoformat() if isinstance(value, date) else value
        for key, value in values.items()
        # Falsy, but an answer: a number or False.
        if value or isinstance(value, (Decimal, int, float))
    }


def ref(id, name=None):
    """A reference ``{"value": "58"}``, or None without an id. QBO reads only value."""
    return compact({"value": str(id), "name": name}) if id else None


def address(value, texts=None):
    """QBO's PhysicalAddress of an Address, or None for an empty one."""
    if not value:
        return None
    texts = texts or Texts()
    lines = [texts("AddressLine", line) for line in value.lines]
    lines = [line for line in lines if line][:5]
    block = {f"Line{number}": line for number, line in enumerate(lines, 1)}
    block |= {
        "City": texts("City", value.city),
        "CountrySubDivisionCode": texts("City", value.state),
        "PostalCode": texts("PostalCode", value.postal_code),
        "Country": texts("City", value.country),
    }
    return compact(block) or None


def boxed(key, value):
    """``{key: value}`` for QBO's one-field blocks, or None without a value."""
    return {key: value} if value else None


def cents(value):
    """An amount rounded to cents, or None."""
    return None if value is None else round_half_up(value)


def number(value):
    """A Decimal of a quantity, price or rate, or None."""
    return None if value is None else D(value)


def custom_field(definition_id, value, name="", texts=None):
    """A custom text field of a form; up to 31 characters. None without a value."""
    text = (texts or Texts())("CustomField", value)
    field = {
        "DefinitionId": str(definition_id),
        "Name": name,
        "Type": "StringType",
        "StringValue": text,
    }
    return compact(field) if text else None


def linked_txn(txn_id, txn_type, line_id=""):
    """A link to another transaction, such as an Estimate, or to one of its lines."""
    return compact(
        {"TxnId": str(txn_id), "TxnType": txn_type, "TxnLineId": str(line_id or "")}
    )


def us_tax(code_id="", total=None) -> dict:
    """Tax of a US form: one code for the whole, lines say TAX or NON.

    total: Odoo's tax in cents, which QBO's automated tax then spreads over its
    own rates; without both QBO computes by itself.
    """
    detail = compact({"TxnTaxCodeRef": ref(code_id), "TotalTax": cents(total)})
    return compact({"TxnTaxDetail": detail})


def global_tax(mode="TaxExcluded", total=None, tax_lines=()) -> dict:
    """Tax of a form outside the US: every line has a TaxCode's id.

    mode: TaxExcluded, TaxInclusive or NotApplicable (then no tax detail may be
    sent: fault 6170). tax_lines: dicts of TaxLine, to override amounts.
    """
    if mode not in GLOBAL_TAX_MODES:
        raise ValueError(f"QuickBooks has no tax mode {mode!r}")
    detail = {}
    if mode != "NotApplicable":
        detail = compact({"TotalTax": cents(total), "TaxLine": list(tax_lines)})
    return compact({"GlobalTaxCalculation": mode, "TxnTaxDetail": detail})


def payload_hash(payload) -> str:
    """A sha256 that is equal if and only if QBO would be told the same.

    The order of keys and the zeros at a number's end do not count.
    """
    text = to_json(payload, sort=True, number=_shortest)
    return hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()


def _shortest(value):
    text = number_text(value)
    return text.rstrip("0").rstrip(".") if "." in text else text


def detail_line(detail_type, detail, *, amount=None, description="", line_id="",
                links=(), texts=None):  # fmt: skip
    """A form's line around its detail block; amount in the form's currency."""
    texts = texts or Texts()
    return compact(
        {
            "Id": str(line_id or ""),
            "Description": texts("Description", description, multiline=True),
            "Amount": cents(amount),
            "DetailType": detail_type,
            "LinkedTxn": list(links),
        }
    ) | {detail_type_key(detail_type): compact(detail)}


def detail_type_key(detail_type):
    """Under which key a line's detail stands: only descriptions are an exception."""
    exception = detail_type == "DescriptionOnly"
    return "DescriptionLineDetail" if exception else detail_type


def currency_fields(currency, exchange_rate):
    """CurrencyRef and ExchangeRate; only companies with several currencies send them.

    exchange_rate: home currency for one unit of the foreign one (fault 2410).
    """
    rate: Decimal | None = number(exchange_rate)
    return {"CurrencyRef": ref(currency), "ExchangeRate": rate}
