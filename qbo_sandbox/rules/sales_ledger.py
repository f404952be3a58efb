"""Double entries of the sales forms."""

from ..errors import business
from ..ledger import Entry, converted
from ..values import cents, dec
from . import currency
from .accounts import CLASSES


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
    moves = []
    for line in flat(doc["Line"]):
        entry = credit(company, line, sign)
        if entry:
            found.append(entry)
            moves += stock(company, line, sign)
    found += taxes(company, doc, sign)
    return balance(converted(found, currency.rate(doc)), company), moves


def balance(found, company):
    """Gross lines of a tax-inclusive document leave a cent: it goes to the income."""
    rest = sum(entry.cents for entry in found)
    if rest:
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
    """The income (or discount) entry of a line."""
    kind, amount = line["DetailType"], cents(line.get("Amount", 0))
    if kind == "DiscountLineDetail":
        ref = line["DiscountLineDetail"]["DiscountAccountRef"]["value"]
        return Entry(ref, sign * amount)
    if kind != "SalesItemLineDetail":
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


def is_income(company, oid):
    """True for an account of the profit and loss."""
    return CLASSES[company.account_type(oid)] in ("Revenue", "Expense")
