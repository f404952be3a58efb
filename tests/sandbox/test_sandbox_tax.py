"""Tax: recorded totals of the US, Canada and the UK, and the rules around them."""

from decimal import Decimal

import pytest

from tests.sandbox.kit import discount, found, ref, sale


def code(api, name):
    """Id of a tax code by name."""
    return api.query(f"select * from TaxCode where Name = '{name}'")["TaxCode"][0]["Id"]


def invoice(api, lines, customer=None, **body):
    """A new invoice."""
    customer = customer or api.customer()
    return api.make("Invoice", CustomerRef=ref(customer["Id"]), Line=lines, **body)


def recorded(api, code_id, **body):
    """Lines 5 x 10 and 1 x 70 with a discount of 10, all taxable."""
    item = api.service()
    lines = [
        sale(item, 50, "TAX", Qty=5, UnitPrice=10),
        sale(item, 70, "TAX", Qty=1, UnitPrice=70),
        discount(10),
    ]
    detail = {"TxnTaxCodeRef": ref(code_id)}
    return invoice(api, lines, TxnTaxDetail=detail, **body)


def test_us_tax_before_discount(us):
    doc = recorded(us, code(us, "California"))
    assert doc["TxnTaxDetail"]["TotalTax"] == 9.6
    assert doc["TotalAmt"] == 119.6


def test_us_tax_after_discount(us):
    doc = recorded(us, code(us, "California"), ApplyTaxAfterDiscount=True)
    assert doc["TxnTaxDetail"]["TotalTax"] == 8.8
    assert doc["TxnTaxDetail"]["TaxLine"][0]["TaxLineDetail"]["NetAmountTaxable"] == 110


def test_us_group_rounds_per_rate(us):
    lines = [sale(us.service(), 10.55, "TAX")]
    doc = invoice(us, lines, TxnTaxDetail={"TxnTaxCodeRef": ref(code(us, "Tucson"))})
    amounts = [line["Amount"] for line in doc["TxnTaxDetail"]["TaxLine"]]
    assert amounts == [0.75, 0.21]
    assert doc["TotalAmt"] == 11.51


def test_us_total_tax_is_honoured_and_spread(us):
    lines = [sale(us.service(), 100, "TAX")]
    detail = {"TxnTaxCodeRef": ref(code(us, "Tucson")), "TotalTax": 9.0}
    doc = invoice(us, lines, TxnTaxDetail=detail)
    tax = doc["TxnTaxDetail"]
    assert tax["TotalTax"] == 9
    assert sum(Decimal(str(line["Amount"])) for line in tax["TaxLine"]) == 9
    assert doc["TotalAmt"] == 109


def test_us_tax_without_code_by_the_knob(us):
    lines = [sale(us.service(), 100, "TAX")]
    assert invoice(us, lines, TxnTaxDetail={"TotalTax": 5})["TotalAmt"] == 105
    us.knobs(tax_without_code="ignore")
    assert invoice(us, lines, TxnTaxDetail={"TotalTax": 5})["TotalAmt"] == 100


def test_us_lines_default_to_non(us):
    doc = invoice(us, [sale(us.service(), 10)])
    assert doc["Line"][0]["SalesItemLineDetail"]["TaxCodeRef"]["value"] == "NON"
    assert doc["TotalAmt"] == 10


def test_us_tax_stays_when_something_else_changes(us):
    lines = [sale(us.service(), 100, "TAX")]
    detail = {"TxnTaxCodeRef": ref(code(us, "California")), "TotalTax": 7.77}
    doc = invoice(us, lines, TxnTaxDetail=detail)
    assert us.change("Invoice", doc, PrivateNote="x")["TotalAmt"] == 107.77
    doc = us.read("Invoice", doc["Id"])
    assert us.change("Invoice", doc, Line=lines)["TotalAmt"] == 108


@pytest.fixture(scope="module")
def ast(url):
    """A US company with automated sales tax."""
    return found(url, kind="us", ast=True)


