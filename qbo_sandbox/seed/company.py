"""CompanyInfo and Preferences of a new company."""

COUNTRIES = {"us": "US", "ca": "CA", "uk": "GB"}
ADDRESSES = {
    "us": {
        "Line1": "123 Sierra Way",
        "City": "San Pablo",
        "PostalCode": "87999",
        "CountrySubDivisionCode": "CA",
        "Country": "US",
    },
    "ca": {
        "Line1": "500 Queen St W",
        "City": "Toronto",
        "PostalCode": "M5V 2B4",
        "CountrySubDivisionCode": "ON",
        "Country": "CA",
    },
    "uk": {
        "Line1": "5 High Street",
        "City": "Leeds",
        "PostalCode": "LS1 4AB",
        "Country": "GB",
    },
}
OFFERINGS = {
    "plus": "QuickBooks Online Plus",
    "advanced": "QuickBooks Online Advanced",
    "essentials": "QuickBooks Online Essentials",
}


def company_info(name, kind, offering):
    """The CompanyInfo object's own fields."""
    address = {"Id": "1", **ADDRESSES[kind]}
    values = {
        "NeoEnabled": "true",
        "IsQbdtMigrated": "false",
        "IndustryType": "Wholesale",
        "CompanyType": "Other",
        "SubscriptionStatus": "PAID",
        "OfferingSku": OFFERINGS[offering],
        "PayrollFeature": "false",
        "AccountantFeature": "false",
        "ItemCategoriesFeature": "true",
        "AssignedTime": "01/01/2026 00:00:00",
    }
    return {
        "CompanyName": name,
        "LegalName": name,
        "CompanyAddr": address,
        "LegalAddr": address,
        "CustomerCommunicationAddr": address,
        "PrimaryPhone": {"FreeFormNumber": "(555) 555-0100"},
        "CompanyStartDate": "2026-01-01",
        "FiscalYearStartMonth": "January",
        "Country": COUNTRIES[kind],
        "Email": {"Address": "books@sandbox.test"},
        "WebAddr": {"URI": "https://sandbox.test"},
        "SupportedLanguages": "en",
        "DefaultTimeZone": "America/Los_Angeles",
        "NameValue": [{"Name": n, "Value": v} for n, v in values.items()],
    }


def custom_fields(use, label, names):
    """Preferences' way of writing down custom fields: flags, then labels."""
    flags = [
        {"Name": f"{use}{n}", "Type": "BooleanType", "BooleanValue": bool(name)}
        for n, name in enumerate(names, 1)
    ]
    labels = [
        {"Name": f"{label}{n}", "Type": "StringType", "StringValue": name}
        for n, name in enumerate(names, 1)
    ]
    return [{"CustomField": flags}, {"CustomField": labels}]


def preferences(kind, home, options):
    """The Preferences object's own fields."""
    plus = options["offering"] != "essentials"
    tax = {"UsingSalesTax": True}
    if kind == "us" and options["ast"] is not None:
        tax["PartnerTaxEnabled"] = bool(options["ast"])
    return {
        "AccountingInfoPrefs": accounting(plus),
        "ProductAndServicesPrefs": {
            "ForSales": True,
            "ForPurchase": True,
            "QuantityWithPriceAndRate": True,
            "QuantityOnHand": plus,
            "RevenueRecognition": False,
        },
        "SalesFormsPrefs": sales_forms(options),
        "EmailMessagesPrefs": messages(),
        "VendorAndPurchasesPrefs": {
            "TrackingByCustomer": True,
            "BillableExpenseTracking": True,
            "POCustomField": custom_fields(
                "PurchasePrefs.UsePurchaseCustom",
                "PurchasePrefs.PurchaseCustomName",
                ["PO Number", "Buyer", "Crew #"],
            ),
        },
        "TimeTrackingPrefs": {
            "UseServices": True,
            "BillCustomers": True,
            "ShowBillRateToAll": False,
            "WorkWeekStartDate": "Monday",
            "MarkTimeEntriesBillable": True,
        },
        "TaxPrefs": tax,
        "CurrencyPrefs": {
            "MultiCurrencyEnabled": options["multicurrency"],
            "HomeCurrency": {"value": home},
        },
        "ReportPrefs": {"ReportBasis": "Accrual", "CalcAgingReportFromTxnDate": False},
        "OtherPrefs": {
            "NameValue": [
                {
                    "Name": "SalesFormsPrefs.DefaultCustomerMessage",
                    "Value": "Thank you for your business!",
                },
                {
                    "Name": "VendorAndPurchasesPrefs.UseCustomTxnNumbers",
                    "Value": str(options["custom_numbers"]).lower(),
                },
            ]
        },
    }


def accounting(plus):
    """AccountingInfoPrefs."""
    return {
        "UseAccountNumbers": True,
        "TrackDepartments": plus,
        "ClassTrackingPerTxn": False,
        "ClassTrackingPerTxnLine": plus,
        "FirstMonthOfFiscalYear": "January",
        "TaxYearMonth": "January",
        "TaxForm": "6",
        "CustomerTerminology": "Customers",
        "DepartmentTerminology": "Location",
    }


def sales_forms(options):
    """SalesFormsPrefs."""
    return {
        "CustomTxnNumbers": options["custom_numbers"],
        "AllowDeposit": True,
        "AllowDiscount": True,
        "DefaultDiscountAccount": "86",
        "AllowEstimates": True,
        "AllowServiceDate": True,
        "AllowShipping": True,
        "DefaultShippingAccount": "26",
        "DefaultTerms": {"value": "3"},
        "DefaultDeliveryMethod": "None",
        "UsingProgressInvoicing": False,
        "UsingPriceLevels": False,
        "AutoApplyCredit": False,
        "AutoApplyPayments": False,
        "EmailCopyToCompany": False,
        "ETransactionEnabledStatus": "NotApplicable",
        "CustomField": custom_fields(
            "SalesFormsPrefs.UseSalesCustom",
            "SalesFormsPrefs.SalesCustomName",
            ["PO Number", "Sales Rep", "Crew #"],
        ),
    }


def messages():
    """EmailMessagesPrefs."""
    text = "Please find your {} attached. Thank you."
    return {
        f"{name}Message": {
            "Subject": f"{name} from Sandbox Company",
            "Message": text.format(name.lower()),
        }
        for name in ("Invoice", "Estimate", "SalesReceipt", "Statement")
    }
