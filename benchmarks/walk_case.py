"""What a walk knows of a sale or a purchase, and who takes its steps."""

import random
import time
from dataclasses import dataclass, field
from datetime import date, timedelta

from dev.rpc import Client

from .walk_company import Company

PATIENCE = 15  # seconds until a document is left alone because it is under way


class Nothing(Exception):
    """There is nothing the action could be done to; another one is chosen."""


@dataclass
class Case:
    """One order and all that became of it; ``steps`` are its numbers in the diary."""

    model: str
    order: int
    name: str
    party: int
    steps: list[str] = field(default_factory=list)


@dataclass
class Diary:
    """All that happened, and what the bookkeeper did in QuickBooks (by its ids)."""

    steps: list[str] = field(default_factory=list)
    sales: list[Case] = field(default_factory=list)
    purchases: list[Case] = field(default_factory=list)
    edited: set[tuple[str, str]] = field(default_factory=set)
    voided: set[tuple[str, str]] = field(default_factory=set)
    paid: set[str] = field(default_factory=set)  # Payments entered in QuickBooks
    merged: dict[int, int] = field(default_factory=dict)  # partner → into whom

    def note(self, text: str, case: Case | None = None) -> None:
        """Write down a step, and with its case if it has one."""
        line = f"{len(self.steps) + 1:4}  {case.name + ': ' if case else ''}{text}"
        self.steps.append(line)
        if case:
            case.steps.append(line)


class Actor:
    """Somebody who acts in Odoo; all choices are ``random``'s.

    An action is a method that does one thing and notes it, or raises Nothing.

    :param stage: has ``books``, ``pending(records)``, ``admin(door, body)``, ``kill()``
    """

    def __init__(self, stage, client: Client, company: Company, chance: random.Random):
        self.stage = stage
        self.books = stage.books
        self.client = client
        self.company = company
        self.random = chance
        self.diary = Diary()

    # --------------------------------------------------------------- choices
    def some(self, cases: list[Case]) -> Case:
        """Return one of the cases, later ones rather than early ones.

        :raises Nothing: there is none
        """
        if not cases:
            raise Nothing
        return self.random.choice(cases[-12:] if self.random.random() < 0.7 else cases)

    def pick(self, rows: list):
        """Return one of some rows.

        :raises Nothing: there is none
        """
        if not rows:
            raise Nothing
        return self.random.choice(rows)

    def chance(self, percent: int) -> bool:
        """Return True so many times of a hundred."""
        return self.random.randrange(100) < percent

    def price(self) -> float:
        """Return a price with cents."""
        return self.random.randint(100, 20000) / 100

    def day(self) -> str:
        """Return one of the last days, today half of the time."""
        back = self.random.randrange(10) if self.chance(50) else 0
        return (date.today() - timedelta(back)).isoformat()

    # ----------------------------------------------------------------- tools
    def wait(self, case: Case) -> None:
        """Wait until nothing of a case is under way.

        :raises Nothing: it takes too long
        """
        order = self.client.read("sale.order", case.order, "picking_ids")
        moves = [one["id"] for one in self.moves(case)]
        records = {
            "sale.order": [case.order],
            "stock.picking": order["picking_ids"],
            "account.move": moves,
        }
        deadline = time.monotonic() + PATIENCE
        while self.stage.pending(records):
            if time.monotonic() > deadline:
                raise Nothing
            time.sleep(0.2)

    def moves(self, case: Case, *domain: tuple) -> list[dict]:
        """Return the invoices or bills of a case that fit, oldest first."""
        line = (
            "sale_line_ids.order_id"
            if case.model == "sale.order"
            else ("purchase_line_id.order_id")
        )
        fields = ("name", "move_type", "state", "amount_total", "amount_residual")
        fields += ("invoice_date", "journal_id")
        return self.client.find(
            "account.move",
            (f"invoice_line_ids.{line}", "=", case.order),
            *domain,
            fields=fields,
            order="id",
        )

    def pay_move(self, move: dict, amount: float, day: str) -> int:
        """Register a payment of an invoice, a bill or a credit note; return it."""
        context = {"active_model": "account.move", "active_ids": [move["id"]]}
        values = {"journal_id": self.company.bank, "payment_date": day}
        values["amount"] = amount
        call = self.client.call
        wizard = call("account.payment.register", "create", [values], context=context)
        action = call("account.payment.register", "action_create_payments", wizard)
        return action["res_id"]

    def reverse(self, move: dict, how: str, day: str) -> int:
        """Reverse a posted move with Odoo's wizard; return the draft that it opens."""
        values = {"journal_id": move["journal_id"][0], "date": day}
        context = {"active_model": "account.move", "active_ids": [move["id"]]}
        call = self.client.call
        wizard = call("account.move.reversal", "create", [values], context=context)
        return call("account.move.reversal", how, wizard)["res_id"]

    def product_lines(self, move: int) -> list[dict]:
        """Return the lines of a draft that have a quantity."""
        return self.client.find(
            "account.move.line",
            ("move_id", "=", move),
            ("display_type", "=", "product"),
            fields=("quantity", "price_unit", "price_total"),
            order="id",
        )

    def transfer(self, domain: list[tuple], part: bool) -> str:
        """Do an open transfer, a part of it maybe; return its name.

        :raises Nothing: there is none, or nothing of it could be done
        """
        done = ("state", "not in", ("done", "cancel"))
        fields = ("move_ids", "name")
        picking = self.pick(
            self.client.find("stock.picking", *domain, done, fields=fields, limit=1)
        )
        wanted = self.client.find(
            "stock.move",
            ("id", "in", picking["move_ids"]),
            fields=("product_uom_qty",),
            order="id",
        )
        counts = [self._count(one["product_uom_qty"], part) for one in wanted]
        if not any(counts):
            raise Nothing
        for move, count in zip(wanted, counts, strict=True):
            values = {"quantity": count, "picked": True}
            self.client.call("stock.move", "write", [move["id"]], values)
        context = {"skip_backorder": True}
        ids = [picking["id"]]
        self.client.call("stock.picking", "button_validate", ids, context=context)
        return f"{picking['name']} {counts}"

    def _count(self, quantity: float, part: bool) -> int:
        return self.random.randint(0, int(quantity)) if part else int(quantity)
