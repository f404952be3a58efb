"""Every fault of the connector's table that can be provoked, in Intuit's envelope."""

import pytest

from tests.sandbox.kit import discount, expense, found, pays, ref, sale


def invoice(api, *lines, **more):
    """An invoice's body."""
    lines = list(lines) or [sale(api.service(), 10)]
    return {"CustomerRef": ref(api.customer()["Id"]), "Line": lines, **more}


def made(api, **more):
    """A new invoice."""
    return api.make("Invoice", **invoice(api, **more))


def head(doc, **more):
    """A sparse update's body."""
    return {"Id": doc["Id"], "SyncToken": doc["SyncToken"], "sparse": True, **more}


def missing_customer(api):
    """A payment by somebody else."""
    doc = made(api)
    body = {"CustomerRef": ref(api.customer()["Id"]), "TotalAmt": 1}
    return "payment", {**body, "Line": [pays(doc, "Invoice", 1)]}


def stale(api):
    """An update with an old token."""
    doc = made(api)
    api.change("Invoice", doc, PrivateNote="x")
    return "invoice", head(doc)


def gone(api):
    """An update of a deleted document."""
    doc = made(api)
    api.delete("Invoice", doc)
    return "invoice", head(doc)


def closed(api):
    """A document in closed books."""
    prefs = {"AccountingInfoPrefs": {"BookCloseDate": "2020-12-31"}}
    api.admin("preferences", realm=api.realm, preferences=prefs)
    return "invoice", invoice(api, TxnDate="2020-06-01")


def twice(api):
    """A number that is taken."""
    doc = made(api, DocNumber="TAKEN")
    return "invoice", invoice(api, DocNumber=doc["DocNumber"])


def deposited(api):
    """A change of a deposited receipt."""
    doc = api.make("SalesReceipt", Line=[sale(api.service(), 10)])
    link = {"TxnId": doc["Id"], "TxnType": "SalesReceipt", "TxnLineId": "0"}
    line = {"Amount": 10, "LinkedTxn": [link]}
    api.make("Deposit", DepositToAccountRef=ref(35), Line=[line])
    return "salesreceipt", head(api.read("SalesReceipt", doc["Id"]))


def lapsed(api):
    """A write without a subscription."""
    api.knobs(subscription="lapsed")
    return "customer", {"DisplayName": "Late"}


def journal(*amounts):
    """A journal entry of a debit and a credit."""
    lines = [
        {
            "Amount": amount,
            "DetailType": "JournalEntryLineDetail",
            "JournalEntryLineDetail": {"PostingType": kind, "AccountRef": ref(15)},
        }
        for kind, amount in zip(("Debit", "Credit"), amounts, strict=True)
    ]
    return "journalentry", {"Line": lines}


def inactive(api):
    """A document for an inactive customer."""
    customer = api.customer()
    api.change("Customer", customer, Active=False)
    body = {"CustomerRef": ref(customer["Id"]), "Line": [sale(api.service(), 1)]}
    return "invoice", body


def order_with_bill(api):
    """The deletion of a billed purchase order."""
    vendor = ref(api.vendor()["Id"])
    order = api.make("PurchaseOrder", VendorRef=vendor, Line=[expense(15, 5)])
    link = [{"TxnId": order["Id"], "TxnType": "PurchaseOrder"}]
    api.make("Bill", VendorRef=vendor, Line=[expense(15, 5)], LinkedTxn=link)
    order = api.read("PurchaseOrder", order["Id"])
    return "purchaseorder", head(order), {"operation": "delete"}


def deep(api):
    """A fifth level below a customer."""
    parent = api.customer()
    for _ in range(4):
        parent = api.customer(Job=True, ParentRef=ref(parent["Id"]))
    body = {"DisplayName": "Deep", "Job": True, "ParentRef": ref(parent["Id"])}
    return "customer", body


def same_name(api):
    """A vendor named like a customer."""
    return "vendor", {"DisplayName": api.customer()["DisplayName"]}


def early(api):
    """A sale before the item's first day."""
    return "invoice", invoice(api, sale(api.stored(), 1), TxnDate="2025-01-01")


def priced(api):
    """An amount that is not the product."""
    return "invoice", invoice(api, sale(api.service(), 10, Qty=3, UnitPrice=3.3))


def changed_body(api):
    """A request id used for something else."""
    api.knobs(requestid_new_body="refuse")
    api.post("customer", {"DisplayName": "First"}, requestid="same")
    return "customer", {"DisplayName": "Second"}, {"requestid": "same"}


def strange_field(api):
    """A custom field nobody defined."""
    api.knobs(undefined_custom_field="refuse")
    field = {"DefinitionId": "7", "StringValue": "x"}
    return "invoice", invoice(api, CustomField=[field])


def bill(api, *lines):
    """A bill's body."""
    return "bill", {"VendorRef": ref(api.vendor()["Id"]), "Line": list(lines)}


def note(kind):
    """A note on something."""
    link = {"EntityRef": {"type": kind, "value": "1"}}
    return "attachable", {"Note": "x", "AttachableRef": [link]}


