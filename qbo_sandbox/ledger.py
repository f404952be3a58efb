"""Double entries: every posting transaction's, in home currency, in whole cents."""

from dataclasses import dataclass

from .errors import business
from .stock import Stock
from .values import dec, from_cents

STOCK = "stock "


@dataclass
class Entry:
    """One posting: positive cents are a debit. ``party`` is (kind, id) or None.

    ``cents`` are home currency; ``own`` the same in the document's (None: equal).
    """

    account: str
    cents: int
    party: tuple | None = None
    memo: str = ""
    own: int | None = None


class Ledger:
    """Posts and withdraws the entries of one company's transactions."""

    def __init__(self, company):
        self.company, self.store = company, company.store
        self.stock = Stock(company)

    def post(self, txn, entity, date, entries, moves=()):
        """Replace the postings of ``txn``; ``moves`` are (item id, qty, cents)."""
        items = self.withdraw(txn)
        for entry in entries:
            self._insert(txn, entity, date, entry)
        for item, qty, cents, counter in moves:
            self.stock.move({"Id": item}, f"{txn}|{entity}|{counter}", date, qty, cents)
            items.add(item)
        self._settle(items)

    def withdraw(self, txn):
        """Remove all postings and moves of ``txn``; returns the items to settle."""
        rows = self.store.rows(
            "SELECT account, cents, own, party_kind, party FROM postings"
            " WHERE realm=? AND txn=?",
            self.company.realm,
            txn,
        )
        self.store.run(
            "DELETE FROM postings WHERE realm=? AND txn=?", self.company.realm, txn
        )
        for account, cents, own, kind, party in rows:
            self._total(account, -cents, -own, (kind, party) if kind else None)
        return self._drop_moves(txn)

    def unpost(self, txn):
        """Withdraw for good (deletion, void)."""
        self._settle(self.withdraw(txn))

    def _drop_moves(self, txn):
        keys = self.store.rows(
            "SELECT DISTINCT txn FROM moves WHERE realm=? AND txn >= ? AND txn < ?",
            self.company.realm,
            f"{txn}|",
            f"{txn}}}",
        )
        return {item for (key,) in keys for item in self.stock.drop(key)}

    def _insert(self, txn, entity, date, entry):
        kind, party = entry.party or (None, None)
        own = entry.cents if entry.own is None else entry.own
        self.store.run(
            "INSERT INTO postings VALUES (?,?,?,?,?,?,?,?,?,?)",
            self.company.realm,
            txn,
            entity,
            date,
            entry.account,
            entry.cents,
            own,
            kind,
            party,
            entry.memo,
        )
        self._total(entry.account, entry.cents, own, entry.party)

    def _total(self, account, cents, own, party):
        self._add("account", account, cents)
        if party and self.company.account_type(account) in PARTY_TYPES:
            self._add(party[0], party[1], own)

    def _add(self, kind, key, cents):
        self.store.run(
            "INSERT INTO totals VALUES (?,?,?,?) ON CONFLICT (realm, kind, key)"
            " DO UPDATE SET cents=cents+excluded.cents",
            self.company.realm,
            kind,
            str(key),
            cents,
        )

    def _settle(self, items):
        for item_id in sorted(items):
            item = self.company.get("Item", item_id)
            for seq, key, date, delta in list(self.stock.settle(item_id)):
                self._cost(item, seq, key, date, delta)
            self._quantity(item)

    def _cost(self, item, seq, key, date, delta):
        """The pair asset / counter account of one stock move, anew."""
        txn, entity, counter = key.split("|")
        memo = f"{STOCK}{seq}"
        rows = self.store.rows(
            "SELECT account, cents FROM postings WHERE realm=? AND txn=? AND memo=?",
            self.company.realm,
            txn,
            memo,
        )
        for account, cents in rows:
            self._total(account, -cents, -cents, None)
        self.store.run(
            "DELETE FROM postings WHERE realm=? AND txn=? AND memo=?",
            self.company.realm,
            txn,
            memo,
        )
        asset = item["AssetAccountRef"]["value"]
        self._insert(txn, entity, date, Entry(asset, delta, None, memo))
        self._insert(txn, entity, date, Entry(counter, -delta, None, memo))

    def _quantity(self, item):
        if not item:
            return
        quantity, _ = self.stock.quantity(item["Id"])
        if quantity < 0 and not self.company.knob("negative_stock"):
            raise business(f"There are not enough {item['Name']} on hand.")
        if dec(item.get("QtyOnHand")) != quantity:
            item["QtyOnHand"] = quantity
            self.company.keep("Item", item)

    # -- checks and reports --------------------------------------------------
    def balances(self, start="", end="9999"):
        """{account id: Decimal}, debit positive, of the postings in the dates."""
        rows = self.store.rows(
            "SELECT account, SUM(cents) FROM postings WHERE realm=? AND date>=?"
            " AND date<=? GROUP BY account",
            self.company.realm,
            start,
            end,
        )
        return {account: from_cents(cents) for account, cents in rows}

    def unbalanced(self):
        """Ids of transactions whose postings don't add up to zero (always none)."""
        rows = self.store.rows(
            "SELECT txn FROM postings WHERE realm=? GROUP BY txn HAVING SUM(cents)<>0",
            self.company.realm,
        )
        return [txn for (txn,) in rows]


PARTY_TYPES = ("Accounts Receivable", "Accounts Payable")


def converted(entries, rate):
    """Entries of document amounts in home cents; the rounding goes to the last."""
    for entry in entries:
        entry.own = entry.cents
        entry.cents = int((dec(entry.cents) * rate).quantize(dec(1), "ROUND_HALF_UP"))
    rest = sum(entry.cents for entry in entries)
    if entries and rest:
        entries[-1].cents -= rest
    return [entry for entry in entries if entry.cents]
