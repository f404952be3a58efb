"""A walk's bookkeeper in QuickBooks, and its troubles: lost replies, killed workers."""

from collections.abc import Callable
from decimal import Decimal

from dev.quickbooks import QuickBooksError

from .walk_case import Case, Nothing
from .walk_purchases import Purchases
from .walk_sales import POSTED

CHECKING = {"value": "35"}


class Walker(Purchases):
    """Everybody who does something in a walk."""

    # --------------------------------------------------------- the bookkeeper
    def edit_memo(self) -> None:
        """Write a message to the customer on an Invoice."""
        memo = {"value": f"Thank you {self.random.randint(10, 99)}"}
        self._edit("wrote a memo", lambda _invoice: {"CustomerMemo": memo})

    def edit_tracking(self) -> None:
        """Enter a tracking number on an Invoice."""
        number = f"1Z{self.random.randint(10**6, 10**7)}"
        self._edit("entered a tracking number", lambda _one: {"TrackingNum": number})

    def edit_quantity(self) -> None:
        """Make a line of an Invoice one more."""

        def more(invoice: dict) -> dict:
            lines = [line for line in invoice["Line"] if line.get("Id")]
            line = self.pick([one for one in lines if "Qty" in _detail(one)])
            detail = _detail(line)
            detail["Qty"] += 1
            line["Amount"] = (detail["Qty"] * detail["UnitPrice"]).quantize(
                Decimal("0.01")
            )
            return {"Line": [_plain(one) for one in lines]}

        self._edit("made a line one more", more)

    def pay_there(self) -> None:
        """Enter a payment of an Invoice in QuickBooks."""
        case, invoice = self._invoice()
        if not invoice["Balance"]:
            raise Nothing
        amount = float(invoice["Balance"])
        if self.chance(30):
            amount = max(round(amount * self.random.random(), 2), 0.01)
        link = {"TxnId": invoice["Id"], "TxnType": "Invoice"}
        body = {"CustomerRef": invoice["CustomerRef"], "TotalAmt": amount}
        if "CurrencyRef" in invoice:
            body["CurrencyRef"] = invoice["CurrencyRef"]
            body["ExchangeRate"] = float(invoice.get("ExchangeRate", 1))
        paid = self.books.save(
            "Payment",
            DepositToAccountRef=CHECKING,
            Line=[{"Amount": amount, "LinkedTxn": [link]}],
            **body,
        )
        self.diary.paid.add(paid["Id"])
        what = f"{amount} of Invoice {invoice['DocNumber']}: Payment {paid['Id']}"
        self.diary.note(f"QuickBooks: paid {what}", case)

    def void_there(self) -> None:
        """Void an Invoice in QuickBooks that nothing is paid of."""
        case, invoice = self._invoice()
        if invoice["Balance"] != invoice["TotalAmt"] or not invoice["TotalAmt"]:
            raise Nothing
        self.books.void("Invoice", invoice)
        self.diary.voided.add(("Invoice", invoice["Id"]))
        self.diary.note(f"QuickBooks: voided Invoice {invoice['DocNumber']}", case)

    def merge(self) -> None:
        """Merge the Customer of one customer into another's."""
        merged = self.diary.merged
        free = [one for one in self.company.customers if one not in merged]
        free = [one for one in free if one not in merged.values()]
        if len(merged) > 1 or len(free) < 4 or self.company.pricelists:
            raise Nothing
        for case in self.diary.sales:
            self.wait(case)
        pair = self.random.sample(free, 2)
        streets = [self._street(one) for one in pair]
        known = {
            (one.get("BillAddr") or {}).get("Line1"): one["Id"]
            for one in self.books.all("Customer")
        }
        if not all(street in known for street in streets):
            raise Nothing
        ids = dict(
            zip(("loser", "winner"), (known[one] for one in streets), strict=True)
        )
        self.stage.admin("merge", {"entity": "Customer", **ids})
        merged[pair[0]] = pair[1]
        self.diary.note(f"QuickBooks: merged customer {pair[0]} into {pair[1]}")

    def poll(self) -> None:
        """Odoo looks for changes, as it does every hour."""
        self.client.call("qbo.backend", "action_poll_changes", [self.company.backend])
        self.diary.note("Odoo looks for changes")

    # ------------------------------------------------------------ the troubles
    def lose_reply(self) -> None:
        """The next writes are done, their answers never arrive."""
        count = self.random.randint(1, 2)
        match = {"operation": "write", "realm": self.company.realm}
        order = {"kind": "cut_after", "count": count, "match": match}
        self.stage.admin("faults", [order])
        self.diary.note(f"the replies of {count} writes get lost")

    def lose_customer(self) -> None:
        """The reply of a new Customer gets lost, and its twin's order comes."""
        sold = {case.party for case in self.diary.sales}
        pairs = zip(
            self.company.customers[::2], self.company.customers[1::2], strict=True
        )
        new = self.pick([pair for pair in pairs if not sold & set(pair)])
        match = {
            "operation": "write",
            "realm": self.company.realm,
            "entity": "Customer",
        }
        self.stage.admin("faults", [{"kind": "cut_after", "match": match}])
        self.diary.note("the reply of a Customer's creation gets lost")
        for one in new:
            self.sell_to(one)

    def kill(self) -> None:
        """Kill a worker, whatever it is at."""
        self.stage.kill(self.random)
        self.diary.note("killed a worker")

    # ------------------------------------------------------------------ tools
    def _edit(self, what: str, change: Callable[[dict], dict]) -> None:
        """Change an Invoice; again, if Odoo has just changed it."""
        case, invoice = self._invoice()
        for _try in range(3):
            body = change(invoice)
            try:
                ids = {key: invoice[key] for key in ("Id", "SyncToken")}
                self.books.save("Invoice", sparse=True, **ids, **body)
                break
            except QuickBooksError as error:
                if "5010" not in str(error):
                    raise
                invoice = self.books.read("Invoice", invoice["Id"])
        self.diary.edited.add(("Invoice", invoice["Id"]))
        self.diary.note(f"QuickBooks: {what} on Invoice {invoice['DocNumber']}", case)

    def _invoice(self) -> tuple[Case, dict]:
        """Return a case and an Invoice of it that isn't void."""
        for _try in range(3):
            case = self.some(self.diary.sales)
            self.wait(case)
            names = [case.name, *(one["name"] for one in self.moves(case, POSTED))]
            found = [
                one
                for name in names
                for one in self.books.query(
                    f"SELECT * FROM Invoice WHERE DocNumber LIKE '{name}%'"
                )
                if one["TotalAmt"]
            ]
            if found:
                # What gets lost are Odoo's replies, not the bookkeeper's.
                self.stage.admin("faults/clear", {})
                return case, self.random.choice(found)
        raise Nothing

    def _street(self, partner: int) -> str:
        return self.client.read("res.partner", partner, "street")["street"]


def _detail(line: dict) -> dict:
    return line.get(line["DetailType"]) or {}


def _plain(line: dict) -> dict:
    """A line as JSON: numbers as floats."""
    return {
        key: _plain(value)
        if isinstance(value, dict)
        else float(value)
        if isinstance(value, Decimal)
        else value
        for key, value in line.items()
    }
