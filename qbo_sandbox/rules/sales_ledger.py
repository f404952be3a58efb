"""Double entries of the sales forms."""

from ..errors import business
from ..ledger import Entry, converted
from ..values import cents, dec
from . import currency


def receivable(company, code):
    """The A/R account of a currency, made on its first use."""
    return trade_account(
        company, "AccountsReceivable", "Accounts Receivable (A/R)", code
    )


def payable(company, code):
    """The A/P account of a currency, made on its first use."""
    return trade_account(company, "AccountsPayable", "Accounts Payable (A/P)", code)


def trade_account(company, subtype, name, code):
    """Account of a sub-type in a currency; QuickBooks makes it when it is missing."""
    found = company.account(subtype, code)
    if found:
        return found
    if code == company.home:
        raise business(f"The company has no {subtype} account.")
    from ..seed.accounts import add_account

    return add_account(company, f"{name} - {code}", subtype, code)


def entries(change, sign, main):
    """(entries, stock moves): the total against income, shipping, discount and tax."""
    company, doc = change.company, change.doc
    account, with_party = main
    party = ("Customer", doc["CustomerRef"]["value"]) if with_party else None
    found = [Entry(account, sign * cents(doc["TotalAmt"]), party)]
    deposit(change, found)
    found += taxes(company, doc, sign)
    moves = []
    for line in flat(doc["Line"]):
        entry = credit(company, line, sign)
        if entry:
            found.append(entry)
            moves += stock(company, line, sign)
    return converted(discounted(doc, found), currency.rate(doc)), moves


def discounted(doc, found):
    """The discount is what is left; without one a cent goes to the last entry.

    So a discount that was given with tax inside is booked at its net amount.
    """
    rest = sum(entry.cents for entry in found)
    line = next(
        (one for one in doc["Line"] if one["DetailType"] == "DiscountLineDetail"), None
    )
    if rest and line:
        account = line["DiscountLineDetail"]["DiscountAccountRef"]["value"]
        found.append(Entry(account, -rest))
    elif rest:
        found[-1].cents -= rest
    return found


def deposit(change, found):
    """An invoice's Deposit is money received at once."""
    amount = cents(change.doc.get("Deposit", 0))
    if change.entity.name == "Invoice" and amount:
        ref = change.doc.get("DepositToAccountRef") or {
            "value": change.company.account("UndepositedFunds")
        }
        found[0].cents -= amount
        found.append(Entry(ref["value"], amount))


def flat(lines):
    """The lines with those inside bundles."""
    for line in lines:
        if line["DetailType"] == "GroupLineDetail":
            yield from line["GroupLineDetail"].get("Line", [])
        else:
            yield line


def credit(company, line, sign):
    """The income entry of a line, or None."""
    amount = cents(line.get("Amount", 0))
    if line["DetailType"] != "SalesItemLineDetail":
        return None
    detail = line["SalesItemLineDetail"]
    ref = detail.get("ItemAccountRef") or {"value": shipping_account(company)}
    return Entry(ref["value"], -sign * amount)


def shipping_account(company):
    """The preferred shipping income account, else the first product income."""
    oid = str(company.pref("SalesFormsPrefs", "DefaultShippingAccount") or "")
    return oid if oid in company.accounts() else company.account("SalesOfProductIncome")


def stock(company, line, sign):
    """The stock move of a line that sells (or takes back) a tracked item."""
    detail = line.get("SalesItemLineDetail") or {}
    oid = (detail.get("ItemRef") or {}).get("value")
    item = company.get("Item", oid) if oid else None
    if not item or item["Type"] != "Inventory":
        return []
    qty = -sign * dec(detail.get("Qty", 1))
    return [(oid, qty, None, item["ExpenseAccountRef"]["value"])] if qty else []


def taxes(company, doc, sign):
    """The tax of a document to its payable account."""
    amount = cents((doc.get("TxnTaxDetail") or {}).get("TotalTax", 0))
    return [Entry(tax_account(company), -sign * amount)] if amount else []


def tax_account(company):
    """Sales tax payable, or the GST/VAT account outside the US."""
    wanted = "SalesTaxPayable" if company.kind == "us" else "GlobalTaxPayable"
    return company.account(wanted) or company.account("OtherCurrentLiabilities")
