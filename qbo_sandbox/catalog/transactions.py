"""Sales forms, purchase forms, payments and the rest of the transactions."""

from .fields import entity

TAX_MODES = "e:TaxExcluded|TaxInclusive|NotApplicable"
TXN = (
    "DocNumber:s21? TxnDate:date? PrivateNote:s4000 DepartmentRef:ref>Department "
    "CurrencyRef:ref ExchangeRate:d LinkedTxn:@LinkedTxn[] Line:@Line[] "
    "TxnTaxDetail:@TxnTaxDetail TxnSource:s= TransactionLocationType:s ProjectRef:ref "
    "RecurDataRef:ref= TotalAmt:d=? HomeTotalAmt:d= "
)
SALES = TXN + (
    "CustomerRef:ref>Customer!? CustomerMemo:@Memo BillAddr:@Address "
    "ShipAddr:@Address ShipFromAddr:@Address FreeFormAddress:b BillEmail:@Email "
    "BillEmailCc:@Email BillEmailBcc:@Email ClassRef:ref>Class SalesTermRef:ref>Term? "
    "DueDate:date? ShipMethodRef:ref ShipDate:date TrackingNum:s31 "
    f"GlobalTaxCalculation:{TAX_MODES} ApplyTaxAfterDiscount:b "
    "PrintStatus:e:NotSet|NeedToPrint|PrintComplete "
    "EmailStatus:e:NotSet|NeedToSend|EmailSent Balance:d=? HomeBalance:d= "
    "TaxExemptionRef:ref= DeliveryInfo:any= AutoDocNumber:b "
    "ShippingTaxIncludedInTotalTax:b "
)
MONEY_IN = (
    "PaymentMethodRef:ref>PaymentMethod PaymentRefNum:s21? PaymentType:s "
    "DepositToAccountRef:ref>Account CheckPayment:@CheckPayment "
    "CreditCardPayment:@CreditCardPayment "
)
ONLINE = (
    "AllowIPNPayment:b AllowOnlinePayment:b AllowOnlineCreditCardPayment:b "
    "AllowOnlineACHPayment:b InvoiceLink:s= "
)
PURCHASE = TXN + (
    "VendorRef:ref>Vendor!? APAccountRef:ref>Account? "
    f"GlobalTaxCalculation:{TAX_MODES} VendorAddr:@Address "
)
PAYMENT_MONEY = "TotalAmt:d!? "

TRANSACTIONS = [
    entity(
        "Invoice",
        SALES + ONLINE + "Deposit:d DepositToAccountRef:ref>Account",
        kind="txn",
        space="txn",
        operations="cruqdv",
        order="-num",
    ),
    entity(
        "SalesReceipt",
        SALES.replace("CustomerRef:ref>Customer!?", "CustomerRef:ref>Customer?")
        + MONEY_IN,
        kind="txn",
        space="txn",
        operations="cruqdv",
        order="-num",
    ),
    entity(
        "Estimate",
        SALES + "TxnStatus:e:Pending|Accepted|Closed|Rejected|Converted "
        "ExpirationDate:date AcceptedBy:s AcceptedDate:date",
        kind="txn",
        space="txn",
        order="-num",
    ),
    entity(
        "CreditMemo",
        SALES + MONEY_IN + "RemainingCredit:d= InvoiceRef:ref",
        kind="txn",
        space="txn",
        order="-num",
    ),
    entity(
        "RefundReceipt",
        SALES.replace("CustomerRef:ref>Customer!?", "CustomerRef:ref>Customer?")
        + MONEY_IN.replace(
            "DepositToAccountRef:ref>Account", "DepositToAccountRef:ref>Account!"
        )
        + "RemainingCredit:d=",
        kind="txn",
        space="txn",
        order="-num",
    ),
    entity(
        "Payment",
        TXN
        + PAYMENT_MONEY
        + MONEY_IN
        + "CustomerRef:ref>Customer!? ARAccountRef:ref>Account UnappliedAmt:d= "
        "ProcessPayment:b TaxExemptionRef:ref=",
        always=("CustomerRef", "TotalAmt"),
        kind="txn",
        space="txn",
        operations="cruqdv",
        order="-num",
    ),
    entity(
        "PurchaseOrder",
        PURCHASE + "ClassRef:ref>Class SalesTermRef:ref>Term DueDate:date? "
        "ExpectedDate:date ShipAddr:@Address ShipTo:ref>Customer ShipMethodRef:ref "
        "POEmail:@Email EmailStatus:e:NotSet|NeedToSend|EmailSent Memo:s4000 "
        "POStatus:e:Open|Closed PrintStatus:s TaxCodeRef:ref FreeFormAddress:b",
        kind="txn",
        space="txn",
        order="-num",
    ),
    entity(
        "Bill",
        PURCHASE + "SalesTermRef:ref>Term DueDate:date? Balance:d=? HomeBalance:d= "
        "RemitToAddr:@Address ShipAddr:@Address IncludeInAnnualTPAR:b",
        always=("VendorRef",),
        kind="txn",
        space="txn",
        order="-num",
    ),
    entity(
        "Purchase",
        TXN + "AccountRef:ref>Account! PaymentType:e:Cash|Check|CreditCard! "
        "EntityRef:ref Credit:b Memo:s4000 PaymentMethodRef:ref>PaymentMethod "
        "PaymentRefNum:s21 CheckPayment:@CheckPayment RemitToAddr:@Address "
        f"GlobalTaxCalculation:{TAX_MODES} PrintStatus:s IncludeInAnnualTPAR:b",
        always=("PaymentType",),
        kind="txn",
        space="txn",
        order="-num",
    ),
    entity(
        "BillPayment",
        TXN + PAYMENT_MONEY + "VendorRef:ref>Vendor!? APAccountRef:ref>Account "
        "PayType:e:Check|CreditCard! CheckPayment:@BillPaymentCheck "
        "CreditCardPayment:@BillPaymentCreditCard VendorAddr:@Address "
        "ProcessBillPayment:b",
        always=("VendorRef", "TotalAmt", "PayType"),
        kind="txn",
        space="txn",
        operations="cruqdv",
        order="-num",
    ),
    entity(
        "VendorCredit",
        PURCHASE + "Balance:d=? HomeBalance:d= IncludeInAnnualTPAR:b",
        always=("VendorRef",),
        kind="txn",
        space="txn",
        order="-num",
    ),
    entity(
        "JournalEntry",
        TXN + f"Adjustment:b HomeCurrencyAdjustment:b GlobalTaxCalculation:{TAX_MODES}",
        kind="txn",
        space="txn",
        order="-num",
    ),
    entity(
        "Deposit",
        TXN + "DepositToAccountRef:ref>Account!? CashBack:@CashBack TxnStatus:s "
        f"GlobalTaxCalculation:{TAX_MODES}",
        kind="txn",
        space="txn",
        order="-num",
    ),
    entity(
        "InventoryAdjustment",
        TXN + "AdjustAccountRef:ref>Account! CustomerRef:ref>Customer "
        "ShippingAdjustment:b",
        kind="txn",
        space="txn",
        order="-num",
        extra={"sparse_only": True},
    ),
]
