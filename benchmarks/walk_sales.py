"""A walk's salespeople and those who bill: all that is done to a sale in Odoo."""

from .walk_case import Actor, Case, Nothing

POSTED = ("state", "=", "posted")
INVOICE = ("move_type", "=", "out_invoice")
NOTE = ("move_type", "=", "out_refund")
NEVER_REVERSED = ("reversal_move_ids", "=", False)
OPEN = ("amount_residual", ">", 0)


class Sales(Actor):
    """What happens to sales."""

    # ----------------------------------------------------------------- orders
    def sell(self) -> None:
        """Confirm an order of goods and work for any customer."""
        self.sell_to(self.random.choice(self.company.customers))

    def sell_to(self, customer: int) -> Case:
        """Confirm an order of a customer; return its case."""
        values = {"partner_id": customer, "client_order_ref": self._reference()}
        if self.company.pricelists:
            values["pricelist_id"] = self.random.choice(self.company.pricelists)
        # In the US one tax counts for all lines of a document.
        tax = self.random.choice(self.company.taxes)
        lines = [self._line(tax) for _line in range(self.random.randint(1, 3))]
        order = self.client.create(
            "sale.order", order_line=[(0, 0, line) for line in lines], **values
        )
        self.client.call("sale.order", "action_confirm", [order])
        read = self.client.read("sale.order", order, "name", "amount_total")
        case = Case("sale.order", order, read["name"], customer)
        self.diary.sales.append(case)
        self.diary.note(f"sold to {customer} for {read['amount_total']}", case)
        return case

    def _reference(self) -> str | bool:
        return f"PO-{self.random.randint(1000, 9999)}" if self.chance(40) else False

    def _line(self, tax: int) -> dict:
        work = self.chance(20)
        product = self.random.choice(
            self.company.services if work else self.company.goods
        )
        if not self.company.one_tax:
            tax = self.random.choice(self.company.taxes)
        return {
            "product_id": product,
            "product_uom_qty": self.random.randint(1, 6),
            "price_unit": self.price(),
            "discount": self.random.choice((0, 0, 0, 10, 12.5)),
            "tax_ids": [(6, 0, [] if work else [tax])],
        }

    def change(self) -> None:
        """Change a quantity or a price, or add a line."""
        case = self._confirmed()
        lines = self._lines(case)
        line = self.pick(lines)
        what = self.random.choice(("quantity", "quantity", "price", "more"))
        if what == "more":
            taxes = [tax for one in lines for tax in one["tax_ids"]]
            values = self._line((taxes or self.company.taxes)[0])
            command = (0, 0, values)
        else:
            values = {"price_unit": self.price()}
            if what == "quantity":
                lowest = max(1, int(line["qty_delivered"]))
                values = {"product_uom_qty": self.random.randint(lowest, lowest + 5)}
                # A price that follows from the quantity is none of the walk's.
                values["price_unit"] = line["price_unit"]
            command = (1, line["id"], values)
        self.client.call("sale.order", "write", [case.order], {"order_line": [command]})
        self.diary.note(f"changed {what}: {values}", case)

    def cancel(self) -> None:
        """Cancel an order that isn't invoiced."""
        case = self._confirmed()
        if self.moves(case):
            raise Nothing
        self.client.call("sale.order", "action_cancel", [case.order])
        self.diary.note("cancelled", case)

    def confirm_again(self) -> None:
        """Confirm what was cancelled."""
        case = self.some(self.diary.sales)
        if self._state(case) != "cancel":
            raise Nothing
        self.client.call("sale.order", "action_draft", [case.order])
        self.client.call("sale.order", "action_confirm", [case.order])
        self.diary.note("confirmed again", case)

    # ------------------------------------------------------------- deliveries
    def deliver(self) -> None:
        """Ship what is open of an order, or a part of it."""
        case = self._confirmed()
        out = [
            ("sale_id", "=", case.order),
            ("picking_type_id.code", "=", "outgoing"),
        ]
        self.diary.note(f"delivered {self.transfer(out, self.chance(40))}", case)

    def take_back(self) -> None:
        """One piece of a delivery comes back, long after it was shipped."""
        case = self._confirmed()
        self.wait(case)
        picking = self.pick(
            self.client.find(
                "stock.picking",
                ("sale_id", "=", case.order),
                ("picking_type_id.code", "=", "outgoing"),
                ("state", "=", "done"),
                limit=1,
            )
        )["id"]
        context = {"active_model": "stock.picking", "active_id": picking}
        call = self.client.call
        wizard = call("stock.return.picking", "create", [{}], context=context)
        lines = self.client.find(
            "stock.return.picking.line", ("wizard_id", "=", wizard[0]), order="id"
        )
        for number, line in enumerate(lines):
            values = {"quantity": 0 if number else 1}
            call("stock.return.picking.line", "write", [line["id"]], values)
        back = call("stock.return.picking", "action_create_returns", wizard)["res_id"]
        context = {"skip_backorder": True}
        call("stock.picking", "button_validate", [back], context=context)
        self.diary.note("one piece came back", case)

    # ---------------------------------------------------------------- billing
    def bill(self) -> None:
        """Make and post Odoo's invoice of what is to be invoiced."""
        case = self._confirmed()
        if self._order(case, "invoice_status")["invoice_status"] != "to invoice":
            raise Nothing
        context = {"active_model": "sale.order", "active_ids": [case.order]}
        values = {"advance_payment_method": "delivered"}
        call = self.client.call
        wizard = call("sale.advance.payment.inv", "create", [values], context=context)
        call("sale.advance.payment.inv", "create_invoices", wizard, context=context)
        for move in self.moves(case, ("state", "=", "draft")):
            self._post(move["id"], self.day(), case, "billed")

    def pay(self) -> None:
        """Pay an invoice or a part of it."""
        case, move = self._any_move(INVOICE, POSTED, OPEN)
        amount = move["amount_residual"]
        if self.chance(35):
            amount = max(round(amount * self.random.random(), 2), 0.01)
        payment, day = self.pay_move(move, amount, self.day()), move["invoice_date"]
        text = f"paid {amount} of {move['name']} of {day}: payment {payment}"
        self.diary.note(text, case)

    def undo_payment(self) -> None:
        """Cancel a payment of an invoice."""
        case, move = self._any_move(INVOICE, POSTED)
        payment = self.pick(
            self.client.find(
                "account.payment",
                ("reconciled_invoice_ids", "in", [move["id"]]),
                ("state", "in", ("in_process", "paid")),
                fields=("amount",),
            )
        )
        for method in ("action_draft", "action_cancel"):
            self.client.call("account.payment", method, [payment["id"]])
        text = f"cancelled payment {payment['id']} of {payment['amount']}"
        self.diary.note(text, case)

    def credit(self) -> None:
        """Credit an invoice, or a part of one line of it."""
        case, move = self._any_move(INVOICE, POSTED, NEVER_REVERSED)
        note = self.reverse(move, "refund_moves", self.day())
        lines = self.product_lines(note)
        if self.chance(60):
            kept = self.random.choice(lines)
            quantity = self.random.randint(1, max(int(abs(kept["quantity"])), 1))
            commands = [(2, one["id"]) for one in lines if one != kept]
            commands.append((1, kept["id"], {"quantity": quantity}))
            values = {"invoice_line_ids": commands}
            self.client.call("account.move", "write", [note], values)
        self._post(note, self.day(), case, f"credited of {move['name']}")

    def refund(self) -> None:
        """Pay a credit note out: on its own day, or on another, or a part."""
        case, note = self._any_move(NOTE, POSTED, OPEN)
        day = note["invoice_date"] if self.chance(70) else self.day()
        amount = note["amount_residual"]
        if self.chance(20):
            amount = max(round(amount * self.random.random(), 2), 0.01)
        payment = self.pay_move(note, amount, day)
        text = f"gave back {amount} of {note['name']} on {day}: payment {payment}"
        self.diary.note(text, case)

    def set_off(self) -> None:
        """Set a credit note off against an invoice of the same order."""
        case, note = self._any_move(NOTE, POSTED, OPEN)
        invoice = self.pick(self.moves(case, INVOICE, POSTED, OPEN))
        line = self.client.find(
            "account.move.line",
            ("move_id", "=", note["id"]),
            ("account_id.account_type", "=", "asset_receivable"),
            limit=1,
        )[0]["id"]
        method = "js_assign_outstanding_line"
        self.client.call("account.move", method, [invoice["id"]], line)
        self.diary.note(f"set {note['name']} off against {invoice['name']}", case)

    def reinvoice(self) -> None:
        """Reverse and create invoice; the new one may differ."""
        case, move = self._any_move(INVOICE, POSTED, NEVER_REVERSED)
        draft = self.reverse(move, "modify_moves", self.day())
        if self.chance(30):
            line = self.pick(self.product_lines(draft))
            command = (1, line["id"], {"quantity": line["quantity"] + 1})
            values = {"invoice_line_ids": [command]}
            self.client.call("account.move", "write", [draft], values)
        self._post(draft, self.day(), case, f"reversed {move['name']}, billed anew")

    # ------------------------------------------------------------------ tools
    def _post(self, move: int, day: str, case: Case, what: str) -> None:
        self.client.call("account.move", "write", [move], {"invoice_date": day})
        self.client.call("account.move", "action_post", [move])
        found = self.client.read("account.move", move, "name", "amount_total")
        self.diary.note(f"{what}: {found['name']} {found['amount_total']}", case)

    def _any_move(self, *domain: tuple) -> tuple[Case, dict]:
        """Return a case and one of its moves that fits."""
        for _try in range(4):
            case = self.some(self.diary.sales)
            found = self.moves(case, *domain)
            if found:
                return case, self.random.choice(found)
        raise Nothing

    def _confirmed(self) -> Case:
        case = self.some(self.diary.sales)
        if self._state(case) != "sale":
            raise Nothing
        return case

    def _state(self, case: Case) -> str:
        return self._order(case, "state")["state"]

    def _order(self, case: Case, *fields: str) -> dict:
        return self.client.read("sale.order", case.order, *fields)

    def _lines(self, case: Case) -> list[dict]:
        return self.client.find(
            "sale.order.line",
            ("order_id", "=", case.order),
            ("display_type", "=", False),
            fields=("tax_ids", "price_unit", "product_uom_qty", "qty_delivered"),
            order="id",
        )
