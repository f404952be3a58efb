"""Trial balance, profit and loss, balance sheet."""

from ..ledger import Ledger
from ..values import ZERO
from .shape import data, outcome, section, summary

INCOME = ("Income", "Cost of Goods Sold", "Expense", "Other Income", "Other Expense")


def trial_balance(company, start, end):
    """Every account's balance at the end, debit or credit."""
    rows, debit, credit = [], ZERO, ZERO
    for account, amount in held(company, "", end):
        left, right = (amount, ZERO) if amount > 0 else (ZERO, -amount)
        debit, credit = debit + left, credit + right
        rows.append(data(account["Name"], account["Id"], left, right))
    rows.append(
        {
            "Summary": summary("TOTAL", debit, credit),
            "type": "Section",
            "group": "GrandTotal",
        }
    )
    return [("", "Account"), ("Debit",), ("Credit",)], rows


def held(company, start, end, types=None):
    """[(account, debit-positive amount)] that aren't zero, in the chart's order."""
    sums = Ledger(company).balances(start, end)
    return [
        (one, sums[one["Id"]])
        for one in company.accounts().values()
        if sums.get(one["Id"]) and (types is None or one["AccountType"] in types)
    ]


def group_of(company, start, end, kind, sign):
    """(section of one account type, its total with natural sign)."""
    found = held(company, start, end, (kind,))
    total = sum((sign * amount for _, amount in found), ZERO)
    rows = [data(one["Name"], one["Id"], sign * amount) for one, amount in found]
    return section(kind, rows, total, kind.replace(" ", "")), total


def profit_and_loss(company, start, end):
    """Income, cost, expenses and what is left."""
    parts = {
        kind: group_of(
            company, start, end, kind, 1 if "Exp" in kind or "Cost" in kind else -1
        )
        for kind in INCOME
    }
    total = {kind: amount for kind, (_, amount) in parts.items()}
    gross = total["Income"] - total["Cost of Goods Sold"]
    operating = gross - total["Expense"]
    other = total["Other Income"] - total["Other Expense"]
    rows = [
        parts["Income"][0],
        parts["Cost of Goods Sold"][0],
        outcome("Gross Profit", gross, "GrossProfit"),
        parts["Expense"][0],
        outcome("Net Operating Income", operating, "NetOperatingIncome"),
        parts["Other Income"][0],
        parts["Other Expense"][0],
        outcome("Net Other Income", other, "NetOtherIncome"),
        outcome("Net Income", operating + other, "NetIncome"),
    ]
    return [("", "Account"), ("Total",)], rows


ASSETS = (
    "Bank",
    "Accounts Receivable",
    "Other Current Asset",
    "Fixed Asset",
    "Other Asset",
)


LIABILITIES = (
    "Accounts Payable",
    "Credit Card",
    "Other Current Liability",
    "Long Term Liability",
)


def balance_sheet(company, start, end):
    """Assets against liabilities and equity, this year's result in the equity."""
    assets = [group_of(company, "", end, kind, 1) for kind in ASSETS]
    debts = [group_of(company, "", end, kind, -1) for kind in LIABILITIES]
    equity = equity_rows(company, end)
    left = sum((total for _, total in assets), ZERO)
    owed = sum((total for _, total in debts), ZERO)
    own = sum((total for _, _, total in equity), ZERO)
    right = [
        section("Liabilities", [one for one, _ in debts], owed, "Liabilities"),
        section("Equity", [data(*row) for row in equity], own, "Equity"),
    ]
    return [("", "Account"), ("Total",)], [
        section("ASSETS", [one for one, _ in assets], left, "TotalAssets"),
        section(
            "LIABILITIES AND EQUITY", right, owed + own, "TotalLiabilitiesAndEquity"
        ),
    ]


def equity_rows(company, end):
    """(name, id, amount): equity accounts, earlier results, this year's."""
    year = f"{end[:4]}-01-01"
    rows = [
        (one["Name"], one["Id"], -amount)
        for one, amount in held(company, "", end, ("Equity",))
        if one["AccountSubType"] != "RetainedEarnings"
    ]
    retained = company.account("RetainedEarnings")
    sums = Ledger(company).balances("", end)
    before = result(company, "", str(int(end[:4]) - 1) + "-12-31")
    rows.append(("Retained Earnings", retained, before - sums.get(retained, ZERO)))
    rows.append(("Net Income", None, result(company, year, end)))
    return rows


def result(company, start, end):
    """Profit (positive) of a period."""
    return -sum((amount for _, amount in held(company, start, end, INCOME)), ZERO)
