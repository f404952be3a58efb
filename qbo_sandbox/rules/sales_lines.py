"""Lines of the sales forms, and what stands on the lines."""

from ..errors import Fault, business
from ..forms import SHIPPING, FormLine, check_amount, detail_of, item_of
from ..values import ZERO, dec, money
from . import ledger_hooks

ALLOWED = (
    "SalesItemLineDetail",
    "DescriptionOnly",
    "DiscountLineDetail",
    "GroupLineDetail",
    "SubTotalLineDetail",
    "DescriptionLineDetail",
)


def check_length(lines):
    """At most 10,000 lines, 750 if the transaction is taxable."""
    details = [line.get("SalesItemLineDetail") or {} for line in lines]
    codes = [(one.get("TaxCodeRef") or {}).get("value", "NON") for one in details]
    most = 10000 if all(code == "NON" for code in codes) else 750
    if len(lines) > most:
        raise business(f"A transaction can have at most {most} lines.")


def sold(change, form, line, detail):
    """A line that sells an item, or QuickBooks' own shipping."""
    company = change.company
    oid = detail["ItemRef"]["value"]
    line.setdefault("DetailType", "SalesItemLineDetail")
    check_amount(line, detail, change.doc.get("GlobalTaxCalculation") == "TaxInclusive")
    if oid in SHIPPING:
        ship(company, form, oid)
        item = None
    else:
        item = item_of(company, detail)
        ledger_hooks.check_start(item, change.doc["TxnDate"])
        item_account(detail, item)
    if company.kind == "us":
        detail["TaxCodeRef"] = detail.get("TaxCodeRef") or {
            "value": line_tax(change, item)
        }
    form.lines.append(FormLine(line, detail, item, oid in SHIPPING))


def item_account(detail, item):
    """ItemAccountRef: the income account of the item."""
    ref = item.get("IncomeAccountRef")
    if not ref:
        raise business(
            f"The item {item['Name']} is not sold (it has no income account)."
        )
    detail["ItemAccountRef"] = ref


def line_tax(change, item):
    """TAX or NON for a US line that says neither."""
    by_item = change.company.knob("default_line_tax") == "item"
    return "TAX" if by_item and item and item.get("Taxable") else "NON"


def ship(company, form, oid):
    """One shipping line, if the company allows it."""
    if not company.pref("SalesFormsPrefs", "AllowShipping"):
        raise business("Shipping is not turned on for this company.")
    if any(one.detail["ItemRef"]["value"] == oid for one in form.lines if one.shipping):
        raise business("Only one shipping line is allowed on a transaction.")


def group(change, form, line, detail):
    """A bundle: the sum of its lines, which come from the bundle unless sent."""
    bundle = item_of(change.company, detail, "GroupItemRef")
    if not bundle or bundle["Type"] not in ("Group", "Bundle"):
        raise business("A bundle is required on a bundle line.")
    detail["Quantity"] = dec(detail.get("Quantity", 1))
    if not detail.get("Line"):
        detail["Line"] = list(parts(change.company, bundle, detail["Quantity"]))
    for child in detail["Line"]:
        inner = detail_of(child, ("SalesItemLineDetail", "DescriptionOnly"))
        if inner.get("ItemRef"):
            sold(change, form, child, inner)
    line["Amount"] = sum((dec(c.get("Amount")) for c in detail["Line"]), ZERO)


def parts(company, bundle, quantity):
    """Sales lines of a bundle's items at their prices."""
    for one in (bundle.get("ItemGroupDetail") or {}).get("ItemGroupLine", []):
        item = company.get("Item", one["ItemRef"]["value"])
        qty, price = dec(one["Qty"]) * quantity, dec(item.get("UnitPrice"))
        yield {
            "DetailType": "SalesItemLineDetail",
            "Description": item.get("Description") or item["Name"],
            "Amount": money(qty * price),
            "SalesItemLineDetail": {
                "ItemRef": {"value": item["Id"], "name": item["Name"]},
                "Qty": qty,
                "UnitPrice": price,
            },
        }


def description(line):
    """A line without an item is text; its amount does not count."""
    line.pop("SalesItemLineDetail", None)
    line.pop("Amount", None)
    line["DetailType"] = "DescriptionOnly"
    line["DescriptionLineDetail"] = (
        line.pop("DescriptionOnly", None) or line.get("DescriptionLineDetail") or {}
    )


def arrange(doc, form):
    """QuickBooks' order: lines, SubTotal (no Id), then discount and shipping."""
    tail = [
        line
        for line in doc["Line"]
        if line is form.discount_line
        or any(one.line is line and one.shipping for one in form.lines)
    ]
    head = [line for line in doc["Line"] if not any(line is last for last in tail)]
    subtotal = {
        "Amount": form.subtotal,
        "DetailType": "SubTotalLineDetail",
        "SubTotalLineDetail": {},
    }
    doc["Line"] = [*head, subtotal, *tail]


def discount_account(company):
    """The preferred discount account, else the first of its kind."""
    oid = company.pref("SalesFormsPrefs", "DefaultDiscountAccount")
    if oid and str(oid) in company.accounts():
        return {"value": str(oid), "name": company.accounts()[str(oid)]["Name"]}
    return account_ref(company, "DiscountsRefundsGiven")


def account_ref(company, subtype):
    """Reference to the first account of a sub-type (6000 if there is none)."""
    oid = company.account(subtype)
    if oid is None:
        raise business(f"The company has no {subtype} account.")
    return {"value": oid, "name": company.accounts()[oid]["Name"]}


def money_account(company, ref):
    """6430 unless money can lie there."""
    kind = company.account_type(ref["value"])
    if kind not in ("Bank", "Other Current Asset", "Credit Card"):
        raise Fault(6430, f"Invalid account type used : {kind}", "DepositToAccountRef")


def zero(doc):
    """Amounts and quantities to zero; 'Voided' before the note."""
    for line in doc.get("Line", []):
        zero_line(line)
    for name in (
        "TotalAmt",
        "Balance",
        "HomeTotalAmt",
        "HomeBalance",
        "RemainingCredit",
        "UnappliedAmt",
    ):
        if name in doc:
            doc[name] = ZERO
    if doc.get("TxnTaxDetail"):
        doc["TxnTaxDetail"] = {**doc["TxnTaxDetail"], "TotalTax": ZERO, "TaxLine": []}
    note = doc.get("PrivateNote")
    doc["PrivateNote"] = f"Voided - {note}" if note else "Voided"


def zero_line(line):
    """One line to zero."""
    if "Amount" in line:
        line["Amount"] = ZERO
    detail = line.get(line.get("DetailType"), {})
    for name in ("Qty", "UnitPrice", "TaxInclusiveAmt"):
        if name in detail:
            detail[name] = ZERO
    for child in detail.get("Line", []):
        zero_line(child)
