"""Open amounts by age, the general ledger, the value of the stock."""

from datetime import date

from ..rules.currency import rate
from ..stock import Stock
from ..values import ZERO, dec, from_cents, money
from .shape import data, section, summary

BUCKETS = ("Current", "1 - 30", "31 - 60", "61 - 90", "91 and over")


def aged(company, end, party, positive, negative):
    """Rows of open amounts by age for customers or vendors."""
    found = {}
    for entity, sign in [(one, 1) for one in positive] + [
        (one, -1) for one in negative
    ]:
        for doc in company.every(entity):
            amount = doc.get("Balance", doc.get("UnappliedAmt"))
            if amount and doc["TxnDate"] <= end:
                name = doc[party]["name"], doc[party]["value"]
                bucket = age(doc.get("DueDate", doc["TxnDate"]), end)
                sums = found.setdefault(name, [ZERO] * 5)
                sums[bucket] += sign * money(dec(amount) * rate(doc))
    rows = [
        data(name, oid, *sums, sum(sums)) for (name, oid), sums in sorted(found.items())
    ]
    totals = [sum(column) for column in zip(*found.values(), strict=True)] or [ZERO] * 5
    rows.append(
        {
            "Summary": summary("TOTAL", *totals, sum(totals)),
            "type": "Section",
            "group": "GrandTotal",
        }
    )
    heads = [("", "Customer" if party == "CustomerRef" else "Vendor")]
    return heads + [(one,) for one in (*BUCKETS, "Total")], rows


def age(due, end):
    """Index of the bucket of a due date."""
    days = (date.fromisoformat(end) - date.fromisoformat(due)).days
    return 0 if days <= 0 else min(1 + (days - 1) // 30, 4)


def aged_receivables(company, start, end):
    """Who owes us what since when."""
    return aged(company, end, "CustomerRef", ("Invoice",), ("CreditMemo", "Payment"))


def aged_payables(company, start, end):
    """Whom we owe what since when."""
    return aged(company, end, "VendorRef", ("Bill",), ("VendorCredit",))


def general_ledger(company, start, end):
    """Every posting by account with the running balance."""
    sections = []
    for account in company.accounts().values():
        opening = (
            company.store.one(
                "SELECT SUM(cents) FROM postings"
                " WHERE realm=? AND account=? AND date<?",
                company.realm,
                account["Id"],
                start,
            )[0]
            or 0
        )
        rows, total = posting_rows(company, account["Id"], start, end, opening)
        if rows or opening:
            one = section(account["Name"], rows, from_cents(total), account["Id"])
            sections.append(one)
    heads = [
        ("Date", "Date"),
        ("Transaction Type", "String"),
        ("Num", "String"),
        ("Memo", "String"),
        ("Amount",),
        ("Balance",),
    ]
    return heads, sections


def posting_rows(company, account, start, end, total):
    """(rows, last balance in cents) of one account."""
    rows = []
    for txn, entity, day, cents, memo in company.store.rows(
        "SELECT txn, entity, date, cents, memo FROM postings WHERE realm=? AND"
        " account=? AND date>=? AND date<=? ORDER BY date, rowid",
        company.realm,
        account,
        start,
        end,
    ):
        total += cents
        rows.append(
            data(
                day,
                None,
                entity,
                txn,
                memo,
                f"{from_cents(cents):.2f}",
                f"{from_cents(total):.2f}",
            )
        )
    return rows, total


def inventory_valuation(company, start, end):
    """Quantity and value of every stored item."""
    stock, rows, whole = Stock(company), [], 0
    for item in company.every("Item"):
        if item["Type"] != "Inventory":
            continue
        quantity, cents = stock.quantity(item["Id"])
        whole += cents
        value = from_cents(cents)
        average = value / quantity if quantity else ZERO
        rows.append(
            data(
                item["Name"],
                item["Id"],
                item.get("Sku", ""),
                f"{quantity.normalize():f}",
                value,
                average,
            )
        )
    rows.append(
        {
            "Summary": summary("TOTAL", from_cents(whole)),
            "type": "Section",
            "group": "GrandTotal",
        }
    )
    heads = [
        ("", "Item"),
        ("SKU", "String"),
        ("Qty", "Numeric"),
        ("Asset Value",),
        ("Avg Cost",),
    ]
    return heads, rows
