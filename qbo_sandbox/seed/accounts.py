"""Charts of accounts."""

from ..values import stamp

# id, name, sub-type
US_ACCOUNTS = [
    (1, "Services", "ServiceFeeIncome"),
    (2, "Retained Earnings", "RetainedEarnings"),
    (3, "Prepaid Expenses", "PrepaidExpenses"),
    (4, "Undeposited Funds", "UndepositedFunds"),
    (5, "Fees Billed", "ServiceFeeIncome"),
    (7, "Advertising", "AdvertisingPromotional"),
    (8, "Bank Charges", "BankCharges"),
    (13, "Meals and Entertainment", "TravelMeals"),
    (15, "Office Expenses", "OfficeGeneralAdministrativeExpenses"),
    (17, "Rent or Lease", "RentOrLeaseOfBuildings"),
    (18, "Repair & Maintenance", "RepairMaintenance"),
    (20, "Supplies", "SuppliesMaterials"),
    (24, "Utilities", "Utilities"),
    (26, "Shipping Income", "ServiceFeeIncome"),
    (33, "Accounts Payable (A/P)", "AccountsPayable"),
    (34, "Opening Balance Equity", "OpeningBalanceEquity"),
    (35, "Checking", "Checking"),
    (36, "Savings", "Savings"),
    (39, "Truck", "Vehicles"),
    (41, "Mastercard", "CreditCard"),
    (42, "Visa", "CreditCard"),
    (43, "Loan Payable", "LoanPayable"),
    (44, "Notes Payable", "NotesPayable"),
    (54, "Legal & Professional Fees", "LegalProfessionalFees"),
    (60, "Interest Earned", "InterestEarned"),
    (61, "Exchange Gain or Loss", "ExchangeGainOrLoss"),
    (79, "Sales of Product Income", "SalesOfProductIncome"),
    (80, "Cost of Goods Sold", "SuppliesMaterialsCogs"),
    (81, "Inventory Asset", "Inventory"),
    (82, "Shipping, Freight & Delivery", "ShippingFreightDelivery"),
    (83, "Freight & Delivery - COGS", "ShippingFreightDeliveryCos"),
    (84, "Accounts Receivable (A/R)", "AccountsReceivable"),
    (85, "Billable Expense Income", "OtherPrimaryIncome"),
    (86, "Discounts given", "DiscountsRefundsGiven"),
    (87, "Unapplied Cash Payment Income", "UnappliedCashPaymentIncome"),
    (88, "Unapplied Cash Bill Payment Expense", "UnappliedCashBillPaymentExpense"),
    (89, "Sales Tax Payable", "SalesTaxPayable"),
    (90, "Purchases", "SuppliesMaterialsCogs"),
    (91, "Inventory Shrinkage", "SuppliesMaterialsCogs"),
]


def chart(kind):
    """The accounts of a company kind."""
    if kind == "us":
        return US_ACCOUNTS
    name = {"ca": "GST/HST Payable", "uk": "VAT Control"}[kind]
    return [
        (
            oid,
            name if sub == "SalesTaxPayable" else label,
            "GlobalTaxPayable" if sub == "SalesTaxPayable" else sub,
        )
        for oid, label, sub in US_ACCOUNTS
    ]


def add_account(company, name, subtype, currency=None, oid=None):
    """Put an account in the chart; returns its id."""
    from ..rules.accounts import CLASSES, TYPE_OF
    from ..rules.currency import reference

    kind, now = TYPE_OF[subtype], stamp(company.now())
    oid = str(oid or company.next_id("Account"))
    company.reserve("Account", oid)
    company.put(
        "Account",
        {
            "Name": name,
            "SubAccount": False,
            "FullyQualifiedName": name,
            "Active": True,
            "Classification": CLASSES[kind],
            "AccountType": kind,
            "AccountSubType": subtype,
            "CurrencyRef": reference(currency or company.home),
            "domain": "QBO",
            "sparse": False,
            "Id": oid,
            "SyncToken": "0",
            "MetaData": {"CreateTime": now, "LastUpdatedTime": now},
        },
        operation=None,
    )
    return oid
