"""A document's lines as money: checked, completed, added up."""

from dataclasses import dataclass, field

from .errors import Fault, business, required
from .values import ZERO, dec, money

SHIPPING = ("SHIPPING_ITEM_ID", "GRATUITY_ITEM_ID")
GOODS = ("SalesItemLineDetail", "ItemBasedExpenseLineDetail")


@dataclass
class FormLine:
    """One line with an amount: the raw line, its detail block, what it counts."""

    line: dict
    detail: dict
    item: dict | None = None
    shipping: bool = False

    @property
    def amount(self):
        """Net amount of the line."""
        return self.line["Amount"]

    @property
    def code(self):
        """Id of the line's tax code, or ''."""
        return (self.detail.get("TaxCodeRef") or {}).get("value", "")

    def net(self, amount, gross):
        """Set the net amount and keep the gross beside it."""
        self.line["Amount"] = amount
        self.detail["TaxInclusiveAmt"] = gross


@dataclass
class Form:
    """A document's lines and sums. ``side`` is Sales or Purchase."""

    side: str
    lines: list = field(default_factory=list)
    subtotal: object = ZERO
    discount: object = ZERO
    discount_line: dict | None = None
    gross: object = None

    def recount(self):
        """Sum of the lines before shipping and discount."""
        self.subtotal = sum(
            (one.amount for one in self.lines if not one.shipping), ZERO
        )

    def net_total(self):
        """Lines with shipping, less the discount, before tax."""
        return sum((one.amount for one in self.lines), ZERO) - self.discount

    @property
    def shipping(self):
        """Amount of shipping and gratuity lines."""
        return sum((one.amount for one in self.lines if one.shipping), ZERO)


def check_amount(line, detail, inclusive=False):
    """Amount, Qty and UnitPrice agree (6070); two zeros count as not sent."""
    qty, price = dec(detail.get("Qty")), dec(detail.get("UnitPrice"))
    if not qty and not price:
        detail.pop("Qty", None)
        detail.pop("UnitPrice", None)
    elif "Qty" in detail and "UnitPrice" in detail:
        multiply(line, detail, money(qty * price), inclusive)
    if line.get("Amount") is None:
        raise required("Amount")
    line["Amount"] = money(line["Amount"])


def multiply(line, detail, product, inclusive):
    """6070 unless the amount is the product (net or gross when tax is inside)."""
    line.setdefault("Amount", product)
    fits = {money(line["Amount"])}
    if inclusive:
        fits.add(money(detail.get("TaxInclusiveAmt")))
    if product not in fits:
        raise Fault(
            6070,
            "Amount is not equal to UnitPrice * Qty. Supplied value:"
            f"{dec(line['Amount']):,}",
            "Amount",
        )


def number_lines(change, numbered=True):
    """Line ids: known ones stay, all others are new; LineNum counts from 1."""
    old = {line.get("Id") for line in (change.old or {}).get("Line", [])}
    used = [int(oid) for oid in old if oid and oid.isdigit()]
    following = max(used, default=0) + 1
    for position, line in enumerate(change.doc["Line"], 1):
        if line.get("Id") not in old or not line.get("Id"):
            line["Id"] = str(following)
            following += 1
        if numbered:
            line["LineNum"] = line.get("LineNum") or position


def links(line):
    """The line's links, cleaned of the empty list some clients send."""
    if not line.get("LinkedTxn"):
        line.pop("LinkedTxn", None)
    if not line.get("CustomField"):
        line.pop("CustomField", None)
    return line.get("LinkedTxn", [])


def detail_of(line, allowed):
    """The detail block of a line's DetailType (6000 for one that can't be here)."""
    kind = line.get("DetailType")
    if not kind:
        raise required("DetailType")
    if kind not in allowed:
        raise business(f"Detail type {kind} is not supported on this transaction.")
    links(line)
    return line.setdefault(kind, {}) if kind in GOODS else line.get(kind) or {}


def item_of(company, detail, element="ItemRef"):
    """The Item a line sells or buys; a category can't be."""
    oid = (detail.get(element) or {}).get("value")
    item = company.get("Item", oid) if oid else None
    if item and item["Type"] == "Category":
        raise business("A category cannot be used on a transaction line.")
    return item
