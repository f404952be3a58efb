"""Double entries of bills and vendor credits."""

from ..ledger import Entry, converted
from ..values import cents, dec, money
from . import currency, sales_ledger


def entries(change, sign):
    """(entries, stock moves): the payable against items, accounts and tax."""
    company, doc = change.company, change.doc
    party = ("Vendor", doc["VendorRef"]["value"])
    account = (doc.get("APAccountRef") or {}).get("value")
    if company.account_type(account) != "Accounts Payable":
        account = sales_ledger.payable(company, doc["CurrencyRef"]["value"])
    found = [Entry(account, -sign * cents(doc["TotalAmt"]), party)]
    found += sales_ledger.taxes(company, doc, -sign)
    moves = []
    for line in doc["Line"]:
        entry, item = debit(company, line, sign)
        if entry:
            found.append(entry)
            moves += stock(doc, line, item, sign)
    return converted(sales_ledger.discounted(doc, found), currency.rate(doc)), moves


def debit(company, line, sign):
    """(entry, item) of a line: what it is booked to."""
    detail = line.get(line["DetailType"]) or {}
    amount = sign * cents(line.get("Amount", 0))
    if line["DetailType"] == "AccountBasedExpenseLineDetail":
        return Entry(detail["AccountRef"]["value"], amount), None
    if line["DetailType"] != "ItemBasedExpenseLineDetail":
        return None, None
    item = company.get("Item", detail["ItemRef"]["value"])
    return Entry(item["ExpenseAccountRef"]["value"], amount), item


def stock(doc, line, item, sign):
    """The stock move of a line that buys (or sends back) a tracked item."""
    if not item or item["Type"] != "Inventory":
        return []
    qty = sign * dec(line["ItemBasedExpenseLineDetail"].get("Qty", 1))
    value = cents(money(dec(line["Amount"]) * currency.rate(doc)))
    counter = item["ExpenseAccountRef"]["value"]
    return [(item["Id"], qty, value if qty > 0 else None, counter)] if qty else []
