"""Tax codes to rates, and the tax lines QuickBooks answers with."""

from ..errors import Fault
from ..values import dec, money


def code(company, oid):
    """A TaxCode by id; 2500 if there is none."""
    found = company.cached(("code", oid), lambda: company.get("TaxCode", oid))
    if found is None:
        raise Fault(
            2500,
            f"Invalid Reference Id : TaxCodes element id {oid} not found",
            "TaxCodeRef",
        )
    return found


def rates(company, oid, side="Sales"):
    """[(TaxRate id, percent)] of a code on the sales or the purchase side."""
    listed = (code(company, oid).get(f"{side}TaxRateList") or {}).get(
        "TaxRateDetail", []
    )
    found = []
    for one in sorted(listed, key=lambda detail: detail.get("TaxOrder", 0)):
        oid = one["TaxRateRef"]["value"]
        rate = company.cached(("rate", oid), lambda o=oid: company.get("TaxRate", o))
        found.append((oid, dec(rate["RateValue"])))
    return found


def tax_line(rate_id, percent, base, amount):
    """One TaxLine of a TxnTaxDetail."""
    return {
        "Amount": money(amount),
        "DetailType": "TaxLineDetail",
        "TaxLineDetail": {
            "TaxRateRef": {"value": rate_id},
            "PercentBased": True,
            "TaxPercent": percent,
            "NetAmountTaxable": money(base),
        },
    }


def lines_of(company, bases, side="Sales"):
    """TaxLines of ``bases`` {code: net}: rounded per rate on the summed net."""
    summed = {}
    for oid, base in bases.items():
        for rate_id, percent in rates(company, oid, side):
            held = summed.get(rate_id, (percent, dec(0)))
            summed[rate_id] = (percent, held[1] + base)
    return [
        tax_line(rate_id, percent, base, base * percent / 100)
        for rate_id, (percent, base) in summed.items()
    ]


def total(lines):
    """Sum of the tax lines' amounts."""
    return sum((dec(line["Amount"]) for line in lines), dec("0.00"))
