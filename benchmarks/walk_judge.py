"""The outside judge of a walk: each document, each party, the trial balance.

It reads Odoo over RPC and QuickBooks over its API, and imports nothing of the addons.
"""

from collections import Counter, defaultdict
from decimal import Decimal

from .walk_books import PAYABLE, RECEIVABLE, SALES, QuickBooks
from .walk_documents import Checker
from .walk_links import Links
from .walk_odoo import ALIVE, CENT, ZERO, Documents, Sale, Sum, cents


class Judge:
    """Compares all; ``problems`` are plain sentences with the steps behind them."""

    def __init__(self, walk, client):
        self.walk = walk
        self.plan, self.diary = walk.plan, walk.walker.diary
        self.problems: list[str] = []
        self.behind: dict[tuple[str, ...], list[str]] = defaultdict(list)
        self.explained: list[str] = []
        self.figures: Counter = Counter()
        self.documents = Documents(client)
        self.books = QuickBooks(walk.books)
        self.links = Links(client, self.documents, self.books, self.diary)
        for text in dict.fromkeys(walk.stuck):
            self.wrong(text)
        for record, text in self.links.problems:
            self.wrong(text, {record})
        self.receivable: dict[str, Decimal] = defaultdict(Decimal)
        self.payable: dict[str, Decimal] = defaultdict(Decimal)
        self.home: dict[str, Decimal] = defaultdict(Decimal)
        self.slack = ZERO  # what roundings may come to in the trial balance
        self._judge_sales()
        self._judge_purchases()
        self._judge_payments()
        self._judge_parties()
        Checker(self).check()
        self._judge_trial_balance()

    def __str__(self) -> str:
        plan = self.plan
        how = f"--seed {plan.seed} --steps {plan.steps}"
        how += f" --company {plan.company} --billing {plan.billing}"
        how += f" --only {plan.only}" if plan.only else ""
        how += f" --without {plan.without}" if plan.without else ""
        lines = [
            "    steps            " + _listed(self.walk.seen),
            "    compared         " + _listed(self.figures),
            *(f"    explained        {one}" for one in self.explained),
            *self._problems(),
            f"walk {how}: {'FAILED' if self.problems else 'OK'},"
            f" {len(self.problems)} problems",
        ]
        return "\n".join(lines)

    # ------------------------------------------------------------- sentences
    def _problems(self) -> list[str]:
        """The problems of each document, then the steps that touched it."""
        return [
            line
            for steps, texts in self.behind.items()
            for line in (*(f"    PROBLEM          {one}" for one in texts), *steps)
        ]

    def wrong(self, text: str, records=()) -> None:
        """Note a problem, with the steps that touched the documents."""
        self.problems.append(text)
        self.behind[tuple(self._steps(set(records)))].append(text)

    def differs(self, text: str, records, entities=()) -> None:
        """Note a difference: a problem, unless a link (as these) says truly why."""
        why = self.links.why(records, entities)
        if why:
            self.explained.append(f"{text} ({why})")
        else:
            self.wrong(text, records)

    def _steps(self, records: set[tuple[str, int]]) -> list[str]:
        payments = {f"payment {one}" for kind, one in records if "payment" in kind}
        lines: list[str] = []
        for case in (*self.diary.sales, *self.diary.purchases):
            paid = any(
                f"{one} " in f"{step} " for one in payments for step in case.steps
            )
            if paid or records & self.records_of(case.model, case.order):
                lines += case.steps
        return [f"        {line}" for line in sorted(set(lines))]

    def records_of(self, model: str, order: int) -> set[tuple[str, int]]:
        """Return all records that belong to an order."""
        if model == "sale.order":
            for sale in self.documents.sales:
                if sale.order["id"] == order:
                    return sale.records
        bills = self.documents.bills_of.get(order, [])
        return {(model, order), *(("account.move", one) for one in bills)}

    def street(self, row: dict) -> str:
        """Return whom an Odoo document is for, after what was merged."""
        partner = row["partner_id"][0]
        partner = self.diary.merged.get(partner, partner)
        return self.documents.partners[partner]["street"]

    def merged_street(self, street: str) -> str:
        """Return a street as it is after merges."""
        partners = self.documents.partners
        for loser, winner in self.diary.merged.items():
            if partners[loser]["street"] == street:
                return partners[winner]["street"]
        return street

    def rate(self, row: dict) -> Decimal:
        """Return what one of a document's currency is worth at home."""
        kind = self.walk.company.kind
        here = row["currency_id"][1] == kind.currency or not kind.foreign
        return Decimal(1) if here else Decimal(str(kind.foreign[1]))

    # ----------------------------------------------------------------- sales
    def _judge_sales(self) -> None:
        for sale in self.documents.sales:
            self._judge_sale(sale)

    def _judge_sale(self, sale: Sale) -> None:
        wanted = sale.expected(self.plan.billing)
        found = self.books.sold(sale.records)
        self.figures["sales"] += 1
        if not wanted.near(found, sale.tolerance):
            text = f"{sale.name} is {found} in QuickBooks instead of {wanted}"
            self.differs(text, sale.records, SALES)
        # What is said once isn't said again by sums.
        wanted = found
        self.receivable[self.street(sale.order)] += wanted.total
        self._book(sale.order, wanted)

    def _book(self, row: dict, amount: Sum) -> None:
        rate = self.rate(row)
        if rate != 1:
            self.slack += CENT * 4
        self.home["income"] -= cents(amount.net * rate)
        self.home["tax"] -= cents(amount.tax * rate)
        self.home["A/R"] += cents(amount.total * rate)

    # ------------------------------------------------------------- purchases
    def _judge_purchases(self) -> None:
        for kind, entity, sign in (
            ("in_invoice", "Bill", 1),
            ("in_refund", "VendorCredit", -1),
        ):
            for move in self.documents.alive(kind):
                total = self._amount(move, entity, move["amount_total"])
                self.payable[self.street(move)] += sign * total
                self.home["A/P"] -= sign * total
                self.home["tax"] += sign * cents(move["amount_tax"])

    # -------------------------------------------------------------- payments
    def _judge_payments(self) -> None:
        for one in self.documents.payments.values():
            if one["state"] in ALIVE:
                self._judge_payment(one)
        for oid in sorted(self.diary.paid):
            paid = self.books.by_id["Payment", oid]
            street = self.merged_street(self.books.street(paid))
            self.receivable[street] -= paid["TotalAmt"]
            amount = cents(paid["TotalAmt"] * Decimal(paid.get("ExchangeRate") or 1))
            self.home["A/R"] -= amount
            self.home["bank"] += amount

    def _judge_payment(self, one: dict) -> None:
        """Money in is a Payment; money out a BillPayment, or part of a refund."""
        inbound = one["payment_type"] == "inbound"
        amount = cents(one["amount"])
        if one["partner_type"] == "supplier":
            amount = self._amount(one, "BillPayment", amount)
            self.payable[self.street(one)] -= amount
            self.home["A/P"] += amount
        elif inbound:
            amount = self._amount(one, "Payment", amount)
        sign = 1 if inbound else -1
        home = cents(amount * self.rate(one))
        if one["partner_type"] == "customer":
            self.receivable[self.street(one)] -= sign * amount
            self.home["A/R"] -= sign * home
        self.home["bank"] += sign * home

    def _amount(self, row: dict, entity: str, wanted) -> Decimal:
        """Compare one document's amount; return what is to be counted for it."""
        model = (
            "account.move"
            if entity in ("Bill", "VendorCredit")
            else ("account.payment")
        )
        record, wanted = (model, row["id"]), cents(wanted)
        found = self.books.of([record], entity)
        amount = sum((one["TotalAmt"] for one in found), ZERO)
        self.figures[f"{entity}s"] += 1
        if amount != wanted:
            name = row["name"] or f"payment {row['id']}"
            text = f"{name} is {amount} as {entity} instead of {wanted}"
            self.differs(text, [record], [entity])
        return amount  # what is said once isn't said again by sums

    # --------------------------------------------------------------- parties
    def _judge_parties(self) -> None:
        """A/R of each customer and A/P of each vendor."""
        for name, signs, wanted in (
            ("A/R", RECEIVABLE, self.receivable),
            ("A/P", PAYABLE, self.payable),
        ):
            found: dict[str, Decimal] = defaultdict(Decimal)
            for street, amount in self.books.balances(signs).items():
                found[self.merged_street(street)] += amount
            for street in sorted({*found, *wanted}):
                self.figures[f"{name} of parties"] += 1
                ours, theirs = wanted[street], found[street]
                if ours != theirs:
                    text = f"{name} of {street} is {theirs} instead of {ours}"
                    self.wrong(f"{text}, {theirs - ours} more", self._of(street))

    def _of(self, street: str) -> set[tuple[str, int]]:
        return {
            record
            for sale in self.documents.sales
            if self.street(sale.order) == street
            for record in sale.records
        }

    # --------------------------------------------------------- trial balance
    def _judge_trial_balance(self) -> None:
        found = self.books.trial_balance()
        for name in ("A/R", "A/P", "bank", "tax", "income"):
            ours, theirs = self.home[name], found[name]
            text = f"{name} {theirs}"
            if abs(ours - theirs) > self.slack:
                self.wrong(f"trial balance: {text} instead of {ours}")
            self.figures[text] += 1


def _listed(counts: dict[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in sorted(counts.items()))
