"""Name lists: names, types, trees, inactive ones, lengths and characters."""

import pytest

from tests.sandbox.kit import found, ref, sale, unique


def test_names_are_unique_over_three_lists(us):
    name = f"Twice {unique()}"
    first = us.customer(DisplayName=name)
    for entity in ("customer", "vendor"):
        error = us.refused(entity, {"DisplayName": name.upper()}, 6240)
        assert f"Id={first['Id']}" in error["Detail"]
    us.refused("employee", {"DisplayName": name}, 6240)
    us.make("Item", Name=name, Type="Service", IncomeAccountRef=ref(1))


def test_inactive_names(us):
    item = us.service(Name="Old thing")
    gone = us.change("Item", item, Active=False)
    assert gone["Name"] == "Old thing (deleted)"
    us.service(Name="Old thing")
    customer = us.customer(DisplayName="Kept Ltd")
    us.change("Customer", customer, Active=False)
    us.refused("customer", {"DisplayName": "Kept Ltd"}, 6240)
    us.knobs(inactive_suffix="all")
    customer = us.customer(DisplayName="Gone Ltd")
    gone = us.change("Customer", customer, Active=False)
    assert gone["DisplayName"] == "Gone Ltd (deleted)"
    assert us.change("Customer", gone, Active=True)["DisplayName"] == "Gone Ltd"


def test_display_name_from_its_parts(us):
    done = us.make("Customer", GivenName="Ann", FamilyName="Lee")
    assert done["DisplayName"] == "Ann Lee" == done["PrintOnCheckName"]
    us.refused("customer", {"CompanyName": "only"}, 6080)


def test_sub_customers(us):
    parent = us.customer(DisplayName="Top")
    below = {"Job": True, "ParentRef": ref(parent["Id"])}
    child = us.customer(DisplayName="Child", **below)
    assert child["FullyQualifiedName"] == "Top:Child"
    assert child["Job"] is True and child["Level"] == 1
    us.refused("customer", {"DisplayName": "Half", "Job": True}, 6150)
    us.refused("customer", {"DisplayName": "Half", **below, "Job": False}, 6150)
    us.refused("customer", {"DisplayName": "child", **below}, 6240)
    above = child
    for depth in range(3):
        below = {"Job": True, "ParentRef": ref(above["Id"])}
        above = us.customer(DisplayName=f"Deep {depth}", **below)
    below = {"Job": True, "ParentRef": ref(above["Id"])}
    us.refused("customer", {"DisplayName": "Too deep", **below}, 6180)


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("DisplayName", "a:b", 2040),
        ("DisplayName", "a\tb", 2040),
        ("DisplayName", "x" * 501, 2050),
        ("Suffix", "x" * 17, 2050),
        ("Notes", "bell \x07", 2040),
        ("DisplayName", "snow ☃", 2040),
        ("PrimaryEmailAddr", {"Address": "nobody"}, 2210),
        ("PrimaryPhone", {"FreeFormNumber": "1" * 31}, 2050),
        ("Taxable", "perhaps", 2230),
        ("PreferredDeliveryMethod", "Pigeon", 2170),
        ("SalesTermRef", {"value": "999"}, 2500),
        ("BillAddr", {"Street": "x"}, 2010),
        ("BillAddr", "x", 2010),
        ("Balance", "much", 2100),
    ],
)
def test_what_a_customer_refuses(us, field, value, code):
    us.refused("customer", {"DisplayName": f"Bad {unique()}", field: value}, code)


def test_length_text(us):
    error = us.refused("invoice", {"DocNumber": "x" * 22}, 2050)
    assert error["Detail"].endswith("Min:0 Max:21 supplied length:22")
    assert error["element"] == "DocNumber"


def test_characters_by_knob_and_country(us, uk):
    us.knobs(us_charset="question")
    assert us.customer(DisplayName="snow ☃")["DisplayName"] == "snow ?"
    assert uk.customer(DisplayName="snow ☃")["DisplayName"] == "snow ☃"


def test_inactive_reference(us):
    item = us.service()
    us.change("Item", item, Active=False)
    body = {"CustomerRef": ref(us.customer()["Id"]), "Line": [sale(item, 5)]}
    error = us.refused("invoice", body, 610)
    assert "made inactive" in error["Detail"]


def test_inactive_reference_stays_on_old_documents(us):
    item, customer = us.service(), ref(us.customer()["Id"])
    doc = us.make("Invoice", CustomerRef=customer, Line=[sale(item, 5)])
    us.change("Item", item, Active=False)
    assert us.change("Invoice", doc, PrivateNote="x", Line=doc["Line"])


def test_inventory_item(us):
    item = us.stored(quantity=5, cost=2)
    assert us.change("Item", item, UnitPrice=9)["SyncToken"] == "1"
    item = us.read("Item", item["Id"])
    moved = us.change("Item", item, QtyOnHand=8, InvStartDate="2026-11-01")
    assert moved["SyncToken"] == "3" and moved["QtyOnHand"] == 8
    assert moved["InvStartDate"] == "2026-01-01"
    gone = us.change("Item", moved, Active=False)
    assert gone["QtyOnHand"] == 0 and gone["Name"].endswith(" (deleted)")


