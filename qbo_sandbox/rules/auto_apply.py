"""“Automatically apply credits”: credit memos go onto open invoices by themselves.

That the preference does this is known; that it makes a Payment of 0 for each new
document, and begins with the oldest, is a guess.
"""

from ..values import ZERO


def apply_credits(change):
    """After a new invoice or credit memo: a Payment of 0 with both sides on it."""
    company, doc = change.company, change.doc
    if change.old or not company.pref("SalesFormsPrefs", "AutoApplyCredit"):
        return
    invoice = change.entity.name == "Invoice"
    own, other = ("Invoice", "CreditMemo") if invoice else ("CreditMemo", "Invoice")
    left, lines = doc["TotalAmt"], []
    for found in open_documents(company, other, doc):
        part = min(left, found["Balance"])
        if part > 0:
            lines.append(line(other, found["Id"], part))
            left -= part
    if lines:
        lines.append(line(own, doc["Id"], doc["TotalAmt"] - left))
        save_payment(company, doc, lines)


def open_documents(company, entity, doc):
    """The customer's documents with a balance in this currency, oldest first."""
    found = [
        one
        for one in company.every(entity)
        if one["CustomerRef"]["value"] == doc["CustomerRef"]["value"]
        and one["CurrencyRef"] == doc["CurrencyRef"]
        and one["Balance"] > ZERO
    ]
    return sorted(found, key=lambda one: one["TxnDate"])


def line(entity, oid, amount):
    """A Payment's line."""
    link = {"TxnId": oid, "TxnType": entity}
    return {"Amount": amount, "LinkedTxn": [link]}


def save_payment(company, doc, lines):
    """The Payment without money."""
    from ..catalog import ENTITIES
    from ..engine import save

    body = {"TotalAmt": ZERO, "TxnDate": doc["TxnDate"], "Line": lines}
    for name in ("CustomerRef", "CurrencyRef", "ExchangeRate"):
        if name in doc:
            body[name] = doc[name]
    save(company, ENTITIES["Payment"], body)
