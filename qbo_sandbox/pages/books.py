"""Accounts and reports."""

from ..http import Response
from .html import money, page, table, text
from .lists import latest


def accounts(company, request):
    """The chart of accounts with balances."""
    rows = [[text(one["Name"]), text(one["AccountType"]), text(one["AccountSubType"]),
             money(company.render("Account", one)["CurrentBalance"])]
            for one in reversed(latest(company, "Account"))]
    heads = ("Name", "Type", "Detail type", "Balance")
    return Response.html(page("Accounts", table(heads, rows, (3,)), company, "accounts"))


account = report_list = report = accounts
