"""Payments, credits, deposits: balances, links, limits of what can be applied."""

import pytest

from tests.sandbox.kit import expense, found, pays, ref, sale


@pytest.fixture
def sold(us):
    """An invoice over 100."""
    customer = us.customer()
    return us.make(
        "Invoice", CustomerRef=ref(customer["Id"]), Line=[sale(us.service(), 100)]
    )


@pytest.fixture
def bill(us):
    """A bill over 200."""
    vendor = ref(us.vendor()["Id"])
    return us.make("Bill", VendorRef=vendor, Line=[expense(15, 200)])


def pay(us, doc, amount, total=None, kind="Invoice", **more):
    """A payment's body."""
    return {
        "CustomerRef": doc["CustomerRef"],
        "TotalAmt": amount if total is None else total,
        "Line": [pays(doc, kind, amount)],
        **more,
    }


def test_payment_moves_the_balance_and_the_token(us, sold):
    payment = us.make("Payment", **pay(us, sold, 60))
    after = us.read("Invoice", sold["Id"])
    assert after["Balance"] == 40
    assert after["LinkedTxn"] == [{"TxnId": payment["Id"], "TxnType": "Payment"}]
    assert int(after["SyncToken"]) == int(sold["SyncToken"]) + 1
    customer = us.read("Customer", sold["CustomerRef"]["value"])
    assert customer["Balance"] == 40


def test_payment_lines_are_all_or_none(us, sold):
    payment = us.make("Payment", **pay(us, sold, 60))
    kept = us.change("Payment", payment, PrivateNote="x")
    assert kept["UnappliedAmt"] == 0
    free = us.change("Payment", kept, Line=[])
    assert free["UnappliedAmt"] == 60
    assert us.read("Invoice", sold["Id"])["Balance"] == 100
    assert "LinkedTxn" not in us.read("Invoice", sold["Id"])


def test_credit_memo_is_applied_by_a_payment_of_zero(us, sold):
    credit = us.make(
        "CreditMemo", CustomerRef=sold["CustomerRef"], Line=[sale(us.service(), 20)]
    )
    lines = [pays(sold, "Invoice", 20), pays(credit, "CreditMemo", 20)]
    us.make("Payment", CustomerRef=sold["CustomerRef"], TotalAmt=0, Line=lines)
    assert us.read("Invoice", sold["Id"])["Balance"] == 80
    assert us.read("CreditMemo", credit["Id"])["RemainingCredit"] == 0


def refund(customer, amount, **more):
    """An expense's body: money given back on accounts receivable."""
    line = expense(84, amount)
    payee = {"value": customer, "type": "Customer"}
    head = {"PaymentType": "Cash", "AccountRef": ref(35), "EntityRef": payee}
    return {**head, "Line": [line], **more}


def test_credit_is_paid_out_by_an_expense_on_receivables(us):
    customer = us.customer()["Id"]
    credit = us.make(
        "CreditMemo", CustomerRef=ref(customer), Line=[sale(us.service(), 50)]
    )
    before = us.ledger()["balances"].get("Checking", 0)
    paid = us.make("Purchase", **refund(customer, 30))
    assert paid["TotalAmt"] == 30
    assert before - us.ledger()["balances"].get("Checking", 0) == 30
    assert us.read("Customer", customer)["Balance"] == -20
    body = {"CustomerRef": ref(customer), "TotalAmt": 0}
    lines = [pays(paid, "Expense", 30), pays(credit, "CreditMemo", 30)]
    applied = us.make("Payment", **body, Line=lines)
    assert us.read("CreditMemo", credit["Id"])["RemainingCredit"] == 20
    link = {"TxnId": applied["Id"], "TxnType": "Payment"}
    assert us.read("Purchase", paid["Id"])["LinkedTxn"] == [link]
    assert not us.ledger()["unbalanced"]
    again = [pays(paid, "Expense", 1), pays(credit, "CreditMemo", 1)]
    us.refused("payment", {**body, "Line": again}, 6000)
    wrong = [pays(paid, "Check", 1), pays(credit, "CreditMemo", 1)]
    us.refused("payment", {**body, "Line": wrong}, 620)
    us.delete("Purchase", us.read("Purchase", paid["Id"]))
    assert us.read("CreditMemo", credit["Id"])["RemainingCredit"] == 50
    assert us.read("Customer", customer)["Balance"] == -50


def test_what_an_expense_refuses(us):
    customer = us.customer()["Id"]
    us.refused("purchase", {**refund(customer, 5), "EntityRef": None}, 6000)
    us.refused("purchase", refund(customer, 5, AccountRef=ref(79)), 6430)
    us.refused("purchase", refund(customer, 5, Line=[]), 2020)
    us.refused("purchase", refund(customer, 5, AccountRef=None), 2020)


