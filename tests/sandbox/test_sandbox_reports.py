"""Reports in the API's shape agree with the documents."""

import pytest

from tests.sandbox.kit import expense, found, pays, purchase, ref, sale


@pytest.fixture(scope="module")
def books(url):
    """A company with one of everything that posts."""
    api = found(url, kind="us")
    item = api.stored(quantity=10, cost=4)
    customer = ref(api.customer(DisplayName="Ann")["Id"])
    head = {"CustomerRef": customer, "TxnDate": "2026-10-01", "DueDate": "2026-10-05"}
    line = sale(item, 60, "TAX", Qty=6, UnitPrice=10)
    tax = {"TxnTaxDetail": {"TxnTaxCodeRef": ref(1)}}
    doc = api.make("Invoice", **head, Line=[line], **tax)
    api.make(
        "Payment", CustomerRef=customer, TotalAmt=20, Line=[pays(doc, "Invoice", 20)]
    )
    vendor = ref(api.vendor(DisplayName="Vic")["Id"])
    lines = [purchase(item, 25, Qty=5, UnitPrice=5), expense(15, 7)]
    api.make("Bill", VendorRef=vendor, Line=lines, TxnDate="2026-10-02")
    return api


def rows(books, name, **params):
    """{label: [values]} of every row and sum of a report."""
    answer = books.get(f"reports/{name}", **params)
    assert answer.status_code == 200, answer.text
    report = answer.json()
    assert report["Header"]["ReportName"] == name
    found = {}

    def walk(block):
        for row in block.get("Row", []):
            for part in (row, row.get("Header"), row.get("Summary")):
                cells = (part or {}).get("ColData")
                if cells:
                    values = [one["value"] for one in cells[1:]]
                    found[cells[0]["value"]] = values
            walk(row.get("Rows", {}))

    walk(report["Rows"])
    return found


def test_trial_balance(books):
    found = rows(books, "TrialBalance")
    assert found["Accounts Receivable (A/R)"] == ["44.80", ""]
    assert found["TOTAL"][0] == found["TOTAL"][1]


def test_profit_and_loss(books):
    found = rows(books, "ProfitAndLoss")
    assert found["Sales of Product Income"] == ["60.00"]
    assert found["Cost of Goods Sold"] == ["24.00"]
    assert found["Gross Profit"] == ["36.00"]
    assert found["Net Income"] == ["29.00"]
    earlier = rows(books, "ProfitAndLoss", start_date="2026-01-01",
                   end_date="2026-06-30")  # fmt: skip
    assert earlier["Net Income"] == ["0.00"]


def test_balance_sheet(books):
    found = rows(books, "BalanceSheet")
    assert found["Inventory Asset"] == ["41.00"]
    assert found["Net Income"] == ["29.00"]
    assert found["Total ASSETS"] == found["Total LIABILITIES AND EQUITY"]


def test_ages(books):
    found = rows(books, "AgedReceivables", report_date="2026-11-20")
    assert found["Ann"] == ["", "", "44.80", "", "", "44.80"]
    found = rows(books, "AgedPayables", report_date="2026-10-02")
    assert found["Vic"] == ["32.00", "", "", "", "", "32.00"]


def test_general_ledger(books):
    answer = books.get("reports/GeneralLedger").json()
    names = [row["Header"]["ColData"][0]["value"] for row in answer["Rows"]["Row"]]
    assert "Undeposited Funds" in names and "Sales Tax Payable" in names


def test_inventory_valuation(books):
    found = rows(books, "InventoryValuationSummary")
    values = next(value for name, value in found.items() if name.startswith("Item"))
    assert values[1:] == ["9", "41.00", "4.56"]


def test_faults(books):
    assert books.get("reports/Horoscope").status_code == 400
    wrong = books.get("reports/TrialBalance", end_date="tomorrow")
    assert wrong.json()["Fault"]["Error"][0]["code"] == "2060"
