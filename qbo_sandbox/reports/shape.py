"""The API's report shape: headers, columns, rows, sums."""

from ..values import money, stamp


def header(company, name, start, end):
    """The report's head."""
    return {
        "Time": stamp(company.now()),
        "ReportName": name,
        "ReportBasis": "Accrual",
        "DateMacro": "custom",
        "StartPeriod": start,
        "EndPeriod": end,
        "SummarizeColumnsBy": "Total",
        "Currency": company.home,
        "Option": [
            {"Name": "AccountingStandard", "Value": "GAAP"},
            {"Name": "NoReportData", "Value": "false"},
        ],
    }


def column(title, kind="Money"):
    """One column."""
    key = title.lower().replace(" ", "_") or "account"
    return {
        "ColTitle": title,
        "ColType": kind,
        "MetaData": [{"Name": "ColKey", "Value": key}],
    }


def data(label, oid, *values):
    """A row of values; amounts are text with two decimals."""
    first = {"value": label, "id": oid} if oid else {"value": label}
    return {
        "ColData": [first, *[{"value": shown(value)} for value in values]],
        "type": "Data",
    }


def shown(value):
    """An amount as text; zero is empty, text stays."""
    if isinstance(value, str):
        return value
    return f"{money(value):.2f}" if value else ""


def section(title, rows, total, group):
    """A group of rows with its sum."""
    return {
        "Header": {"ColData": [{"value": title}, {"value": ""}]},
        "Rows": {"Row": rows},
        "Summary": summary(f"Total {title}", total),
        "type": "Section",
        "group": group,
    }


def summary(label, *totals):
    """A sum."""
    return {
        "ColData": [
            {"value": label},
            *[{"value": f"{money(one):.2f}"} for one in totals],
        ]
    }


def outcome(label, total, group):
    """A line of the statement that is only a sum (Gross Profit, Net Income ...)."""
    return {"Summary": summary(label, total), "type": "Section", "group": group}
