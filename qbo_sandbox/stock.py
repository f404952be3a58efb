"""Inventory cost, first in first out, in whole cents.

An item's state is its layers: ``[quantity, cents]`` each, oldest first. Below zero
there is one layer with a negative quantity at the cost last known; the goods that
arrive later settle it, and the difference is part of their effect on the asset.
"""

from decimal import Decimal

from .values import dec, dumps, loads


def apply(layers, qty, cents, unit_cents):
    """Move ``qty`` in (with its value in cents) or out; returns the asset's change.

    ``layers`` is changed in place. ``cents`` None means: at ``unit_cents``.
    """
    before = sum(layer[1] for layer in layers)
    if qty > 0:
        _arrive(layers, qty, cents if cents is not None else whole(qty * unit_cents))
    elif qty < 0:
        _leave(layers, -qty, unit_cents)
    return sum(layer[1] for layer in layers) - before


def whole(value):
    """Cents rounded half up."""
    return int(Decimal(value).quantize(Decimal(1), "ROUND_HALF_UP"))


def _arrive(layers, qty, cents):
    if layers and layers[0][0] < 0:
        missing = -layers[0][0]
        used = min(missing, qty)
        part = whole(dec(cents) * used / qty)
        if used == missing:
            layers.pop(0)
        else:
            owed = layers[0][1]
            layers[0] = [used - missing, owed - whole(owed * used / missing)]
        qty, cents = qty - used, cents - part
    if qty:
        layers.append([qty, cents])


def _leave(layers, qty, unit_cents):
    while qty and layers and layers[0][0] > 0:
        held, value = layers[0]
        if held > qty:
            layers[0] = [held - qty, value - whole(value * qty / held)]
            return
        layers.pop(0)
        qty -= held
    if qty and layers:
        held, value = layers[0]
        layers[0] = [held - qty, value + whole(value * qty / held)]
    elif qty:
        layers.append([-qty, -whole(qty * unit_cents)])


class Stock:
    """The moves of a company's items and what they do to the ledger."""

    def __init__(self, company):
        self.company, self.store = company, company.store

    def move(self, item, txn, date, qty, cents=None):
        """Record a move of an item; returns its number."""
        cursor = self.store.run(
            "INSERT INTO moves (realm, item, txn, date, qty, cents)"
            " VALUES (?,?,?,?,?,?)",
            self.company.realm,
            item["Id"],
            txn,
            date,
            str(qty),
            cents,
        )
        return cursor.lastrowid

    def drop(self, txn):
        """Forget the moves of a transaction; returns the items concerned."""
        items = self.store.rows(
            "SELECT DISTINCT item FROM moves WHERE realm=? AND txn=?",
            self.company.realm,
            txn,
        )
        self.store.run(
            "DELETE FROM moves WHERE realm=? AND txn=?", self.company.realm, txn
        )
        for (item,) in items:
            self.store.run(
                "DELETE FROM layers WHERE realm=? AND item=?", self.company.realm, item
            )
        return [item for (item,) in items]

    def settle(self, item_id):
        """Cost the moves not costed yet; yields (move, txn, date, asset change).

        Moves dated after all costed ones are added to the stored layers; anything
        earlier (or a deletion) makes the item be counted anew from its first move.
        """
        layers, since, last = self._state(item_id)
        rows = self._moves(item_id, since)
        if rows and since and min(row[2] for row in rows) < last:
            layers, last = [], ""
            rows = self._moves(item_id, 0)
        unit = self._unit(item_id)
        for seq, txn, date, qty, cents, delta in rows:
            change = apply(layers, Decimal(qty), cents, self._cost(layers, unit))
            last, since = max(last, date), max(since, seq)
            if change != delta:
                self.store.run("UPDATE moves SET delta=? WHERE seq=?", change, seq)
                yield seq, txn, date, change
        self._keep(item_id, layers, since, last)

    def quantity(self, item_id):
        """(quantity on hand, its value in cents)."""
        layers, _, _ = self._state(item_id)
        return (
            sum((dec(q) for q, _ in layers), Decimal(0)),
            sum(value for _, value in layers),
        )

    def _cost(self, layers, unit):
        held = [layer for layer in layers if layer[0]]
        return dec(held[-1][1]) / held[-1][0] if held else unit

    def _unit(self, item_id):
        item = self.company.get("Item", item_id) or {}
        return dec(item.get("PurchaseCost")) * 100

    def _state(self, item_id):
        row = self.store.one(
            "SELECT doc, last_seq, last_date FROM layers WHERE realm=? AND item=?",
            self.company.realm,
            item_id,
        )
        if not row:
            return [], 0, ""
        return [[dec(q), value] for q, value in loads(row[0])], row[1], row[2]

    def _keep(self, item_id, layers, seq, date):
        text = dumps([[str(qty), value] for qty, value in layers])
        self.store.run(
            "INSERT OR REPLACE INTO layers VALUES (?,?,?,?,?)",
            self.company.realm,
            item_id,
            date,
            seq,
            text,
        )

    def _moves(self, item_id, since):
        return self.store.rows(
            "SELECT seq, txn, date, qty, cents, delta FROM moves INDEXED BY m_seq"
            " WHERE realm=? AND item=? AND seq>? ORDER BY date, seq",
            self.company.realm,
            item_id,
            since,
        )
