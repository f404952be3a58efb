"""The chart of accounts: types, sub-types, classification."""

from ..errors import Fault
from . import currency
from .base import Rule
from .names import inactivate, place_in_tree, unique

CLASSES = {
    "Bank": "Asset",
    "Accounts Receivable": "Asset",
    "Other Current Asset": "Asset",
    "Fixed Asset": "Asset",
    "Other Asset": "Asset",
    "Accounts Payable": "Liability",
    "Credit Card": "Liability",
    "Other Current Liability": "Liability",
    "Long Term Liability": "Liability",
    "Equity": "Equity",
    "Income": "Revenue",
    "Other Income": "Revenue",
    "Cost of Goods Sold": "Expense",
    "Expense": "Expense",
    "Other Expense": "Expense",
}
SUBTYPES = {
    "Bank": "Checking Savings CashOnHand MoneyMarket TrustAccounts RentsHeldInTrust",
    "Accounts Receivable": "AccountsReceivable",
    "Other Current Asset": "Inventory UndepositedFunds OtherCurrentAssets "
    "PrepaidExpenses EmployeeCashAdvances AllowanceForBadDebts LoansToOthers "
    "DevelopmentCosts Investment_Other Retainage",
    "Fixed Asset": "Vehicles FurnitureAndFixtures MachineryAndEquipment Buildings "
    "OtherFixedAssets AccumulatedDepreciation Land LeaseholdImprovements",
    "Other Asset": "OtherLongTermAssets SecurityDeposits Goodwill Licenses",
    "Accounts Payable": "AccountsPayable",
    "Credit Card": "CreditCard",
    "Other Current Liability": "SalesTaxPayable GlobalTaxPayable GlobalTaxSuspense "
    "OtherCurrentLiabilities LoanPayable PayrollClearing PrepaidExpensesPayable "
    "DeferredRevenue",
    "Long Term Liability": "NotesPayable OtherLongTermLiabilities",
    "Equity": "OpeningBalanceEquity RetainedEarnings OwnersEquity CommonStock "
    "PaidInCapitalOrSurplus PartnersEquity",
    "Income": "SalesOfProductIncome ServiceFeeIncome DiscountsRefundsGiven "
    "OtherPrimaryIncome UnappliedCashPaymentIncome NonProfitIncome",
    "Cost of Goods Sold": "SuppliesMaterialsCogs CostOfLaborCos "
    "ShippingFreightDeliveryCos OtherCostsOfServiceCos EquipmentRentalCos",
    "Expense": "AdvertisingPromotional OfficeGeneralAdministrativeExpenses "
    "ShippingFreightDelivery LegalProfessionalFees SuppliesMaterials Utilities "
    "RentOrLeaseOfBuildings OtherMiscellaneousServiceCost RepairMaintenance Travel "
    "BankCharges TaxesPaid Insurance Auto UnappliedCashBillPaymentExpense "
    "TravelMeals EquipmentRental CostOfLabor DuesSubscriptions",
    "Other Income": "OtherMiscellaneousIncome InterestEarned",
    "Other Expense": "ExchangeGainOrLoss Depreciation OtherMiscellaneousExpense "
    "PenaltiesSettlements",
}
TYPE_OF = {sub: kind for kind, subs in SUBTYPES.items() for sub in subs.split()}
WITH_CURRENCY = ("Bank", "Accounts Receivable", "Accounts Payable", "Credit Card")


class Account(Rule):
    """Name, type and sub-type agree; the rest follows from them."""

    def prepare(self, change):
        doc = change.doc
        self.keep_type(change)
        check_name(doc)
        self.number(change)
        level = place_in_tree(change, "Name")
        doc["SubAccount"] = bool(level)
        inactivate(change, "Name")
        unique(change, "Name", ("Account",))
        doc["Classification"] = CLASSES[doc["AccountType"]]
        self.currency(change)

    def shown(self, company, doc):
        """With the ledger's balance, in the account's natural sign."""
        balance = company.total("account", doc["Id"])
        if doc["Classification"] in ("Liability", "Equity", "Revenue"):
            balance = -balance
        doc["CurrentBalance"] = doc["CurrentBalanceWithSubAccounts"] = balance
        return doc

    def keep_type(self, change):
        """Type from the sub-type or the other way round (6010 without both)."""
        doc = change.doc
        kind, sub = doc.get("AccountType"), doc.get("AccountSubType")
        if change.old and not kind and not sub:
            kind, sub = change.old["AccountType"], change.old["AccountSubType"]
        if not kind and not sub:
            raise Fault(6010, "Either AccountType or AccountSubType is required", "")
        if sub and sub not in TYPE_OF:
            raise Fault(2170, f"Invalid Enumeration : {sub}", "AccountSubType")
        kind = kind or TYPE_OF[sub]
        if sub and TYPE_OF[sub] != kind:
            raise Fault(6010, f"{sub} is no sub-type of {kind}", "AccountSubType")
        doc["AccountType"], doc["AccountSubType"] = (
            kind,
            sub or SUBTYPES[kind].split()[0],
        )

    def number(self, change):
        """AcctNum is stored only when account numbers are on."""
        doc, company = change.doc, change.company
        if not doc.get("AcctNum"):
            return
        if not company.pref("AccountingInfoPrefs", "UseAccountNumbers"):
            del doc["AcctNum"]
            return
        limit = company.knob("account_number_length")
        if len(doc["AcctNum"]) > limit:
            from ..validation import too_long

            raise too_long("AcctNum", limit, len(doc["AcctNum"]))

    def currency(self, change):
        """Only money, receivable and payable accounts have a currency of their own."""
        doc, company = change.doc, change.company
        held = (change.old or doc).get("CurrencyRef", {}).get("value", company.home)
        if doc["AccountType"] not in WITH_CURRENCY or not company.multicurrency():
            held = company.home
        doc["CurrencyRef"] = currency.reference(held)


def check_name(doc):
    """2040: the quotation mark and the colon can't stand in an account's name."""
    for char in '":':
        if char in (doc.get("Name") or ""):
            raise Fault(2040, f"Invalid String : Name contains {char}", "Name")


RULES = {"Account": Account()}
