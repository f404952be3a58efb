"""Currencies of partners and documents."""

from ..errors import Fault, business
from ..values import dec

NAMES = {
    "USD": "United States Dollar",
    "CAD": "Canadian Dollar",
    "GBP": "British Pound",
    "EUR": "Euro",
    "AUD": "Australian Dollar",
    "JPY": "Japanese Yen",
    "HKD": "Hong Kong Dollar",
    "CHF": "Swiss Franc",
    "MXN": "Mexican Peso",
    "SEK": "Swedish Krona",
    "NZD": "New Zealand Dollar",
    "INR": "Indian Rupee",
    "KWD": "Kuwaiti Dinar",
}


def reference(code):
    """CurrencyRef as QuickBooks returns it."""
    return {"value": code, "name": NAMES.get(code, code)}


def known(company, code):
    """True for the home currency and the company's active ones."""
    if code == company.home:
        return True
    return any(
        one["Code"] == code and one.get("Active", True)
        for one in company.every("CompanyCurrency")
    )


def of_party(change):
    """A partner's currency: fixed at creation; an unknown one by the knob."""
    company, doc = change.company, change.doc
    if change.old:
        doc["CurrencyRef"] = change.old["CurrencyRef"]
        return
    code = (doc.get("CurrencyRef") or {}).get("value", company.home)
    if not company.multicurrency() and code != company.home:
        raise business("Multicurrency is not turned on for this company.")
    if not known(company, code):
        code = _unknown(company, code)
    doc["CurrencyRef"] = reference(code)


def _unknown(company, code):
    choice = company.knob("unknown_currency")
    if choice == "refuse" or (choice == "add" and code not in NAMES):
        raise business(f"The currency {code} is not in the company's list.")
    if choice == "home":
        return company.home
    from ..engine import save

    entity = company.app.entities["CompanyCurrency"]
    save(company, entity, {"Code": code})
    return code


def of_document(change, party):
    """CurrencyRef and ExchangeRate of a transaction of ``party`` (dict or None)."""
    company, doc = change.company, change.doc
    own = (party or {}).get("CurrencyRef", {}).get("value", company.home)
    code = (doc.get("CurrencyRef") or {}).get("value")
    if not company.multicurrency():
        if code not in (None, company.home):
            raise business("Multicurrency is not turned on for this company.")
        doc.pop("ExchangeRate", None)
        doc["CurrencyRef"] = reference(company.home)
        return
    _several(change, code, own, bool(party))


def _several(change, code, own, has_party):
    doc, home = change.doc, change.company.home
    if code is None and own != home:
        raise missing()
    code = code or home
    if has_party and code != own:
        raise business("You can only use one foreign currency per transaction.")
    if code != home and not dec(doc.get("ExchangeRate")):
        raise missing()
    doc["CurrencyRef"] = reference(code)
    doc["ExchangeRate"] = dec(1) if code == home else dec(doc["ExchangeRate"])


def missing():
    """2410 in QuickBooks' own spelling."""
    return Fault(
        2410,
        "The currency and exchange rate are required for transaction in "
        "foreign currency.",
        "",
    )


def rate(doc):
    """Home units for one unit of the document's currency."""
    return dec(doc.get("ExchangeRate") or 1)


def is_foreign(company, doc):
    """True if the document isn't in the home currency."""
    return (doc.get("CurrencyRef") or {}).get("value", company.home) != company.home
