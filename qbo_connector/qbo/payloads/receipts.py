"""Estimate, SalesReceipt, CreditMemo, RefundReceipt, Payment, and refunds."""

from .common import Texts, cents, compact, currency_fields, detail_line, ref
from .sales import sales_form


def sales_receipt(
    *, deposit_account_id="", payment_method_id="", reference="", **form
) -> dict:
    """Sold and paid at once; without an account the money is undeposited.

    reference: of the payment, up to 21 characters; ``form`` as in ``sales_form``.
    """
    texts = form.get("texts") or Texts()
    return sales_form(**form) | compact(
        {
            "DepositToAccountRef": ref(deposit_account_id),
            "PaymentMethodRef": ref(payment_method_id),
            "PaymentRefNum": texts("PaymentRefNum", reference, 21),
        }
    )


def refund_receipt(*, deposit_account_id, **form) -> dict:
    """Money given back; deposit_account_id is the account it leaves (2020 without)."""
    return sales_receipt(deposit_account_id=deposit_account_id, **form)


def credit_memo(**form) -> dict:
    """What the customer gets back; amounts are positive."""
    return sales_form(**form)


def expense(
    *,
    account_id,
    booked_on_id,
    amount,
    customer_id="",
    taxed=False,
    txn_date=None,
    private_note="",
    currency="",
    exchange_rate=None,
    texts=None,
) -> dict:
    """Money that leaves account_id at once, booked on another account.

    customer_id: the payee, which accounts receivable needs.
    taxed: outside the US, where QuickBooks must be told that there is no tax on it.
    """
    texts = texts or Texts()
    line = detail_line(
        "AccountBasedExpenseLineDetail",
        {"AccountRef": ref(booked_on_id), "BillableStatus": "NotBillable"},
        amount=amount,
    )
    return compact(
        {
            "PaymentType": "Cash",
            "AccountRef": ref(account_id),
            "EntityRef": customer_id
            and {"value": str(customer_id), "type": "Customer"},
            "TxnDate": txn_date,
            "PrivateNote": texts("PrivateNote", private_note, multiline=True),
            **currency_fields(currency, exchange_rate),
            "GlobalTaxCalculation": "NotApplicable" if taxed else "",
            "Line": [line],
        }
    )


def estimate(*, status="", expiration_date=None, accepted_date=None, **form) -> dict:
    """An offer. status: Pending, Accepted, Closed or Rejected."""
    return sales_form(**form) | compact(
        {
            "TxnStatus": status,
            "ExpirationDate": expiration_date,
            "AcceptedDate": accepted_date,
        }
    )


def payment(
    *,
    customer_id,
    total,
    lines=(),
    txn_date=None,
    reference="",
    payment_method_id="",
    deposit_account_id="",
    private_note="",
    currency="",
    exchange_rate=None,
    texts=None,
) -> dict:
    """Money from a customer, applied to documents; what is left stays unapplied.

    lines: of ``payment_line``; all of them go with each update, or they are undone.
    """
    texts = texts or Texts()
    return compact(
        {
            "CustomerRef": ref(customer_id),
            "TotalAmt": cents(total),
            "TxnDate": txn_date,
            "PaymentRefNum": texts("PaymentRefNum", reference, 21),
            "PaymentMethodRef": ref(payment_method_id),
            "DepositToAccountRef": ref(deposit_account_id),
            "PrivateNote": texts("PrivateNote", private_note, multiline=True),
            **currency_fields(currency, exchange_rate),
            "ProcessPayment": False,
        }
    ) | {"Line": list(lines)}


def payment_line(amount, txn_id, txn_type="Invoice") -> dict:
    """So much of a payment (or a credit) is for one document."""
    return {
        "Amount": cents(amount),
        "LinkedTxn": [{"TxnId": str(txn_id), "TxnType": txn_type}],
    }
