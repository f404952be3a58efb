"""The shapes QBO takes, built from plain values: no network, no Odoo.

Empty values are left out (a sparse update then leaves them alone), texts obey
QBO's lengths and characters, amounts are Decimals, dates ISO text.
"""

from .common import (
    Address,
    Texts,
    address,
    compact,
    custom_field,
    global_tax,
    linked_txn,
    payload_hash,
    ref,
    us_tax,
)
from .files import attachable
from .lists import customer, item, vendor
from .receipts import (
    credit_memo,
    estimate,
    expense,
    payment,
    payment_line,
    refund_receipt,
    sales_receipt,
)
from .sales import (
    description_line,
    discount_line,
    invoice,
    sales_form,
    sales_line,
    shipping_line,
)

__all__ = [
    "Address",
    "Texts",
    "address",
    "attachable",
    "compact",
    "credit_memo",
    "custom_field",
    "customer",
    "description_line",
    "discount_line",
    "estimate",
    "global_tax",
    "invoice",
    "item",
    "linked_txn",
    "expense",
    "payload_hash",
    "payment",
    "payment_line",
    "ref",
    "refund_receipt",
    "sales_form",
    "sales_line",
    "sales_receipt",
    "shipping_line",
    "us_tax",
    "vendor",
]
