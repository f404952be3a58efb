"""From documents to the ledger: opening balances, quantities, partners' balances."""

from ..errors import Fault
from ..ledger import Entry, Ledger
from ..values import ZERO, cents, dec, from_cents


def refresh_party(company, kind, oid):
    """Write the ledger's balance into the customer or vendor."""
    doc = company.get(kind, oid)
    if doc is None:
        return
    row = company.total(kind, oid)
    balance = row if kind == "Customer" else -row
    if doc.get("Balance") != balance:
        doc["Balance"] = balance
        if kind == "Customer":
            doc["BalanceWithJobs"] = balance
        company.keep(kind, doc)


def opening_balance(change):
    """Balance and OpenBalanceDate of a new partner are a document in QuickBooks."""
    company, doc = change.company, change.doc
    if change.old or not doc["Balance"]:
        return
    kind, sign = change.entity.name, 1
    account = company.account("AccountsReceivable")
    if kind == "Vendor":
        account, sign = company.account("AccountsPayable"), -1
    amount = sign * cents(doc["Balance"])
    Ledger(company).post(
        f"opening-{kind}-{doc['Id']}",
        kind,
        doc.get("OpenBalanceDate") or company.today(),
        [
            Entry(account, amount, (kind, doc["Id"]), "Opening balance"),
            Entry(company.account("OpeningBalanceEquity"), -amount),
        ],
    )


def item_quantity(change):
    """A quantity sent on create or update becomes a stock move."""
    company, doc = change.company, change.doc
    start = doc.pop("_start", None)
    if doc["Type"] != "Inventory":
        return
    held = dec((change.old or {}).get("QtyOnHand"))
    difference = dec(doc.get("QtyOnHand")) - held
    if not doc["Active"] and (change.old or {}).get("Active", True):
        difference = -held
    company.keep("Item", doc)
    if difference:
        _adjust(change, difference, start)


def _adjust(change, difference, start):
    company, doc = change.company, change.doc
    opening = change.old is None
    sub = "OpeningBalanceEquity" if opening else "SuppliesMaterialsCogs"
    counter = company.account(sub)
    if not opening:
        counter = shrinkage(company) or counter
    day = doc["InvStartDate"] if opening else start or company.today()
    number = company.next_id("adjustment")
    value = cents(difference * dec(doc.get("PurchaseCost"))) if difference > 0 else None
    Ledger(company).post(
        f"quantity-{number}", "Item", day, [], [(doc["Id"], difference, value, counter)]
    )


def shrinkage(company):
    """The account QuickBooks books differences of quantity to."""
    for one in company.accounts().values():
        if one["Name"] == "Inventory Shrinkage":
            return one["Id"]
    return None


def check_start(item, day):
    """6270: nothing happens to stock before the item's start date."""
    if item["Type"] == "Inventory" and day < item.get("InvStartDate", ""):
        raise Fault(
            6270,
            "Transaction date is prior to start date for inventory item. "
            f"{item['Name']} starts on {item['InvStartDate']}.",
            "TxnDate",
        )


def post_document(change, entries, moves=()):
    """Post a document and bring the balances of its partners up to date."""
    company, doc = change.company, change.doc
    before = parties(company, doc["Id"])
    Ledger(company).post(doc["Id"], change.entity.name, doc["TxnDate"], entries, moves)
    for kind, oid in before | parties(company, doc["Id"]):
        refresh_party(company, kind, oid)


def unpost_document(company, oid):
    """Withdraw a document from the ledger and its partners' balances."""
    before = parties(company, oid)
    Ledger(company).unpost(oid)
    for kind, party in before:
        refresh_party(company, kind, party)


def parties(company, txn):
    """{(kind, id)} of the partners a transaction's postings name."""
    rows = company.store.rows(
        "SELECT DISTINCT party_kind, party FROM postings WHERE realm=? AND txn=?"
        " AND party IS NOT NULL",
        company.realm,
        txn,
    )
    return set(rows)


def applied_to(company, target):
    """Decimal paid on a document by payments and credits."""
    row = company.store.one(
        "SELECT SUM(cents) FROM applied WHERE realm=? AND target=?",
        company.realm,
        target,
    )
    return from_cents(row[0]) if row[0] else ZERO
