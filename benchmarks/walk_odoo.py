"""What Odoo's documents say, read over its RPC: the judge's one hand.

Ordinary models only; how much of a sale is to be in QuickBooks is worked out here from
them, as an accountant would by the rules of docs/accountants.md.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from dev.rpc import Client

CENT = Decimal("0.01")
ZERO = Decimal(0)
ALIVE = ("in_process", "paid")


def cents(amount) -> Decimal:
    """Return Odoo's float, or a Decimal, in whole cents."""
    return Decimal(str(amount)).quantize(CENT, ROUND_HALF_UP)


@dataclass
class Sum:
    """A net amount and its tax."""

    net: Decimal = ZERO
    tax: Decimal = ZERO

    def __add__(self, other: "Sum") -> "Sum":
        return Sum(self.net + other.net, self.tax + other.tax)

    def __sub__(self, other: "Sum") -> "Sum":
        return Sum(self.net - other.net, self.tax - other.tax)

    @property
    def total(self) -> Decimal:
        """Both."""
        return self.net + self.tax

    def near(self, other: "Sum", tolerance: Decimal) -> bool:
        """Tell whether both parts are the same, but for so much."""
        parts = (self.net - other.net, self.tax - other.tax)
        return all(abs(part) <= tolerance for part in parts)

    def __str__(self) -> str:
        return f"{self.net} + {self.tax} tax"


@dataclass
class Sale:
    """A sale order with its lines, invoices, credit notes and deliveries."""

    order: dict
    lines: list[dict]
    invoices: list[dict] = field(default_factory=list)
    notes: list[dict] = field(default_factory=list)
    pickings: list[dict] = field(default_factory=list)
    tolerance: Decimal = ZERO

    @property
    def name(self) -> str:
        """The order's number."""
        return self.order["name"]

    @property
    def records(self) -> set[tuple[str, int]]:
        """All records of it that may be documents in QuickBooks."""
        return {
            ("sale.order", self.order["id"]),
            *(("account.move", one["id"]) for one in self.invoices + self.notes),
            *(("stock.picking", one["id"]) for one in self.pickings),
        }

    def expected(self, billing: str) -> Sum:
        """Return what of the sale is to be in QuickBooks: Invoices less credits.

        Where Odoo's invoices are QuickBooks' ones: they, less the credit notes. Else
        what was ordered (or delivered), less what was credited and neither billed
        again nor taken off the order: that is credited once.
        """
        billed, credited = _sum(self.invoices), _sum(self.notes)
        self.tolerance = ZERO
        if billing == "invoice":
            return billed - credited
        if billing == "delivery" or self.notes:
            self.tolerance = CENT * (len(self.lines) + len(self.pickings) + 2)
        if billing == "order" and not self.notes:
            alive = self.order["state"] == "sale"
            return _of(self.order) if alive else Sum()
        result = Sum()
        for line in self.lines:
            result += self._line(line, billing)
        return result - self._loose_credit()

    def _line(self, line: dict, billing: str) -> Sum:
        """What is to stand of one line: it, less credits that nothing made up for."""
        stands = self._stands(line, billing)
        over = _sum(line["billed"]) - stands
        credit = _sum(line["credited"])
        if credit.total <= 0:
            return stands
        left = credit.total - max(ZERO, over.total)
        if left <= 0:
            return stands
        share = left / credit.total
        return stands - Sum(cents(credit.net * share), cents(credit.tax * share))

    def _stands(self, line: dict, billing: str) -> Sum:
        if billing == "delivery" and not self._at_once:
            quantity = line["product_uom_qty"]
            # What comes back later is for a credit note.
            done = line["shipped"] if line["goods"] else quantity
            if not line["goods"] and not any(one["out"] for one in self.pickings):
                done = 0  # what isn't shipped goes with the first delivery
            share = Decimal(str(done)) / Decimal(str(quantity)) if quantity else ZERO
            part = _of(line)
            return Sum(cents(part.net * share), cents(part.tax * share))
        return _of(line) if self.order["state"] == "sale" else Sum()

    @property
    def _at_once(self) -> bool:
        """An order of work only doesn't wait for a delivery."""
        return not any(line["goods"] for line in self.lines)

    def _loose_credit(self) -> Sum:
        """Credited on lines that are none of the order's."""
        lines = [line for note in self.notes for line in note["lines"]]
        return _sum([line for line in lines if not line["sale_line_ids"]])


def _of(row: dict) -> Sum:
    """The amounts of an order, a move, or a line of either."""
    if "price_subtotal" in row:
        net = cents(row["price_subtotal"])
        return Sum(net, cents(row["price_total"]) - net)
    return Sum(cents(row["amount_untaxed"]), cents(row["amount_tax"]))


