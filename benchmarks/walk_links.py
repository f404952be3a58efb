"""Is the reason on each link true? The connector's own words against both sides."""

import re

from .walk_books import QuickBooks
from .walk_odoo import Documents, cents

FIELDS = ("res_model", "res_id", "entity", "qbo_id", "state", "error", "error_code")
FIELDS += ("blocked_by_id", "warning", "display_name", "doc_number")
INVOICE = re.compile(r"open balance of Invoice (\d+)")


class Links:
    """The links of the connector; ``problems`` are those with a reason untrue.

    :param diary: what the bookkeeper did
    """

    def __init__(self, client, documents: Documents, books: QuickBooks, diary):
        self.documents, self.books, self.diary = documents, books, diary
        # Bookkeepers' numbers are texts: so are all ids of QuickBooks.
        rows = client.find("qbo.binding", fields=FIELDS, order="id")
        self.by_id = {one["id"]: one for one in rows}
        self.by_record: dict[tuple[str, int], list[dict]] = {}
        for one in rows:
            key = one["res_model"], one["res_id"]
            self.by_record.setdefault(key, []).append(one)
        self.problems: list[tuple[tuple[str, int], str]] = []
        self.explained: dict[tuple[str, int], list[tuple[str, str]]] = {}
        for one in rows:
            self._look(one)
        self._look_at_the_rest(client)

    def why(self, records, entities=()) -> str:
        """Return the true reasons for which these records needn't be equal.

        :param entities: only of their links as these; all if empty
        """
        found = [
            why
            for record in sorted(records)
            for entity, why in self.explained.get(record, [])
            if not entities or entity in entities
        ]
        return "; ".join(dict.fromkeys(found))

    def _look(self, link: dict) -> None:
        record = link["res_model"], link["res_id"]
        fault = getattr(self, f"_look_at_{link['state']}")(link, record)
        if fault:
            text = f"{link['display_name']} is {link['state']}: {link['error']}"
            code = link["error_code"] or ""
            self.problems.append((record, f"{text} [{code}] — {fault}"))
        elif link["state"] in ("blocked", "drifted") or self._is_voided(link):
            why = f"{link['display_name']} {link['state']}: {link['error']}"
            self.explained.setdefault(record, []).append((link["entity"], why))

    # ------------------------------------------------------------- by state
    def _look_at_pending(self, _link: dict, _record) -> str:
        return "nothing is under way any more"

    def _look_at_synced(self, link: dict, _record) -> str:
        if link["warning"]:
            return f"warning: {link['warning']}"
        known = (link["entity"], link["qbo_id"]) in self.books.by_id
        document = link["entity"] in ("Customer", "Vendor", "Item", "Term") or known
        # Nothing of it is to be sent: the sums tell whether that is right.
        said = link["error"] and not link["qbo_id"]
        return "" if document or said else f"QuickBooks has no {link['qbo_id']}"

    def _look_at_drifted(self, link: dict, _record) -> str:
        mine = (link["entity"], link["qbo_id"]) in self.diary.edited
        return "" if mine else "nobody edited it in QuickBooks"

    def _look_at_gone(self, link: dict, record) -> str:
        found = self.books.by_id.get((link["entity"], link["qbo_id"]))
        if found and not found["void"]:
            return "it is in QuickBooks"
        if self._is_voided(link) or not self._is_alive(record):
            return ""
        if link["entity"] in ("Customer", "Vendor"):
            return "" if link["res_id"] in self.diary.merged else "nobody deleted it"
        others = self.books.of([record])
        if any(one["entity"] != link["entity"] for one in others):
            return ""  # it is another kind of document now
        return "" if self._nothing_due(record) else "nobody took it back"

    def _look_at_held(self, link: dict, record) -> str:
        error = link["error"] or ""
        if link["error_code"] == "elsewhere":
            return ""
        if "is deleted first" in error or "is taken back first" in error:
            others = [one for one in self.by_record[record] if one != link]
            there = any(
                (one["entity"], one["qbo_id"]) in self.books.by_id for one in others
            )
            return "" if there else "what is waited for is gone"
        if "RefundReceipt" in error:
            return self._needs(record, "RefundReceipt", link)
        if "not given back at once" in error:
            return self._needs(record, "CreditMemo", link)
        if "not set off" in error:
            return ""
        if self.books.of([record], link["entity"]):
            return "it is in QuickBooks"
        alive = self._is_alive(record)
        words = ("cancelled", "isn't posted", "isn't confirmed")
        if any(word in error for word in words):
            return "but it is" if alive and "isn't" in error else ""
        return "an unknown reason"

    def _look_at_blocked(self, link: dict, record) -> str:
        other = link["blocked_by_id"] and self.by_id.get(link["blocked_by_id"][0])
        if other:
            done = other["state"] in ("synced", "drifted")
            return "what it waits for is in QuickBooks" if done else ""
        if link["error_code"] == "6000" and "open balance" in link["error"]:
            return "" if self._is_paid_there(link) else "nobody paid it in QuickBooks"
        if link["error_code"] != "paid":
            return "nothing of the walk is a reason for this"
        found = self.books.by_id.get((link["entity"], link["qbo_id"]))
        if not found or found["void"]:
            return "it isn't in QuickBooks"
        paid = cents(found["TotalAmt"]) - cents(found["Balance"])
        if paid <= 0:
            return "nothing is paid"
        if self._total(record) >= cents(found["TotalAmt"]):
            return "the order isn't less than its Invoice"
        return "" if paid > self._total(record) else "not more is paid than it is"

    # ----------------------------------------------------------------- facts
    def _is_paid_there(self, link: dict) -> bool:
        """Whether the Invoice named in a refusal has a payment of the bookkeeper."""
        named = INVOICE.search(link["error"])
        return bool(named) and any(
            line_link["TxnId"] == named[1]
            for oid in self.diary.paid
            for line in self.books.by_id["Payment", oid]["Line"]
            for line_link in line.get("LinkedTxn", [])
        )

    def _is_voided(self, link: dict) -> bool:
        return (link["entity"], link["qbo_id"]) in self.diary.voided

    def _is_alive(self, record: tuple[str, int]) -> bool:
        row = self._row(record)
        return bool(row) and row.get("state") not in ("cancel", "canceled", "draft")

    def _row(self, record: tuple[str, int]) -> dict:
        tables = {
            "sale.order": self.documents.orders,
            "purchase.order": self.documents.purchases,
            "account.move": self.documents.moves,
            "account.payment": self.documents.payments,
            "res.partner": self.documents.partners,
        }
        return tables.get(record[0], {}).get(record[1], {})

    def _total(self, record: tuple[str, int]):
        row = self._row(record)
        return cents(row["amount_total"]) if self._is_alive(record) else cents(0)

    def _needs(self, record, entity: str, link: dict) -> str:
        found = self.books.of([record], entity)
        others = [one for one in self.by_record[record] if one["entity"] == entity]
        waits = any(one["state"] in ("blocked", "pending") for one in others)
        return "" if found or waits else f"there is no {entity}"

    def _nothing_due(self, record) -> bool:
        """Whether a set-off, say, has nothing left that it could be for."""
        return record[0] == "account.move" or record[0] == "account.payment"

    def _look_at_the_rest(self, client) -> None:
        failed = [("state", "=", "failed")]
        for job in client.find("queue.job", *failed, fields=("name", "exc_info")):
            why = (job["exc_info"] or "").strip().splitlines()[-1:]
            self.problems.append((("queue.job", job["id"]), f"{job['name']}: {why}"))
        fields = ("name", "reason")
        for change in client.find("qbo.change", *failed, fields=fields):
            text = f"change {change['name']} failed: {change['reason']}"
            self.problems.append((("qbo.change", change["id"]), text))
