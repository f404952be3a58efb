"""One order of the demo, as it stands in Odoo and in QuickBooks."""

from datetime import date, timedelta
from decimal import Decimal

from .quickbooks import Books
from .rpc import Client

CENT = Decimal("0.01")
FIELDS = ("name", "amount_total", "amount_tax", "order_line", "payment_term_id")


class Comparison:
    """An order and its document; ``problems`` says what isn't the same.

    :param binding: the fields ``qbo_id`` and ``qbo_url`` of its ``qbo.binding``
    """

    def __init__(self, client: Client, books: Books, model: str, order: int):
        self.order = client.read(model, order, *FIELDS)
        ids = self.order["order_line"]
        names = ["name", "price_subtotal"]
        self.lines = client.call(f"{model}.line", "read", ids, names)
        self.books = books
        self.document: dict = {}

    def show_order(self) -> None:
        """Print what stands in Odoo."""
        order = self.order
        print(f"    Odoo        {order['name']}  total {cents(order['amount_total'])}")
        for line in self.lines:
            _show_line(line["price_subtotal"], line["name"])

    def show_document(self, entity: str, qbo_id: str, url: str) -> None:
        """Fetch and print what stands in QuickBooks."""
        self.document = document = self.books.read(entity, qbo_id)
        found = f"{entity} {document['DocNumber']}  total {cents(document['TotalAmt'])}"
        print(f"    QuickBooks  {found}")
        for line in self._document_lines():
            _show_line(line["Amount"], line.get("Description", ""))
        if self._tax():
            _show_line(self._tax(), "tax")
        print(f"    link        {url}")

    def problems(self) -> list[str]:
        """Return what differs, as sentences; nothing if all is the same."""
        order, document = self.order, self.document
        pairs = {
            "number": (order["name"], document["DocNumber"]),
            "total": (cents(order["amount_total"]), cents(document["TotalAmt"])),
            "tax": (cents(order["amount_tax"]), cents(self._tax())),
            "lines": (
                sorted(cents(line["price_subtotal"]) for line in self.lines),
                sorted(cents(line["Amount"]) for line in self._document_lines()),
            ),
        }
        return [
            f"{order['name']}: {what} is {ours} in Odoo, {theirs} in QuickBooks"
            for what, (ours, theirs) in pairs.items()
            if ours != theirs
        ]

    def sale_problems(self, po_number: str, days: int) -> list[str]:
        """Return what is wrong with the customer's PO number and the terms."""
        document = self.document
        custom = [field.get("StringValue") for field in document["CustomField"]]
        due = date.fromisoformat(document["TxnDate"]) + timedelta(days)
        wrong = []
        if po_number not in custom:
            wrong.append(f"the PO number {po_number} isn't in QuickBooks: {custom}")
        if document["DueDate"] != due.isoformat() or "SalesTermRef" not in document:
            wrong.append(f"the invoice isn't due in {days} days: {document['DueDate']}")
        return wrong

    def _document_lines(self) -> list[dict]:
        lines = self.document["Line"]
        return [line for line in lines if line["DetailType"] != "SubTotalLineDetail"]

    def _tax(self) -> Decimal:
        return self.document.get("TxnTaxDetail", {}).get("TotalTax", Decimal(0))


def cents(amount) -> Decimal:
    """Return an amount (Odoo's float, QuickBooks' Decimal) in whole cents."""
    return Decimal(str(amount)).quantize(CENT)


def _show_line(amount, text: str) -> None:
    print(f"      {cents(amount):>12}  {' '.join(text.split())[:60]}")
