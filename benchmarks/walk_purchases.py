"""A walk's buyers: all that is done to a purchase in Odoo."""

from .walk_case import Case, Nothing
from .walk_sales import NEVER_REVERSED, OPEN, POSTED, Sales

BILL = ("move_type", "=", "in_invoice")


class Purchases(Sales):
    """What happens to purchases, beside sales."""

    def buy(self) -> None:
        """Confirm a purchase order."""
        vendor = self.random.choice(self.company.vendors)
        # In the US there is no tax on purchases.
        taxes = [] if self.company.one_tax else self.company.bought_taxes[:1]
        lines = [
            {
                "product_id": self.random.choice(self.company.goods),
                "product_qty": self.random.randint(1, 9),
                "price_unit": self.price(),
                "tax_ids": [(6, 0, taxes)],
            }
            for _line in range(self.random.randint(1, 3))
        ]
        order = self.client.create(
            "purchase.order",
            partner_id=vendor,
            partner_ref=f"Q-{self.random.randint(1000, 9999)}",
            order_line=[(0, 0, line) for line in lines],
        )
        self.client.call("purchase.order", "button_confirm", [order])
        read = self.client.read("purchase.order", order, "name", "amount_total")
        case = Case("purchase.order", order, read["name"], vendor)
        self.diary.purchases.append(case)
        self.diary.note(f"bought of {vendor} for {read['amount_total']}", case)

    def change_purchase(self) -> None:
        """Change the price or the quantity of a line."""
        case = self._ordered()
        line = self.pick(
            self.client.find(
                "purchase.order.line",
                ("order_id", "=", case.order),
                fields=("product_qty", "price_unit"),
                order="id",
            )
        )
        more = line["product_qty"] + self.random.randint(1, 3)
        values = {"product_qty": more, "price_unit": line["price_unit"]}
        if self.chance(40):
            values = {"price_unit": self.price()}
        command = {"order_line": [(1, line["id"], values)]}
        self.client.call("purchase.order", "write", [case.order], command)
        self.diary.note(f"changed {values}", case)

    def cancel_purchase(self) -> None:
        """Cancel a purchase order of which nothing has come or was billed."""
        case = self._ordered()
        if self.moves(case) or self._received(case):
            raise Nothing
        self.client.call("purchase.order", "button_cancel", [case.order])
        self.diary.note("cancelled", case)

    def receive(self) -> None:
        """Receive what is open of an order, or a part of it."""
        case = self._ordered()
        here = [("purchase_id", "=", case.order)]
        self.diary.note(f"received {self.transfer(here, self.chance(40))}", case)

    def bill_purchase(self) -> None:
        """Enter and post the vendor's bill of what has come."""
        case = self._ordered()
        if not self._received(case):
            raise Nothing
        read = self.client.read("purchase.order", case.order, "invoice_status")
        if read["invoice_status"] != "to invoice":
            raise Nothing
        self.client.call("purchase.order", "action_create_invoice", [case.order])
        for move in self.moves(case, ("state", "=", "draft")):
            self._post_bill(move["id"], case, "bill")

    def pay_bill(self) -> None:
        """Pay a bill or a part of it."""
        case, bill = self._any_bill(BILL, POSTED, OPEN)
        amount = bill["amount_residual"]
        if self.chance(30):
            amount = max(round(amount * self.random.random(), 2), 0.01)
        payment = self.pay_move(bill, amount, self.day())
        self.diary.note(f"paid {amount} of {bill['name']}: payment {payment}", case)

    def refund_bill(self) -> None:
        """The vendor credits one line of a bill."""
        case, bill = self._any_bill(BILL, POSTED, NEVER_REVERSED)
        refund = self.reverse(bill, "refund_moves", self.day())
        lines = self.product_lines(refund)
        commands = [(2, one["id"]) for one in lines[1:]]
        commands.append((1, lines[0]["id"], {"quantity": 1}))
        values = {"invoice_line_ids": commands}
        self.client.call("account.move", "write", [refund], values)
        self._post_bill(refund, case, f"vendor's credit for {bill['name']}")

    # ------------------------------------------------------------------ tools
    def _post_bill(self, move: int, case: Case, what: str) -> None:
        number = f"B-{self.random.randint(10**5, 10**6)}"
        values = {"ref": number, "invoice_date": self.day()}
        self.client.call("account.move", "write", [move], values)
        self.client.call("account.move", "action_post", [move])
        total = self.client.read("account.move", move, "amount_total")["amount_total"]
        self.diary.note(f"{what} {number}: {total}", case)

    def _received(self, case: Case) -> bool:
        lines = ("order_id", "=", case.order), ("qty_received", ">", 0)
        return bool(self.client.find("purchase.order.line", *lines, limit=1))

    def _ordered(self) -> Case:
        case = self.some(self.diary.purchases)
        read = self.client.read("purchase.order", case.order, "state")
        if read["state"] != "purchase":
            raise Nothing
        return case

    def _any_bill(self, *domain: tuple) -> tuple[Case, dict]:
        for _try in range(4):
            case = self.some(self.diary.purchases)
            found = self.moves(case, *domain)
            if found:
                return case, self.random.choice(found)
        raise Nothing
