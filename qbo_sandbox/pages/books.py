"""Accounts and reports."""

from .. import reports
from ..http import Response
from ..values import from_cents
from .html import anchor, money, page, table, text
from .lists import PAGE_OF, missing


def accounts(company, request):
    """The chart of accounts with balances."""
    rows = [
        [
            anchor(company, "account", one["Name"], accountId=one["Id"]),
            text(one["AccountType"]),
            text(one["AccountSubType"]),
            money(company.render("Account", dict(one))["CurrentBalance"]),
        ]
        for one in company.accounts().values()
    ]
    heads = ("Name", "Type", "Detail type", "Balance")
    return Response.html(
        page("Accounts", table(heads, rows, (3,)), company, "accounts")
    )


def account(company, request):
    """One account's register."""
    one = company.accounts().get(request.query.get("accountId", ""))
    if one is None:
        return missing(company)
    rows, total = [], 0
    for txn, entity, day, cents, memo in company.store.rows(
        "SELECT txn, entity, date, cents, memo FROM postings WHERE realm=? AND"
        " account=? ORDER BY date, rowid",
        company.realm,
        one["Id"],
    ):
        total += cents
        rows.append(
            [
                text(day),
                source(company, entity, txn),
                text(memo),
                money(from_cents(cents)),
                money(from_cents(total)),
            ]
        )
    body = table(
        ("Date", "Transaction", "Memo", "Amount", "Balance"), rows[::-1], (3, 4)
    )
    return Response.html(page(one["Name"], body, company, "accounts"))


def source(company, entity, txn):
    """Link to the transaction of a posting."""
    name = PAGE_OF.get(entity)
    label = f"{entity} {txn}"
    return anchor(company, name, label, txnId=txn) if name else text(label)


def report_list(company, request):
    """The reports there are."""
    rows = [[anchor(company, "report", name, name=name)] for name in reports.REPORTS]
    return Response.html(page("Reports", table(("Report",), rows), company, "reports"))


def report(company, request):
    """One report as a table."""
    name = request.query.get("name", "TrialBalance")
    if name not in reports.REPORTS:
        return missing(company)
    found = reports.run(company, [name], request.query)
    heads = [one["ColTitle"] for one in found["Columns"]["Column"]]
    rows = list(lines(found["Rows"].get("Row", []), 0))
    head = found["Header"]
    lead = (
        f'<p class="grey">{text(head["StartPeriod"])} to {text(head["EndPeriod"])}</p>'
    )
    body = lead + table(heads, rows, tuple(range(1, len(heads))))
    return Response.html(page(name, body, company, "reports"))


def lines(rows, depth):
    """Report rows to table rows, groups indented."""
    for row in rows:
        for part in ("Header", None, "Rows", "Summary"):
            if part is None and "ColData" in row:
                yield cells(row["ColData"], depth)
            elif part == "Rows" and "Rows" in row:
                yield from lines(row["Rows"].get("Row", []), depth + 1)
            elif part in ("Header", "Summary") and part in row:
                yield [f"<b>{cell}</b>" for cell in cells(row[part]["ColData"], depth)]


def cells(data, depth):
    """Texts of a row; the first is indented."""
    values = [text(one.get("value")) for one in data]
    return ["&emsp;" * depth + values[0], *values[1:]]
