"""Each document of QuickBooks beside Odoo's: whose, when, how much, which number."""

from collections import defaultdict

from .walk_odoo import ALIVE, cents

CREDITS = ("CreditMemo", "RefundReceipt")
GROUPS = {**dict.fromkeys(CREDITS, "credit"), "SalesReceipt": "Invoice"}


class Checker:
    """Adds to a judge's problems what is wrong with single documents."""

    def __init__(self, judge):
        self.judge = judge
        self.documents, self.books = judge.documents, judge.books
        self.links, self.billing = judge.links, judge.plan.billing

    def check(self) -> None:
        """Check all of them."""
        self._check_missing()
        for record, found in self.books.by_record.items():
            self._check_once(record, found)
            for document in found:
                self._check_document(record, document)
        self._check_strangers()
        self._check_parties()

    # ------------------------------------------------------- there, and once
    def _check_missing(self) -> None:
        """Purchase orders and sales; bills and payments are compared by amount."""
        for order in self.documents.purchases.values():
            alive = order["state"] == "purchase"
            self._check_there(("purchase.order", order["id"]), order, alive)
        if self.billing == "order":
            for order in self.documents.orders.values():
                alive = order["state"] == "sale" and order["amount_total"] > 0
                self._check_there(("sale.order", order["id"]), order, alive)

    def _check_there(self, record, order: dict, wanted: bool) -> None:
        found = self.books.of([record], "Invoice", "PurchaseOrder")
        if bool(found) != wanted:
            what = "isn't" if wanted else "is still"
            self.judge.differs(f"{order['name']} {what} in QuickBooks", [record])

    def _check_once(self, record, found: list[dict]) -> None:
        counts = defaultdict(list)
        for one in found:
            counts[GROUPS.get(one["entity"], one["entity"])].append(one)
        for kind, several in counts.items():
            if len(several) > 1:
                ids = ", ".join(f"{one['entity']} {one['Id']}" for one in several)
                text = f"{record} is several times in QuickBooks as {kind}: {ids}"
                self.judge.wrong(text, [record])

    def _check_strangers(self) -> None:
        rows = {
            "sale.order": self.documents.orders,
            "purchase.order": self.documents.purchases,
            "account.move": self.documents.moves,
            "account.payment": self.documents.payments,
        }
        mine = self.judge.diary
        for (entity, oid), one in self.books.by_id.items():
            if one["void"] or (entity == "Payment" and oid in mine.paid):
                continue
            model, res_id = one["record"] or ("", 0)
            known = model == "stock.picking" or res_id in rows.get(model, {})
            if not known:
                text = f"{entity} {oid} of {one['TotalAmt']} is nobody's"
                self.judge.wrong(text)

    # --------------------------------------------------------- one document
    def _check_document(self, record, document: dict) -> None:
        model, res_id = record
        reader = getattr(self, f"_read_{model.replace('.', '_')}", None)
        wanted = reader and reader(res_id, document["entity"])
        if not wanted:
            return
        self.judge.figures[document["entity"]] += 1
        found = {
            "party": self.judge.merged_street(self.books.street(document)),
            "day": document["TxnDate"],
            "total": document["TotalAmt"],
            "number": document.get("DocNumber"),
        }
        name = f"{document['entity']} {document['Id']} of {wanted.pop('name')}"
        for key, value in wanted.items():
            if found[key] != value and not _is_renewed(key, found[key], value):
                text = f"{name}: {key} {found[key]} instead of {value}"
                self.judge.differs(text, [record], [document["entity"]])

    def _read_sale_order(self, res_id: int, entity: str) -> dict:
        order = self.documents.orders.get(res_id)
        if not order or entity != "Invoice":
            return {}
        return {
            "name": order["name"],
            "party": self.judge.street(order),
            "day": order["date_order"][:10],
            "number": order["name"],
        }

    def _read_purchase_order(self, res_id: int, _entity: str) -> dict:
        order = self.documents.purchases.get(res_id)
        if not order or order["state"] != "purchase":
            return {}
        return {
            "name": order["name"],
            "party": self.judge.street(order),
            "day": order["date_approve"][:10],
            "total": cents(order["amount_total"]),
            "number": order["name"],
        }

    def _read_account_move(self, res_id: int, entity: str) -> dict:
        move = self.documents.moves.get(res_id)
        if not move:
            return {}
        wanted = {"name": move["name"], "party": self.judge.street(move)}
        if entity in ("Payment", "BillPayment"):  # a set-off
            return wanted
        if move["state"] != "posted":
            self.judge.differs(
                f"{move['name']} is {move['state']} and in QuickBooks as {entity}",
                [("account.move", res_id)],
            )
            return {}
        number = move["ref"] if move["move_type"].startswith("in_") else move["name"]
        return {
            **wanted,
            "day": move["invoice_date"],
            "total": cents(move["amount_total"]),
            "number": number,
        }

    def _read_account_payment(self, res_id: int, entity: str) -> dict:
        payment = self.documents.payments.get(res_id)
        if not payment:
            return {}
        if payment["state"] not in ALIVE:
            self.judge.differs(
                f"payment {res_id} is cancelled and in QuickBooks as {entity}",
                [("account.payment", res_id)],
            )
            return {}
        wanted = {"name": f"payment {res_id}", "party": self.judge.street(payment)}
        return {**wanted, "day": payment["date"]}

    def _read_stock_picking(self, res_id: int, entity: str) -> dict:
        for sale in self.documents.sales:
            for picking in sale.pickings:
                if picking["id"] == res_id:
                    return {
                        "name": picking["name"],
                        "party": self.judge.street(sale.order),
                        "day": picking["date_done"][:10],
                        "number": sale.name,
                    }
        return {}

    # --------------------------------------------------------------- parties
    def _check_parties(self) -> None:
        """One Customer for each contact and currency, under its own name."""
        names = defaultdict(list)
        for partner in self.documents.partners.values():
            names[partner["street"]].append(partner["name"])
        seen = defaultdict(list)
        for (kind, oid), party in self.books.parties.items():
            street = (party.get("BillAddr") or {}).get("Line1")
            currency = (party.get("CurrencyRef") or {}).get("value")
            if street in names:
                seen[kind, street, currency].append(oid)
                if not party["DisplayName"].startswith(names[street][0]):
                    text = f"{kind} {oid} at {street} is {party['DisplayName']}"
                    self.judge.wrong(f"{text} instead of {names[street][0]}")
        for (kind, street, _currency), ids in seen.items():
            if len(ids) > 1:
                self.judge.wrong(f"{street} is several {kind}s: {ids}")


def _is_renewed(key: str, found, wanted) -> bool:
    """What was void before has “-2” behind its number, a delivery “/1”."""
    return (
        key == "number"
        and bool(found)
        and found.startswith((f"{wanted}-", f"{wanted}/"))
    )