CASES = {
    "500": lambda api: ("customertype", {"Name": "x"}),
    "600": changed_body,
    "610": gone,
    "610 inactive": inactive,
    "620": missing_customer,
    "1040": lambda api: ("batch", {"BatchItemRequest": [{"bId": "1"}] * 31}),
    "2010": lambda api: ("customer", {"DisplayName": "x", "Colour": "red"}),
    "2020": lambda api: ("invoice", {"CustomerRef": ref(api.customer()["Id"])}),
    "2040": lambda api: ("customer", {"DisplayName": "a:b"}),
    "2050": lambda api: ("invoice", invoice(api, DocNumber="x" * 22)),
    "2060": lambda api: ("invoice", invoice(api, TxnDate="20.11.2026")),
    "2080": lambda api: ("term", {"Name": "x", "DueDays": "soon"}),
    "2100": lambda api: ("item", {"Name": "x", "UnitPrice": "cheap"}),
    "2130": lambda api: ("customer", {"DisplayName": "x"}, {"requestid": "r" * 51}),
    "2170": lambda api: ("account", {"Name": "x", "AccountType": "Piggy"}),
    "2210": lambda api: ("customer", {"DisplayName": "x",
                                      "PrimaryEmailAddr": {"Address": "x"}}),
    "2230": lambda api: ("customer", {"DisplayName": "x", "Active": "maybe"}),
    "2290": lambda api: journal(-1, -1),
    "2300": lambda api: journal(1, 2),
    "2500": lambda api: ("invoice", {"CustomerRef": ref(98765), "Line": []}),
    "3000": strange_field,
    "5010": stale,
    "5030": lambda api: ("companycurrency", {"Code": "EUR"}),
    "6000": lambda api: ("invoice", invoice(api, sale(api.service(), -1))),
    "6010": lambda api: ("account", {"Name": "x"}),
    "6040": lambda api: ("attachable", {"Tag": "x"}),
    "6050": lambda api: note("Spaceship"),
    "6070": priced,
    "6080": lambda api: ("customer", {"Notes": "nobody"}),
    "6090": lambda api: ("invoice", invoice(api, sale(api.service(), 1), discount())),
    "6100": lambda api: ("invoice", invoice(api, sale(api.service(), 1, "2"))),
    "6140": twice,
    "6150": lambda api: ("customer", {"DisplayName": "x", "Job": True}),
    "6180": deep,
    "6190": lapsed,
    "6210": closed,
    "6240": same_name,
    "6270": early,
    "6430": lambda api: bill(api, expense(84, 1)),
    "6440": lambda api: bill(api, {
        "Amount": 1, "DetailType": "AccountBasedExpenseLineDetail"}),
    "6480": order_with_bill,
    "6540": deposited,
}  # fmt: skip


@pytest.mark.parametrize("code", CASES)
def test_fault(us, code):
    name, body, *params = CASES[code](us)
    answer = us.post(name, body, **(params[0] if params else {}))
    check(answer, code.split()[0])


def check(answer, code):
    """Status 400 and the documented envelope."""
    assert answer.status_code == 400, answer.text
    assert set(answer.json()) == {"Fault", "time"}
    fault = answer.json()["Fault"]
    assert fault["type"] == "ValidationFault"
    error = fault["Error"][0]
    assert error["code"] == code, answer.text
    assert error["Message"] and error["Detail"]
    assert answer.headers["intuit_tid"]


def test_invalid_id(us):
    check(us.get("invoice/abc"), "2030")


def test_missing_rate(euros):
    customer = euros.customer(CurrencyRef=ref("EUR"))
    body = {"CustomerRef": ref(customer["Id"]), "Line": [sale(euros.service(), 1)]}
    check(euros.post("invoice", body), "2410")


def test_tax_that_is_not_applicable(uk):
    body = invoice(uk, GlobalTaxCalculation="NotApplicable")
    detail = {"TxnTaxDetail": {"TotalTax": 1}}
    check(uk.post("invoice", {**body, **detail}), "6170")
    coded = [sale(uk.service(), 1, "1")]
    check(uk.post("invoice", {**body, "Line": coded}), "6160")


def test_not_in_the_subscription(url):
    small = found(url, kind="us", offering="essentials")
    check(small.post("class", {"Name": "x"}), "5030")


@pytest.mark.parametrize("code", ["100", "120", "130", "140", "150", "630", "800",
    "2090", "2110", "4002", "5020", "6030", "6200", "6220", "6230", "6250", "6280",
    "6450", "6470", "6560", "10000", "10100", "10200"])  # fmt: skip
def test_faults_without_a_cause_come_on_demand(us, code):
    status = 500 if code in ("10000", "10100", "10200") else 400
    us.admin("faults", kind="fault", code=code, status=status, detail="on demand")
    answer = us.get("companyinfo/1")
    assert answer.status_code == status
    assert answer.json()["Fault"]["Error"][0]["code"] == code


@pytest.mark.parametrize(
    ("kind", "status", "code"),
    [("token_expired", 401, "3200"), ("throttle", 429, "3001")],
)
def test_gateway_envelope(us, kind, status, code):
    us.admin("faults", kind=kind)
    answer = us.get("companyinfo/1")
    assert answer.status_code == status
    assert answer.json()["fault"]["error"][0]["code"] == code
    assert "Fault" not in answer.json()


def test_throttle_in_capitals_by_the_knob(us, app):
    app.knobs.set({"throttle_envelope": "capital"})
    us.admin("faults", kind="throttle")
    answer = us.get("companyinfo/1")
    assert answer.json()["Fault"]["Error"][0]["code"] == "3001"
