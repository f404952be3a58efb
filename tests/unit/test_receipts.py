"""Receipts, estimates, credits and payments as QBO takes them."""

from datetime import date
from decimal import Decimal

from qbo import payloads

FORM = {"customer_id": "58", "lines": [payloads.sales_line(item_id="5", amount=20)]}


def test_sales_receipt_says_where_the_money_lies():
    body = payloads.sales_receipt(
        deposit_account_id="35", payment_method_id="3", reference="x" * 30, **FORM
    )
    assert body["DepositToAccountRef"] == {"value": "35"}
    assert body["PaymentMethodRef"] == {"value": "3"}
    assert len(body["PaymentRefNum"]) == 21


def test_sales_receipt_of_undeposited_funds():
    assert "DepositToAccountRef" not in payloads.sales_receipt(**FORM)


def test_refund_receipt_names_the_account_money_leaves():
    body = payloads.refund_receipt(deposit_account_id="35", **FORM)
    assert body["DepositToAccountRef"] == {"value": "35"}


def test_credit_memo_is_a_sales_form():
    assert payloads.credit_memo(**FORM) == payloads.sales_form(**FORM)


def test_estimate():
    body = payloads.estimate(
        status="Pending", expiration_date=date(2026, 12, 31), **FORM
    )
    assert (body["TxnStatus"], body["ExpirationDate"]) == ("Pending", "2026-12-31")


def test_payment_of_two_invoices():
    body = payloads.payment(
        customer_id="58",
        total=Decimal(30),
        lines=[payloads.payment_line(10, "130"), payloads.payment_line(20, "131")],
        txn_date=date(2026, 11, 21),
    )
    assert body["TotalAmt"] == 30
    assert [line["LinkedTxn"][0]["TxnId"] for line in body["Line"]] == ["130", "131"]
    assert body["ProcessPayment"] is False


def test_unapplied_payment_undoes_what_was_applied():
    assert payloads.payment(customer_id="58", total=5)["Line"] == []