def test_credits_apply_themselves_where_the_company_wants_it(url):
    us = found(url, kind="us")
    preferences = {"SalesFormsPrefs": {"AutoApplyCredit": True}}
    us.admin("preferences", realm=us.realm, preferences=preferences)
    body = {"CustomerRef": ref(us.customer()["Id"])}
    first = us.make("Invoice", **body, Line=[sale(us.service(), 100)])
    credit = us.make("CreditMemo", **body, Line=[sale(us.service(), 130)])
    assert credit["RemainingCredit"] == 30
    assert us.read("Invoice", first["Id"])["Balance"] == 0
    later = us.make("Invoice", **body, Line=[sale(us.service(), 50)])
    assert later["Balance"] == 20
    payments = us.query("select * from Payment")["Payment"]
    assert [one["TotalAmt"] for one in payments] == [0, 0]


def test_what_a_payment_refuses(us, sold):
    other = us.customer()
    us.refused("payment", pay(us, sold, 101), 6000)
    us.refused("payment", pay(us, sold, 50, total=40), 6000)
    wrong = {**pay(us, sold, 50), "CustomerRef": ref(other["Id"])}
    us.refused("payment", wrong, 620)
    us.refused("payment", pay(us, {**sold, "Id": "999999"}, 50), 620)
    us.refused("payment", {"CustomerRef": sold["CustomerRef"]}, 2020)
    account = {"DepositToAccountRef": ref(79)}
    us.refused("payment", pay(us, sold, 50, **account), 6430)


def test_invoice_cannot_fall_below_what_is_paid(us, sold):
    us.make("Payment", **pay(us, sold, 60))
    doc = us.read("Invoice", sold["Id"])
    body = {"Id": doc["Id"], "SyncToken": doc["SyncToken"], "sparse": True}
    us.refused("invoice", {**body, "Line": [sale(us.service(), 50)]}, 6000)


def test_deleting_an_invoice_frees_its_payment(us, sold):
    payment = us.make("Payment", **pay(us, sold, 60))
    assert us.delete("Invoice", us.read("Invoice", sold["Id"])).status_code == 200
    payment = us.read("Payment", payment["Id"])
    assert payment["UnappliedAmt"] == 60 and payment["Line"] == []


def test_void_and_delete_of_a_payment(us, sold):
    payment = us.make("Payment", **pay(us, sold, 60))
    body = {"Id": payment["Id"], "SyncToken": "0", "sparse": True}
    answer = us.post("payment", body, operation="update", include="void")
    done = answer.json()["Payment"]
    assert done["TotalAmt"] == 0 and done["PrivateNote"] == "Voided"
    assert us.read("Invoice", sold["Id"])["Balance"] == 100
    second = us.make("Payment", **pay(us, sold, 100))
    assert us.delete("Payment", second).status_code == 200
    assert us.read("Invoice", sold["Id"])["Balance"] == 100


def test_deposited_payment_is_frozen(us, sold):
    payment = us.make("Payment", **pay(us, sold, 60))
    link = {"TxnId": payment["Id"], "TxnType": "Payment", "TxnLineId": "0"}
    lines = [{"Amount": 60, "LinkedTxn": [link]}]
    deposit = us.make("Deposit", DepositToAccountRef=ref(35), Line=lines)
    assert deposit["TotalAmt"] == 60
    payment = us.read("Payment", payment["Id"])
    body = {"Id": payment["Id"], "SyncToken": payment["SyncToken"], "sparse": True}
    always = {name: payment[name] for name in ("CustomerRef", "TotalAmt")}
    error = us.refused("payment", {**body, **always, "PrivateNote": "x"}, 6540)
    assert error["Detail"].startswith("This transaction has been deposited.")
    us.refused("payment", body, 6540, operation="delete")
    again = {"DepositToAccountRef": ref(35), "Line": lines}
    us.refused("deposit", again, 6000)
    us.delete("Deposit", deposit)
    payment = us.read("Payment", payment["Id"])
    assert us.change("Payment", payment, PrivateNote="x")["PrivateNote"] == "x"


def settle(bill, amount, **more):
    """A bill payment's body."""
    return {
        "VendorRef": bill["VendorRef"],
        "PayType": "Check",
        "CheckPayment": {"BankAccountRef": ref(35)},
        "TotalAmt": amount,
        "Line": [pays(bill, "Bill", amount)],
        **more,
    }


