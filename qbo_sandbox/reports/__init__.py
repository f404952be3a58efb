"""Reports from the ledger, in the API's report shape."""

from ..errors import Fault
from ..values import is_date
from .details import (
    aged_payables,
    aged_receivables,
    general_ledger,
    inventory_valuation,
)
from .shape import column, header
from .statements import balance_sheet, profit_and_loss, trial_balance


def run(company, rest, params):
    """``GET reports/<Name>``: header, columns, rows."""
    name = rest[0] if rest else ""
    maker = {one.lower(): one for one in REPORTS}.get(name.lower())
    if maker is None:
        raise Fault(500, f"Report {name} is not supported", "", status=400)
    start, end = period(company, params)
    columns, rows = REPORTS[maker](company, start, end)
    return {
        "Header": header(company, maker, start, end),
        "Columns": {"Column": [column(*one) for one in columns]},
        "Rows": {"Row": rows} if rows else {},
    }


def period(company, params):
    """(start, end) of the parameters; default this year until today."""
    today = company.today()
    macro = params.get("date_macro", "").lower()
    end = params.get("end_date") or params.get("report_date") or today
    start = params.get("start_date") or ("" if macro == "all" else f"{end[:4]}-01-01")
    for day in (start or end, end):
        if not is_date(day):
            raise Fault(2060, f"Invalid Date : {day}", "")
    return start, end


REPORTS = {
    "TrialBalance": trial_balance,
    "ProfitAndLoss": profit_and_loss,
    "BalanceSheet": balance_sheet,
    "AgedReceivables": aged_receivables,
    "AgedPayables": aged_payables,
    "GeneralLedger": general_ledger,
    "InventoryValuationSummary": inventory_valuation,
}
