"""Canada and the UK: every line has a tax code; amounts without or with tax."""

from ..errors import Fault, business
from ..values import dec, money, share
from . import rates

NO_TAX = "NotApplicable"


def compute(change, form):
    """TxnTaxDetail and total tax of a non-US document."""
    doc = change.doc
    mode = doc.setdefault("GlobalTaxCalculation", "TaxExcluded")
    if mode == NO_TAX:
        return no_tax(change, form)
    check_lines(change, form)
    if mode == "TaxInclusive":
        take_out(change, form)
    lines = sent_lines(change)
    if lines is None:
        lines = computed(change.company, form)
    if mode == "TaxInclusive" and change.sent.get("TxnTaxDetail") is None:
        fit(lines, form)
    lines = sorted(lines, key=rate_number)
    doc["TxnTaxDetail"] = {"TotalTax": rates.total(lines), "TaxLine": lines}
    return rates.total(lines)


def no_tax(change, form):
    """6170 and 6160: with NotApplicable there is no tax detail and no code."""
    if change.sent.get("TxnTaxDetail"):
        raise Fault(
            6170, "TxnTaxDetail is not allowed with NotApplicable", "TxnTaxDetail"
        )
    if any(line.code for line in form.lines):
        raise Fault(6160, "TaxCodeRef is not allowed with NotApplicable", "TaxCodeRef")
    change.doc.pop("TxnTaxDetail", None)
    return dec("0.00")


def check_lines(change, form):
    """Every line names a real code that has rates for this side."""
    for line in form.lines:
        if line.code in ("TAX", "NON"):
            raise Fault(6100, f"Invalid tax code {line.code}", "TaxCodeRef")
        if not line.code and change.company.knob("missing_line_tax") == "refuse":
            raise business(
                "Make sure all your transactions have a GST/HST/VAT rate "
                "before you save."
            )
        if line.code:
            side = rates.code(change.company, line.code).get(f"{form.side}TaxRateList")
            if not (side or {}).get("TaxRateDetail"):
                raise Fault(
                    6100, f"Tax code {line.code} is not for {form.side}", "TaxCodeRef"
                )


def rate_number(line):
    """Tax lines come in order of the rates, not of the form's lines (recorded)."""
    return int(line["TaxLineDetail"]["TaxRateRef"]["value"])


def computed(company, form):
    """TaxLines by the lines' codes: each rate rounded once, or on each line."""
    if company.knob("tax_rounding") == "rate":
        return rates.lines_of(company, bases(form, form.lines), form.side)
    found = {}
    for line in form.lines:
        for one in rates.lines_of(company, bases(form, [line]), form.side):
            held = found.setdefault(rate_number(one), one)
            if held is not one:
                held["Amount"] += one["Amount"]
                detail = one["TaxLineDetail"]
                held["TaxLineDetail"]["NetAmountTaxable"] += detail["NetAmountTaxable"]
    return list(found.values())


def bases(form, lines):
    """{code: net of these lines after the document's discount, unrounded}."""
    summed = {}
    for line in lines:
        if line.code:
            base = line.amount
            if not line.shipping:
                base -= share(form.discount, line.amount, form.subtotal)
            summed[line.code] = summed.get(line.code, dec(0)) + base
    return summed


def take_out(change, form):
    """Gross line amounts to net; form.gross keeps the sum the customer pays."""
    gross = dec(0)
    for line in form.lines:
        percent = (
            sum(
                (p for _, p in rates.rates(change.company, line.code, form.side)),
                dec(0),
            )
            if line.code
            else dec(0)
        )
        whole = gross_of(change, line, percent)
        gross += whole
        line.net(money(whole / (1 + percent / 100)), whole)
    discount = form.discount
    form.recount()
    form.discount = (
        money(share(discount, form.subtotal, gross)) if discount else discount
    )
    form.gross = gross - discount


def gross_of(change, line, percent):
    """What a line costs with tax: TaxInclusiveAmt if sent, else by the knob."""
    sent = line.detail.get("TaxInclusiveAmt")
    if sent:
        return dec(sent)
    if change.company.knob("inclusive_amount") == "net":
        return money(line.amount * (1 + percent / 100))
    return line.amount


def fit(lines, form):
    """With tax included the total is the gross: the last rate takes the cent."""
    rest = form.gross - form.net_total() - rates.total(lines)
    if lines and rest and abs(rest) <= dec("0.05"):
        lines[-1]["Amount"] += rest


def sent_lines(change):
    """Tax lines the sender insists on (with a TaxLine list), or None."""
    sent = change.sent.get("TxnTaxDetail") or {}
    lines = [line for line in sent.get("TaxLine") or [] if line.get("TaxLineDetail")]
    if not lines:
        return None
    return [
        {**line, "Amount": money(line.get("Amount")), "DetailType": "TaxLineDetail"}
        for line in lines
    ]