def test_bill_payment(us, bill):
    paid = us.make("BillPayment", **settle(bill, 150))
    after = us.read("Bill", bill["Id"])
    assert after["Balance"] == 50
    link = {"TxnId": paid["Id"], "TxnType": "BillPaymentCheck"}
    assert after["LinkedTxn"] == [link]
    assert us.read("Vendor", bill["VendorRef"]["value"])["Balance"] == 50
    assert "APAccountRef" not in paid


def test_bill_payment_with_a_vendor_credit(us, bill):
    credit = us.make(
        "VendorCredit", VendorRef=bill["VendorRef"], Line=[expense(15, 50)]
    )
    lines = [pays(bill, "Bill", 200), pays(credit, "VendorCredit", 50)]
    us.make("BillPayment", **settle(bill, 150, Line=lines))
    assert us.read("Bill", bill["Id"])["Balance"] == 0
    assert us.read("VendorCredit", credit["Id"])["Balance"] == 0


def test_what_a_bill_payment_refuses(us, bill):
    us.refused("billpayment", settle(bill, 150, Line=[]), 2020)
    us.refused("billpayment", settle(bill, 150, TotalAmt=170), 6000)
    us.refused("billpayment", settle(bill, 10, CheckPayment={}), 2020)
    wrong = {"BankAccountRef": ref(79)}
    us.refused("billpayment", settle(bill, 10, CheckPayment=wrong), 6430)
    card = settle(bill, 10, PayType="CreditCard")
    us.refused("billpayment", card, 2020)
    card["CreditCardPayment"] = {"CCAccountRef": ref(42)}
    assert us.make("BillPayment", **card)["TotalAmt"] == 10


def test_purchase_link_is_dropped_with_a_200(us, bill):
    link = {"TxnId": "7", "TxnType": "Purchase"}
    lines = [pays(bill, "Bill", 20), {"Amount": 5, "LinkedTxn": [link]}]
    done = us.make("BillPayment", **settle(bill, 20, Line=lines))
    assert len(done["Line"]) == 1
    us.knobs(billpayment_purchase_link="refuse")
    us.refused("billpayment", settle(bill, 20, Line=lines), 620)


def journal(us, *lines):
    """A journal entry's body of (type, account, amount, entity)."""
    made = []
    for kind, account, amount, *entity in lines:
        detail = {"PostingType": kind, "AccountRef": ref(account)}
        if entity:
            detail["Entity"] = {"Type": entity[0], "EntityRef": ref(entity[1])}
        made.append(
            {
                "Amount": amount,
                "DetailType": "JournalEntryLineDetail",
                "JournalEntryLineDetail": detail,
            }
        )
    return {"Line": made}


def test_journal_entry(us):
    customer = us.customer()
    good = journal(us, ("Debit", 84, 40, "Customer", customer["Id"]), ("Credit", 1, 40))
    assert us.make("JournalEntry", **good)["TotalAmt"] == 0
    assert us.read("Customer", customer["Id"])["Balance"] == 40
    uneven = journal(us, ("Debit", 15, 40), ("Credit", 1, 41))
    us.refused("journalentry", uneven, 2300)
    below = journal(us, ("Debit", 15, -40), ("Credit", 1, -40))
    us.refused("journalentry", below, 2290)
    us.refused("journalentry", journal(us, ("Debit", 84, 1), ("Credit", 1, 1)), 6000)
    us.refused("journalentry", journal(us, (None, 15, 1), ("Credit", 1, 1)), 2260)


def test_inventory_adjustment(us):
    item = us.stored(quantity=10, cost=4)
    line = {
        "DetailType": "ItemAdjustmentLineDetail",
        "ItemAdjustmentLineDetail": {"ItemRef": ref(item["Id"]), "QtyDiff": -3},
    }
    body = {"AdjustAccountRef": ref(91), "TxnDate": "2026-11-01", "Line": [line]}
    done = us.make("InventoryAdjustment", **body)
    assert "DetailType" not in done["Line"][0]
    assert us.read("Item", item["Id"])["QtyOnHand"] == 7
    early = {**body, "TxnDate": "2025-12-31"}
    us.refused("inventoryadjustment", early, 6270)
    full = {"Id": done["Id"], "SyncToken": "0", **body}
    us.refused("inventoryadjustment", full, 500)
    us.delete("InventoryAdjustment", done)
    assert us.read("Item", item["Id"])["QtyOnHand"] == 10


def test_adjustments_exist_in_the_us_only(canada):
    body = {"TxnDate": "2026-01-05", "AdjustAccountRef": ref(91), "Line": []}
    canada.refused("inventoryadjustment", body, 500)
    canada.knobs(adjustments="all")
    canada.refused("inventoryadjustment", body, 2020)
    canada.knobs(adjustments=None)