def test_ast_rate_of_the_destination(ast):
    address = {"Line1": "1 A St", "City": "Albany", "CountrySubDivisionCode": "NY"}
    customer = ast.customer(ShipAddr=address)
    lines = [sale(ast.service(), 100, "TAX")]
    assert invoice(ast, lines, customer)["TotalAmt"] == 108.88
    doc = invoice(ast, lines, customer, ShipAddr={"CountrySubDivisionCode": "TX"})
    assert doc["TotalAmt"] == 108.25


def test_ast_exempt_customer_and_no_nexus(ast):
    lines = [sale(ast.service(), 100, "TAX")]
    assert invoice(ast, lines, ast.customer(Taxable=False))["TotalAmt"] == 100
    doc = invoice(ast, lines, ShipAddr={"CountrySubDivisionCode": "OR"})
    assert doc["TotalAmt"] == 100


def test_ast_total_tax_by_the_knob(ast):
    lines = [sale(ast.service(), 100, "TAX")]
    assert invoice(ast, lines, TxnTaxDetail={"TotalTax": 3})["TotalAmt"] == 103
    ast.knobs(total_tax="update")
    doc = invoice(ast, lines, TxnTaxDetail={"TotalTax": 3})
    assert doc["TotalAmt"] == 108
    assert ast.change("Invoice", doc, TxnTaxDetail={"TotalTax": 3})["TotalAmt"] == 103
    ast.knobs(total_tax="ignore")
    assert invoice(ast, lines, TxnTaxDetail={"TotalTax": 3})["TotalAmt"] == 108


def test_ast_replaces_the_code_or_respects_it(ast):
    lines = [sale(ast.service(), 100, "TAX")]
    sent = {"TxnTaxCodeRef": ref(code(ast, "Tax 15%"))}
    assert invoice(ast, lines, TxnTaxDetail=sent)["TotalAmt"] == 108
    ast.knobs(ast_code="respect")
    assert invoice(ast, lines, TxnTaxDetail=sent)["TotalAmt"] == 115


def test_canada_recorded_total(canada):
    item = canada.service()
    hst, exempt = code(canada, "HST ON"), code(canada, "Exempt")
    lines = [
        sale(item, 50, hst, Qty=5, UnitPrice=10),
        sale(item, 70, exempt, Qty=1, UnitPrice=70),
        discount(10),
    ]
    doc = invoice(canada, lines, GlobalTaxCalculation="TaxExcluded")
    assert doc["TxnTaxDetail"]["TotalTax"] == 5.96
    assert doc["TotalAmt"] == 115.96


def test_canada_two_rates(canada):
    doc = invoice(canada, [sale(canada.service(), 100, code(canada, "GST/PST BC"))])
    assert [line["Amount"] for line in doc["TxnTaxDetail"]["TaxLine"]] == [5, 7]


def test_canada_tax_lines_come_in_order_of_the_rates(canada):
    item, codes = canada.service(), [code(canada, one) for one in ("HST ON", "GST")]
    orders = [
        invoice(canada, [sale(item, 10, one) for one in turned])["TxnTaxDetail"]
        for turned in (codes, codes[::-1])
    ]
    assert orders[0]["TaxLine"] == orders[1]["TaxLine"]


def test_canada_tax_rounded_on_each_line_by_the_knob(canada):
    lines = [sale(canada.service(), 0.35, code(canada, "HST ON"))] * 4
    assert invoice(canada, lines)["TxnTaxDetail"]["TotalTax"] == 0.18
    canada.knobs(tax_rounding="line")
    assert invoice(canada, lines)["TxnTaxDetail"]["TotalTax"] == 0.2
    canada.knobs(tax_rounding=None)


