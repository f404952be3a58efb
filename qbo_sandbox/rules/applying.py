"""What payments are applied to: written, refreshed and released."""

from ..values import ZERO, cents, dec, from_cents, money
from . import currency


def mine_of(company, payer, target):
    """What this payment has on that document already."""
    row = company.store.one(
        "SELECT SUM(cents) FROM applied WHERE realm=? AND payer=? AND target=?",
        company.realm,
        payer or "",
        target,
    )
    return from_cents(row[0])


def apply_parts(change, payer=None):
    """Write what the payment is applied to and refresh the documents that changed."""
    company, realm = change.company, change.company.realm
    payer = payer or change.doc["Id"]
    before = rows_of(company, "payer", payer)
    company.store.run("DELETE FROM applied WHERE realm=? AND payer=?", realm, payer)
    kind = link_type(change)
    for part in change.parts:
        company.store.run(
            "INSERT INTO applied VALUES (?,?,?,?,?,?,?)",
            realm,
            payer,
            kind,
            part.oid,
            part.entity,
            cents(part.amount),
            "",
        )
    after = rows_of(company, "payer", payer)
    for entity, oid in sorted({key[:2] for key in before ^ after}):
        refresh_target(company, entity, oid)


def link_type(change):
    """Name of the payment in the LinkedTxn of what it pays."""
    if change.entity.name == "Payment":
        return "Payment"
    return "BillPayment" + change.doc["PayType"]


def rows_of(company, column, oid):
    """{(target entity, target, payer entity, payer, cents)} by payer or target."""
    rows = company.store.rows(
        "SELECT target_entity, target, payer_entity, payer, cents FROM applied"
        f" WHERE realm=? AND {column}=?",
        company.realm,
        oid,
    )
    return set(rows)


def refresh_target(company, entity, oid):
    """Balance and links of a document after a payment changed."""
    doc = company.get(entity, oid)
    if doc is None:
        return
    rows = sorted(rows_of(company, "target", oid))
    links = [{"TxnId": payer, "TxnType": kind} for _, _, kind, payer, _ in rows]
    kept = [
        one
        for one in doc.get("LinkedTxn", [])
        if not one["TxnType"].startswith(("Payment", "BillPayment"))
    ]
    doc["LinkedTxn"] = kept + [
        one for n, one in enumerate(links) if one not in links[:n]
    ]
    if "Balance" in doc:
        used = sum((from_cents(row[4]) for row in rows), ZERO)
        doc["Balance"] = doc["TotalAmt"] - used - dec(doc.get("Deposit"))
        if "RemainingCredit" in doc:
            doc["RemainingCredit"] = doc["Balance"]
        if "HomeBalance" in doc:
            doc["HomeBalance"] = money(doc["Balance"] * currency.rate(doc))
    if not doc["LinkedTxn"]:
        del doc["LinkedTxn"]
    company.touch(entity, doc)


def release_target(change):
    """A document goes: its payments keep their money, unapplied."""
    company, oid = change.company, change.old["Id"]
    for _, _, kind, payer, _ in sorted(rows_of(company, "target", oid)):
        entity = "Payment" if kind == "Payment" else "BillPayment"
        release(company, entity, payer, oid)
    company.store.run(
        "DELETE FROM applied WHERE realm=? AND target=?", company.realm, oid
    )
    links = [
        one
        for one in change.doc.get("LinkedTxn", [])
        if not one["TxnType"].startswith(("Payment", "BillPayment"))
    ]
    change.doc["LinkedTxn"] = links
    if not links:
        change.doc.pop("LinkedTxn")


def release(company, entity, payer, target):
    """Take one document out of a payment and write the payment anew."""
    from ..catalog import ENTITIES
    from ..engine import Change
    from . import rule_for

    doc = company.get(entity, payer)
    rule = rule_for(entity)
    doc["Line"] = [
        line for line in doc.get("Line", []) if line["LinkedTxn"][0]["TxnId"] != target
    ]
    change = Change(company, ENTITIES[entity], {}, doc, doc)
    change.parts = [rule.part(change, line) for line in doc["Line"]]
    charged, credited = rule.sums(change)
    if credited > charged:
        doc["Line"], change.parts = [], []
        charged = credited = ZERO
    if entity == "Payment":
        doc["UnappliedAmt"] = doc["TotalAmt"] - charged + credited
    company.store.run(
        "DELETE FROM applied WHERE realm=? AND payer=? AND target=?",
        company.realm,
        payer,
        target,
    )
    company.touch(entity, doc)
    rule.effects(change)