def test_what_an_item_refuses(us):
    head = {"Name": f"Bad {unique()}", "Type": "Inventory"}
    accounts = {
        "IncomeAccountRef": ref(79),
        "ExpenseAccountRef": ref(80),
        "AssetAccountRef": ref(81),
    }
    stock = {"TrackQtyOnHand": True, "QtyOnHand": 1, "InvStartDate": "2026-01-01"}
    for missing in (*accounts, *stock):
        whole = {**head, **accounts, **stock}
        del whole[missing]
        assert us.refused("item", whole, 2020)["element"] == missing
    wrong = {**head, **accounts, **stock, "AssetAccountRef": ref(79)}
    us.refused("item", wrong, 6430)
    us.refused("item", {"Name": head["Name"], "Type": "Service"}, 2020)
    us.refused("item", {"Name": head["Name"], "Type": "Group"}, 500)
    us.refused("item", {"Type": "Category"}, 2020)
    us.refused("item", {**head, "Type": "Category", "UnitPrice": 5}, 6000)
    item = us.stored()
    body = {"Id": item["Id"], "SyncToken": "0", "sparse": True}
    us.refused("item", {**body, "Type": "Service"}, 6000)
    us.refused("item", {**body, "TrackQtyOnHand": False}, 6000)


def test_outside_the_us_items_are_sold_and_bought(us, uk):
    body = {"Name": "Sold only", "Type": "Service", "IncomeAccountRef": ref(1)}
    assert us.make("Item", **body)["Id"]
    error = uk.refused("item", body, 2020)
    assert error["element"] == "ExpenseAccountRef"


def test_categories(us):
    category = us.make("Item", Name="Tools", Type="Category")
    item = us.service(Name="Hammering", ParentRef=ref(category["Id"]))
    assert item["FullyQualifiedName"] == "Tools:Hammering" and item["SubItem"]
    body = {"Name": "x", "Type": "Service", "IncomeAccountRef": ref(1)}
    us.refused("item", {**body, "ParentRef": ref(item["Id"])}, 6000)
    head = {"Id": category["Id"], "SyncToken": "0", "sparse": True}
    us.refused("item", {**head, "Active": False}, 6000)


def test_accounts(us):
    made = us.make("Account", Name="Web sales", AccountSubType="SalesOfProductIncome")
    assert made["AccountType"] == "Income" and made["Classification"] == "Revenue"
    us.refused("account", {"Name": "x"}, 6010)
    us.refused("account", {"Name": 'a"b', "AccountType": "Bank"}, 2040)
    mixed = {"Name": "x", "AccountType": "Bank", "AccountSubType": "Inventory"}
    us.refused("account", mixed, 6010)
    us.refused("account", {"Name": "x", "AccountType": "Money"}, 2170)
    us.knobs(account_number_length=7)
    long = {"Name": "x", "AccountType": "Bank", "AcctNum": "12345678"}
    us.refused("account", long, 2050)


def test_small_lists(us):
    assert us.make("Term", Name="Net 7", DueDays=7)["Type"] == "STANDARD"
    us.refused("term", {"Name": "Net 8"}, 2020)
    us.refused("term", {"Name": "x" * 32, "DueDays": 1}, 2050)
    us.make("PaymentMethod", Name="Wire", Type="NON_CREDIT_CARD")
    parent = us.make("Class", Name="North")
    child = us.make("Class", Name="Shop", ParentRef=ref(parent["Id"]))
    assert child["FullyQualifiedName"] == "North:Shop" and child["SubClass"]
    us.make("Department", Name="Reno")
    us.refused("customertype", {"Name": "x"}, 500)
    us.refused("taxcode", {"Name": "x"}, 500)
    us.refused("companycurrency", {"Code": "EUR"}, 5030)


def test_lists_not_in_the_subscription(url):
    small = found(url, kind="us", offering="essentials")
    small.refused("class", {"Name": "x"}, 5030)
    small.refused("department", {"Name": "x"}, 5030)
    stock = {"TrackQtyOnHand": True, "QtyOnHand": 1, "InvStartDate": "2026-01-01"}
    small.refused("item", {"Name": "x", "Type": "Inventory", **stock}, 5030)


def test_lists_are_never_deleted(us):
    us.refused("customer", {"Id": "1", "SyncToken": "0"}, 500, operation="delete")


def test_tax_service(us):
    agency = us.make("TaxAgency", DisplayName="Board of Taxes")
    rate = {
        "TaxRateName": "County",
        "RateValue": "6.5",
        "TaxAgencyId": agency["Id"],
        "TaxApplicableOn": "Sales",
    }
    body = {"TaxCode": "County 6.5", "TaxRateDetails": [rate]}
    done = us.post("taxservice/taxcode", body).json()
    assert us.read("TaxCode", done["TaxCodeId"])["TaxGroup"] is True
    us.refused("taxservice/taxcode", body, 6240)
    other = {**body, "TaxCode": "Other"}
    again = {"TaxRateId": done["TaxRateDetails"][0]["TaxRateId"]}
    assert us.post("taxservice/taxcode", {**other, "TaxRateDetails": [again]}).ok
    wrong = {**rate, "TaxRateName": "x", "RateValue": 101}
    us.refused("taxservice/taxcode", {**other, "TaxRateDetails": [wrong]}, 6240)
    third = {"TaxCode": "Third", "TaxRateDetails": [wrong]}
    us.refused("taxservice/taxcode", third, 2150)


def test_company_info_and_preferences(us):
    info = us.read("CompanyInfo", us.realm)
    assert info["Country"] == "US"
    prefs = us.get("preferences").json()["Preferences"]
    new = us.change("Preferences", prefs, SalesFormsPrefs={"AllowDeposit": False})
    assert new["SalesFormsPrefs"]["AllowDeposit"] is False
    assert new["SalesFormsPrefs"]["AllowShipping"] is True


def test_opening_balance(us):
    customer = us.customer(Balance=25, OpenBalanceDate="2026-01-01")
    assert us.read("Customer", customer["Id"])["Balance"] == 25
    changed = us.change("Customer", customer, Balance=99)
    assert changed["Balance"] == 25