def test_tax_after_discount_is_a_field_of_the_us(canada, us):
    lines = [sale(canada.service(), 10, code(canada, "Exempt"))]
    doc = invoice(canada, lines, ApplyTaxAfterDiscount=True)
    assert "ApplyTaxAfterDiscount" not in doc
    doc = invoice(us, [sale(us.service(), 10)], ApplyTaxAfterDiscount=True)
    assert doc["ApplyTaxAfterDiscount"] is True


def test_uk_tax_inclusive(uk):
    standard = code(uk, "20.0% S")
    lines = [sale(uk.service(), 120, standard, Qty=1, UnitPrice=120)]
    doc = invoice(uk, lines, GlobalTaxCalculation="TaxInclusive")
    assert doc["TotalAmt"] == 120
    assert doc["TxnTaxDetail"]["TotalTax"] == 20
    line = doc["Line"][0]
    assert line["Amount"] == 100
    assert line["SalesItemLineDetail"]["TaxInclusiveAmt"] == 120
    again = uk.change("Invoice", doc, PrivateNote="again")
    assert again["TotalAmt"] == 120


def test_uk_tax_inclusive_discount_balances(uk):
    lines = [sale(uk.service(), 99.99, code(uk, "20.0% S")), discount(percent=10)]
    doc = invoice(uk, lines, GlobalTaxCalculation="TaxInclusive")
    assert doc["TotalAmt"] == 89.99
    assert uk.ledger()["unbalanced"] == []


def test_uk_not_applicable(uk):
    item, customer = uk.service(), ref(uk.customer()["Id"])
    lines = [sale(item, 10)]
    body = {"CustomerRef": customer, "GlobalTaxCalculation": "NotApplicable"}
    assert uk.make("Invoice", Line=lines, **body)["TotalAmt"] == 10
    detail = {"TotalTax": 1}
    uk.refused("invoice", {**body, "Line": lines, "TxnTaxDetail": detail}, 6170)
    coded = [sale(item, 10, code(uk, "Exempt"))]
    uk.refused("invoice", {**body, "Line": coded}, 6160)


def test_world_needs_a_code_on_every_line(uk):
    body = {"CustomerRef": ref(uk.customer()["Id"]), "Line": [sale(uk.service(), 10)]}
    assert "GST/HST/VAT" in uk.refused("invoice", body, 6000)["Detail"]
    uk.knobs(missing_line_tax="accept")
    assert uk.make("Invoice", **body)["TotalAmt"] == 10


def test_world_tax_lines_sent_are_taken(uk):
    lines = [sale(uk.service(), 100, code(uk, "20.0% S"))]
    doc = invoice(uk, lines)
    rate = doc["TxnTaxDetail"]["TaxLine"][0]
    own = {**rate, "Amount": 20.01}
    doc = invoice(uk, lines, TxnTaxDetail={"TotalTax": 20.01, "TaxLine": [own]})
    assert doc["TotalAmt"] == 120.01


def test_purchase_side_has_its_own_rates(uk):
    line = {
        "Amount": 50,
        "DetailType": "AccountBasedExpenseLineDetail",
        "AccountBasedExpenseLineDetail": {
            "AccountRef": ref(15),
            "TaxCodeRef": ref(code(uk, "20.0% S")),
        },
    }
    bill = uk.make("Bill", VendorRef=ref(uk.vendor()["Id"]), Line=[line])
    assert bill["TotalAmt"] == 60
    name = bill["TxnTaxDetail"]["TaxLine"][0]["TaxLineDetail"]["TaxRateRef"]["value"]
    assert uk.read("TaxRate", name)["Name"] == "20.0% S (pur)"


def test_us_refuses_inclusive_and_foreign_codes(us):
    body = {"CustomerRef": ref(us.customer()["Id"])}
    lines = [sale(us.service(), 10, "TAX")]
    us.refused(
        "invoice", {**body, "Line": lines, "GlobalTaxCalculation": "TaxInclusive"}, 6000
    )
    us.refused("invoice", {**body, "Line": [sale(us.service(), 10, "1")]}, 6100)
