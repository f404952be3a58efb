"""US sales tax: lines say TAX or NON, the document names one code (or AST does)."""

from ..errors import Fault
from ..values import dec, money, share
from . import rates

RECOMPUTE = ("Line", "TxnTaxDetail", "CustomerRef", "ApplyTaxAfterDiscount", "ShipAddr")


def compute(change, form):
    """TxnTaxDetail and total tax of a US document."""
    if change.doc.get("GlobalTaxCalculation") == "TaxInclusive":
        raise Fault(
            6000,
            "Tax inclusive amounts are not supported in the US.",
            "GlobalTaxCalculation",
        )
    if form.side == "Purchase":
        change.doc.pop("TxnTaxDetail", None)
        return dec("0.00")
    check_lines(form)
    if change.old and not any(name in change.sent for name in RECOMPUTE):
        return dec((change.doc.get("TxnTaxDetail") or {}).get("TotalTax"))
    sent = change.sent.get("TxnTaxDetail")
    if sent is None:
        sent = {
            k: v
            for k, v in (change.doc.get("TxnTaxDetail") or {}).items()
            if k == "TxnTaxCodeRef"
        }
    automated = change.company.automated_tax()
    detail = (ast if automated else manual)(change, form, sent)
    change.doc["TxnTaxDetail"] = detail
    return detail["TotalTax"]


def check_lines(form):
    """6100: a US line is taxable (TAX) or not (NON)."""
    for line in form.lines:
        if line.code not in ("TAX", "NON"):
            raise Fault(
                6100, "Invalid tax code. For US, specify TAX or NON.", "TaxCodeRef"
            )


def base_of(change, form):
    """The taxable amount; the discount lowers it only if the document says so."""
    taxable = sum((line.amount for line in form.lines if line.code == "TAX"), dec(0))
    if not change.doc.get("ApplyTaxAfterDiscount"):
        return taxable
    goods = sum(
        (
            line.amount
            for line in form.lines
            if line.code == "TAX" and not line.shipping
        ),
        dec(0),
    )
    return taxable - share(form.discount, goods, form.subtotal)


def manual(change, form, sent):
    """The sent code's rates, or the sent TotalTax."""
    oid = (sent.get("TxnTaxCodeRef") or {}).get("value")
    override = sent.get("TotalTax")
    if not oid:
        allowed = change.company.knob("tax_without_code") == "honour"
        return {"TotalTax": money(override or 0) if allowed else dec("0.00")}
    if oid in ("TAX", "NON"):
        raise Fault(6100, "Invalid transaction tax code.", "TxnTaxCodeRef")
    return with_code(change, form, oid, override)


def with_code(change, form, oid, override):
    """TxnTaxDetail by a code; an override is spread over its rates."""
    base = base_of(change, form)
    lines = rates.lines_of(change.company, {oid: base})
    if override is not None:
        spread(lines, money(override))
    return {
        "TxnTaxCodeRef": {"value": oid},
        "TotalTax": rates.total(lines)
        if override is None or lines
        else money(override),
        "TaxLine": lines,
    }


def spread(lines, wanted):
    """Let the tax lines add up to ``wanted``, in proportion to what they were."""
    whole = rates.total(lines)
    rest = wanted
    for line in lines[:-1]:
        line["Amount"] = money(share(wanted, line["Amount"], whole))
        rest -= line["Amount"]
    if lines:
        lines[-1]["Amount"] = rest


def ast(change, form, sent):
    """Automated Sales Tax: the rate of the destination, unless overridden."""
    company, doc = change.company, change.doc
    customer = (
        company.get("Customer", doc["CustomerRef"]["value"])
        if doc.get("CustomerRef")
        else {}
    )
    if customer.get("Taxable") is False:
        return {"TotalTax": dec("0.00")}
    oid = destination_code(company, doc)
    override = sent.get("TotalTax") if honoured(change) else None
    if not any(line.code == "TAX" for line in form.lines):
        override = None
    own = (sent.get("TxnTaxCodeRef") or {}).get("value")
    if own and company.knob("ast_code") == "respect":
        oid = own
    if oid is None:
        return {"TotalTax": money(override or 0)}
    return with_code(change, form, oid, override)


def honoured(change):
    """Whether a TotalTax that was sent counts for automated sales tax."""
    knob = change.company.knob("total_tax")
    return knob == "honour" or (knob == "update" and change.old is not None)


def destination_code(company, doc):
    """Id of the tax code of the state it goes to; None where there is no nexus."""
    info = company.get("CompanyInfo", "1")
    for address in (doc.get("ShipAddr"), doc.get("BillAddr"), info.get("LegalAddr")):
        state = (address or {}).get("CountrySubDivisionCode")
        if state:
            found = company.named(("TaxCode",), f"AST {state.upper()}")
            return found[1] if found else None
    return None
