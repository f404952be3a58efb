"""Several currencies: partners, documents, rates, accounts, exchange gain."""

import pytest

from tests.sandbox.kit import expense, found, pays, ref, sale


def in_euros(api, **body):
    """A customer in euros."""
    return api.customer(CurrencyRef=ref("EUR"), **body)


def invoice(api, customer, amount, **body):
    """A body of an invoice in euros."""
    return {
        "CustomerRef": ref(customer["Id"]),
        "CurrencyRef": ref("EUR"),
        "ExchangeRate": 1.1,
        "Line": [sale(api.service(), amount)],
        **body,
    }


def test_single_currency_companies_refuse_foreign_ones(us):
    us.refused("customer", {"DisplayName": "x", "CurrencyRef": ref("EUR")}, 6000)
    body = invoice(us, us.customer(), 10)
    us.refused("invoice", body, 6000)
    body["CurrencyRef"] = ref("USD")
    assert "ExchangeRate" not in us.make("Invoice", **body)


def test_foreign_document(euros):
    customer = in_euros(euros)
    doc = euros.make("Invoice", **invoice(euros, customer, 100))
    assert doc["TotalAmt"] == doc["Balance"] == 100
    assert doc["HomeTotalAmt"] == doc["HomeBalance"] == 110
    assert euros.read("Customer", customer["Id"])["Balance"] == 100
    balances = euros.ledger()["balances"]
    assert balances["Accounts Receivable (A/R) - EUR"] == 110
    account = euros.query("select * from Account where Name like '%EUR'")["Account"][0]
    assert account["CurrencyRef"]["value"] == "EUR"


def test_what_is_missing(euros):
    customer = in_euros(euros)
    body = invoice(euros, customer, 10)
    no_rate = {k: v for k, v in body.items() if k != "ExchangeRate"}
    error = euros.refused("invoice", no_rate, 2410)
    assert error["Message"] == "Curreny, ExchangeRate is missing."
    neither = {k: v for k, v in no_rate.items() if k != "CurrencyRef"}
    euros.refused("invoice", neither, 2410)
    wrong = {**body, "CurrencyRef": ref("GBP")}
    error = euros.refused("invoice", wrong, 6000)
    assert "one foreign currency" in error["Detail"]
    home = invoice(euros, euros.customer(), 10)
    euros.refused("invoice", home, 6000)


def test_currency_is_fixed_at_creation(euros):
    customer = in_euros(euros)
    changed = euros.change("Customer", customer, CurrencyRef=ref("USD"))
    assert changed["CurrencyRef"]["value"] == "EUR"


@pytest.mark.parametrize(
    ("choice", "currency"), [("home", "USD"), ("add", "SEK"), ("refuse", None)]
)
def test_unknown_currency_by_the_knob(url, choice, currency):
    api = found(url, kind="us", multicurrency=True)
    api.knobs(unknown_currency=choice)
    body = {"DisplayName": "Northern", "CurrencyRef": ref("SEK")}
    if currency is None:
        api.refused("vendor", body, 6000)
    else:
        assert api.make("Vendor", **body)["CurrencyRef"]["value"] == currency


def test_payment_at_another_rate_books_the_difference(euros):
    customer = in_euros(euros)
    doc = euros.make("Invoice", **invoice(euros, customer, 100))
    before = euros.ledger()["balances"]
    euros.make(
        "Payment",
        CustomerRef=ref(customer["Id"]),
        CurrencyRef=ref("EUR"),
        ExchangeRate=1.25,
        TotalAmt=100,
        Line=[pays(doc, "Invoice", 100)],
    )
    after = euros.ledger()["balances"]
    moved = {name: round(after[name] - before.get(name, 0), 2) for name in after}
    assert moved["Undeposited Funds"] == 125
    assert moved["Accounts Receivable (A/R) - EUR"] == -110
    assert moved["Exchange Gain or Loss"] == -15
    assert euros.ledger()["unbalanced"] == []
    assert euros.read("Customer", customer["Id"])["Balance"] == 0


def test_bill_in_euros(euros):
    vendor = euros.vendor(CurrencyRef=ref("EUR"))
    bill = euros.make(
        "Bill",
        VendorRef=ref(vendor["Id"]),
        CurrencyRef=ref("EUR"),
        ExchangeRate="1.10",
        Line=[expense(15, 33.33)],
    )
    assert bill["HomeTotalAmt"] == 36.66
    assert bill["APAccountRef"]["name"] == "Accounts Payable (A/P) - EUR"
    assert euros.read("Vendor", vendor["Id"])["Balance"] == 33.33


def rate(api, **params):
    """QuickBooks' own rate."""
    return api.get("exchangerate", **params).json()


def test_exchange_rates(euros):
    found = rate(euros, sourcecurrencycode="EUR", asofdate="2026-07-30")
    one = found["ExchangeRate"]
    assert one["Rate"] == 1.09 and one["TargetCurrencyCode"] == "USD"
    assert "Id" not in one and one["AsOfDate"] == "2026-07-30"
    body = {"SourceCurrencyCode": "EUR", "Rate": 1.2, "AsOfDate": "2026-08-01"}
    assert euros.post("exchangerate", body).json()["ExchangeRate"]["Rate"] == 1.2
    later = rate(euros, sourcecurrencycode="EUR", asofdate="2026-08-05")
    assert later["ExchangeRate"]["Rate"] == 1.2
    where = "sourcecurrencycode in ('EUR') and asofdate='2026-07-30'"
    rows = euros.query(f"select * from exchangerate where {where}")["ExchangeRate"]
    assert [row["Rate"] for row in rows] == [1.09]
    euros.refused("exchangerate", {**body, "SourceCurrencyCode": "USD"}, 6000)


def test_company_currencies(euros):
    names = [
        one["Code"]
        for one in euros.query("select * from CompanyCurrency")["CompanyCurrency"]
    ]
    assert names == ["CAD", "EUR", "GBP"]
    euros.refused("companycurrency", {"Code": "EUR"}, 6000)
    euros.refused("companycurrency", {"Code": "XXX"}, 2220)
    new = euros.make("CompanyCurrency", Code="CHF")
    assert euros.change("CompanyCurrency", new, Active=False)["Active"] is False