def _sum(rows: list[dict]) -> Sum:
    return sum((_of(row) for row in rows), Sum())


AMOUNTS = ("amount_untaxed", "amount_tax", "amount_total", "currency_id")
LINE = ("price_subtotal", "price_total", "product_id")


class Documents:
    """All documents of the company."""

    def __init__(self, client: Client):
        self.client = client
        self.partners = self._read("res.partner", "name", "street")
        fields = ("name", "state", "partner_id", "date_order", *AMOUNTS)
        self.orders = self._read("sale.order", *fields)
        self.purchases = self._read(
            "purchase.order", "name", "state", "partner_id", "date_approve", *AMOUNTS
        )
        self.moves = self._read(
            "account.move",
            "name", "ref", "state", "move_type", "partner_id", "invoice_date",
            "payment_state", "amount_residual", *AMOUNTS,
        )  # fmt: skip
        self.payments = self._read(
            "account.payment",
            "name", "state", "amount", "date", "partner_id", "payment_type",
            "partner_type", "currency_id", "reconciled_bill_ids", "memo",
        )  # fmt: skip
        self.sales = self._sales()
        self.bills_of: dict[int, list[int]] = defaultdict(list)
        bought = [("purchase_order_id", "!=", False)]
        for line in self._rows(
            "account.move.line", bought, "move_id", "purchase_order_id"
        ):
            self.bills_of[line["purchase_order_id"][0]].append(line["move_id"][0])

    def alive(self, kind: str) -> list[dict]:
        """Return the posted moves of a type."""
        rows = self.moves.values()
        return [
            one for one in rows if one["move_type"] == kind and one["state"] == "posted"
        ]

    def street(self, row: dict) -> str:
        """Return the street of a document's partner, which nobody else has."""
        return self.partners[row["partner_id"][0]]["street"]

    def _read(self, model: str, *fields: str) -> dict[int, dict]:
        return {one["id"]: one for one in self._rows(model, [], *fields)}

    def _rows(self, model: str, domain: list, *fields: str) -> list[dict]:
        return self.client.find(
            model, *domain, fields=fields, order="id", context={"active_test": False}
        )

    def _sales(self) -> list[Sale]:
        goods = {
            one["id"]
            for one in self._rows(
                "product.product", [("type", "=", "consu")], "display_name"
            )
        }
        by_order: dict[int, Sale] = {
            one["id"]: Sale(one, []) for one in self.orders.values()
        }
        lines: dict[int, dict] = {}
        wanted = ("product_uom_qty", "order_id", "display_type", *LINE)
        for line in self._rows("sale.order.line", [], *wanted):
            if not line["display_type"]:
                lines[line["id"]] = {**line, "billed": [], "credited": [], "shipped": 0}
                line = lines[line["id"]]
                line["goods"] = bool(line["product_id"]) and (
                    line["product_id"][0] in goods
                )
                by_order[line["order_id"][0]].lines.append(line)
        self._add_moves(by_order, lines)
        self._add_pickings(by_order)
        self._add_shipped(lines)
        return list(by_order.values())

    def _add_moves(self, by_order: dict[int, Sale], lines: dict[int, dict]) -> None:
        rows = defaultdict(list)
        product = [("display_type", "=", "product")]
        wanted = ("move_id", "sale_line_ids", *LINE)
        for line in self._rows("account.move.line", product, *wanted):
            rows[line["move_id"][0]].append(line)
        for kind, side in (("out_invoice", "billed"), ("out_refund", "credited")):
            for move in self.alive(kind):
                move["lines"] = rows[move["id"]]
                ids = [one for line in move["lines"] for one in line["sale_line_ids"]]
                for line in move["lines"]:
                    for one in line["sale_line_ids"]:
                        lines[one][side].append(line)
                if ids:
                    sale = by_order[lines[ids[0]]["order_id"][0]]
                    move["sale"] = sale
                    (sale.invoices if side == "billed" else sale.notes).append(move)

    def _add_pickings(self, by_order: dict[int, Sale]) -> None:
        done = [("state", "=", "done"), ("sale_id", "!=", False)]
        fields = ("name", "sale_id", "picking_type_code", "date_done")
        for one in self._rows("stock.picking", done, *fields):
            one["out"] = one["picking_type_code"] == "outgoing"
            by_order[one["sale_id"][0]].pickings.append(one)

    def _add_shipped(self, lines: dict[int, dict]) -> None:
        done = [("state", "=", "done"), ("sale_line_id", "!=", False)]
        done.append(("picking_id.picking_type_code", "=", "outgoing"))
        for move in self._rows("stock.move", done, "sale_line_id", "quantity"):
            lines[move["sale_line_id"][0]]["shipped"] += move["quantity"]
