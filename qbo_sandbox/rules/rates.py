"""Exchange rates: no id, found by currency and day."""

from ..catalog import ENTITIES
from ..errors import Fault, business, required
from ..validation import Cleaner
from ..values import is_date, stamp
from .base import Rule
from .currency import NAMES


def find(company, code, day):
    """The rate valid on a day: the newest not after it, or None."""
    rows = [
        one
        for one in company.every("ExchangeRate")
        if one["SourceCurrencyCode"] == code and one["AsOfDate"] <= day
    ]
    return max(rows, key=lambda one: one["AsOfDate"], default=None)


def read(company, query):
    """``GET exchangerate?sourcecurrencycode=EUR&asofdate=``."""
    params = {name.lower(): value for name, value in query.items()}
    code = params.get("sourcecurrencycode", "").upper()
    day = params.get("asofdate") or company.today()
    if not is_date(day):
        raise Fault(2060, f"Invalid Date : {day}", "asofdate")
    if code == company.home or code not in NAMES:
        raise business(f"There is no exchange rate for {code or 'no currency'}.")
    return company.render("ExchangeRate", on_day(company, code, day))


def on_day(company, code, day):
    """The stored rate of that very day, carried forward from an earlier one."""
    found = find(company, code, day)
    if found and found["AsOfDate"] == day:
        return found
    rate = found["Rate"] if found else 1
    return put(company, {"SourceCurrencyCode": code, "Rate": rate, "AsOfDate": day})


def put(company, body):
    """Store a rate under an inner id."""
    now = stamp(company.now())
    found = find(company, body["SourceCurrencyCode"], body["AsOfDate"])
    same = found and found["AsOfDate"] == body["AsOfDate"]
    doc = {
        **body,
        "TargetCurrencyCode": company.home,
        "domain": "QBO",
        "sparse": False,
        "SyncToken": "0",
        "Id": found["Id"] if same else company.next_id("rate"),
        "MetaData": {"CreateTime": now, "LastUpdatedTime": now},
    }
    company.put("ExchangeRate", doc)
    return doc


def write(company, body):
    """``POST exchangerate``: a rate of the company's own."""
    cleaner = Cleaner(company)
    sent = cleaner.clean(ENTITIES["ExchangeRate"].fields, body)
    for name in ("SourceCurrencyCode", "Rate"):
        if sent.get(name) is None:
            raise required(name)
    if sent["SourceCurrencyCode"] == company.home or sent["Rate"] <= 0:
        raise business("The home currency has no exchange rate.")
    keys = ("SourceCurrencyCode", "Rate", "AsOfDate")
    sent.setdefault("AsOfDate", company.today())
    made = put(company, {k: sent[k] or company.today() for k in keys})
    return company.render("ExchangeRate", made)


def prepare_query(company, select):
    """Before a query: the rates of the day asked for (today) exist and are meant."""
    named = {name.lower(): value for name, _, value in select.where}
    day = named.get("asofdate", company.today())
    codes = named.get("sourcecurrencycode", [])
    known = {one["Code"] for one in company.every("CompanyCurrency")}
    for code in codes if isinstance(codes, list) else [codes]:
        if code.upper() in NAMES and code.upper() != company.home:
            known.add(code.upper())
    for code in sorted(known):
        on_day(company, code, day)
    if "asofdate" not in named:
        select.where.append(("AsOfDate", "=", day))


class ExchangeRate(Rule):
    """A rate has neither Id nor token."""

    def shown(self, company, doc):
        kept = {k: v for k, v in doc.items() if k not in ("Id", "SyncToken")}
        kept["MetaData"] = {"LastUpdatedTime": doc["MetaData"]["LastUpdatedTime"]}
        return kept


RULES = {"ExchangeRate": ExchangeRate()}
