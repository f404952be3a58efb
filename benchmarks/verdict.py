"""What a run must leave behind: each order once, for whom it is, a complete log."""

from collections import Counter, defaultdict
from decimal import Decimal

DOCUMENTS = {"sale.order": "Invoice", "purchase.order": "PurchaseOrder"}
PARTIES = {"Invoice": "Customer", "PurchaseOrder": "Vendor"}
LISTS = ("Customer", "Vendor", "Item")


class Verdict:
    """Compares Odoo's database with the books; ``problems`` are plain sentences."""

    def __init__(self, stage, run):
        self.stage = stage
        self.run = run
        self.problems: list[str] = []
        self.figures: Counter = Counter()
        self._knobs_back()
        self.books = stage.books()
        self._check_connection()
        self._count_faults()
        for model, entity in DOCUMENTS.items():
            self._check_documents(model, entity)
        for entity in LISTS:
            self._check_list(entity)

    def __str__(self) -> str:
        parts = [f"{name}: {value}" for name, value in sorted(self.run.seen.items())]
        lines = [
            f"seed {self.run.plan.seed}, {self.run.elapsed:.0f} s,"
            f" {self.run.kills} workers killed",
            "    QuickBooks saw   " + ", ".join(parts),
            *(f"    {name:16} {value}" for name, value in self.figures.items()),
            *(f"    fault in the log {one}" for one in self.faults),
            *(f"    PROBLEM          {one}" for one in self.problems),
            f"chaos: {'FAILED' if self.problems else 'OK'}",
        ]
        return "\n".join(lines)

    def _knobs_back(self) -> None:
        self.stage.admin("faults/clear", {})
        self.stage.admin("knobs", {"access_lifetime": None})

    def _count_faults(self) -> None:
        """What the sync log says went wrong on the way."""
        rows = self.stage.query(
            "SELECT left(summary, 90), count(*) FROM qbo_log WHERE outcome = 'failed'"
            " GROUP BY 1 ORDER BY 2 DESC LIMIT 40"
        )
        self.faults = [f"{number:4} x {text}" for text, number in rows]

    def _check_connection(self) -> None:
        state = self.stage.query("SELECT state FROM qbo_backend")[0][0]
        if state != "connected":
            self.problems.append(f"the connection is lost: {state}")
        bugs = self.stage.query(
            "SELECT exc_name, exc_message FROM queue_job WHERE state = 'failed'"
        )
        self.problems += [f"a job failed: {name} {text}" for name, text in bugs]

    def _check_documents(self, model: str, entity: str) -> None:
        found = defaultdict(list)
        for document in self.books.all(entity):
            found[document["DocNumber"]].append(document)
        orders = self._orders(model)
        kind = PARTIES[entity]
        streets = {one["Id"]: _street(one) for one in self.books.all(kind)}
        self.figures[f"{entity}s"] = f"{len(orders)} orders, " + ", ".join(
            f"{state} {number}" for state, number in self.stage.states(model).items()
        )
        for name, total, street, link in orders:
            documents = found.pop(name, [])
            self._check_order(name, total, link, documents)
            for one in documents:
                whose = streets.get(one[f"{kind}Ref"]["value"])
                if whose != street:
                    self.problems.append(f"{name} of {street} is under {whose}")
        self.problems += [f"{entity} {number} has no order" for number in found]

    def _check_order(self, name, total, link, documents) -> None:
        link_state, qbo_id, error, logged = link
        if len(documents) != 1:
            self.problems.append(
                f"{name} is {len(documents)} times in QuickBooks"
                f" (link {link_state}: {error})"
            )
            return
        document = documents[0]
        if document["Id"] != qbo_id:
            self.problems.append(f"{name} is {document['Id']}, its link says {qbo_id}")
        # As text: where Odoo is loaded, psycopg2 gives numbers as floats.
        if Decimal(document["TotalAmt"]) != Decimal(total).quantize(Decimal("0.01")):
            self.problems.append(f"{name}: {document['TotalAmt']} instead of {total}")
        if link_state != "synced":
            self.problems.append(f"{name} is {link_state}: {error}")
        if not logged:
            self.problems.append(f"the log lacks how {name} was created")

    def _orders(self, model: str) -> list:
        table = model.replace(".", "_")
        rows = self.stage.query(
            f"""
            SELECT o.name, o.amount_total::text, p.street,
                b.state, b.qbo_id, b.error, EXISTS (
                SELECT FROM qbo_log l WHERE l.binding_id = b.id
                AND l.operation = 'create' AND l.outcome = 'ok')
            FROM {table} o
            JOIN res_partner p ON p.id = o.partner_id
            LEFT JOIN qbo_binding b ON b.res_model = %s AND b.res_id = o.id
            WHERE o.id = ANY(%s)
            """,
            model,
            self.run.orders[model],
        )
        return [
            (name, total, street, tuple(link)) for name, total, street, *link in rows
        ]

    def _check_list(self, entity: str) -> None:
        """One entry each, although many documents wanted it at the same moment."""
        names = Counter(
            one.get("DisplayName") or one["Name"] for one in self.books.all(entity)
        )
        linked = self.stage.query(
            "SELECT count(*) FROM qbo_binding WHERE entity = %s AND state = 'synced'",
            entity,
        )
        self.figures[f"{entity}s"] = (
            f"{len(names)} in QuickBooks, {linked[0][0]} linked"
        )
        ours = [
            name for name in names if name.startswith(("Customer", "Vendor", "Art"))
        ]
        self.problems += [
            f"{entity} {name} is {names[name]} times in QuickBooks"
            for name in ours
            if names[name] > 1
        ]
        if len(ours) != linked[0][0]:
            self.problems.append(f"{len(ours)} {entity}s, {linked[0][0]} links")


def _street(party: dict) -> str | None:
    return (party.get("BillAddr") or {}).get("Line1")
