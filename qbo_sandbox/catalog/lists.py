"""Name lists and the company's own two objects."""

from .fields import entity

PERSON = (
    "Title:s16 GivenName:s100? MiddleName:s100? FamilyName:s100? Suffix:s16 "
    "CompanyName:s100? DisplayName:s500? PrintOnCheckName:s110? Active:b? "
    "PrimaryPhone:@Phone AlternatePhone:@Phone Mobile:@Phone Fax:@Phone "
    "PrimaryEmailAddr:@Email? WebAddr:@Web CurrencyRef:ref Notes:s2000 "
    "Organization:b FullyQualifiedName:s=? V4IDPseudonym:s= UserId:s= Balance:d? "
    "Source:s "
)
ACCOUNT_TYPES = (
    "Bank|Accounts~Receivable|Other~Current~Asset|Fixed~Asset|Other~Asset|"
    "Accounts~Payable|Credit~Card|Other~Current~Liability|Long~Term~Liability|"
    "Equity|Income|Cost~of~Goods~Sold|Expense|Other~Income|Other~Expense"
)
SUB = "Name:s100!? Active:b? ParentRef:ref>{0} FullyQualifiedName:s=? Sub{0}:b "

LISTS = [
    entity(
        "Customer",
        PERSON + "Taxable:b? BillAddr:@Address ShipAddr:@Address Job:b? "
        "BillWithParent:b ParentRef:ref>Customer Level:i= RootCustomerRef:ref= "
        "CustomerTypeRef:ref>CustomerType SalesTermRef:ref>Term "
        "PaymentMethodRef:ref>PaymentMethod DefaultTaxCodeRef:ref "
        "OpenBalanceDate:date+ BalanceWithJobs:d= ResaleNum:s16 "
        "PreferredDeliveryMethod:e:Print|Email|None ARAccountRef:ref>Account "
        "PrimaryTaxIdentifier:s SecondaryTaxIdentifier:s TaxExemptionReasonId:s "
        "IsProject:b= ClientEntityId:s= BusinessNumber:s GSTIN:s "
        "GSTRegistrationType:s CustomExtensions:any TaxRegime:s",
        operations="cruq",
        space="name",
        title="DisplayName",
    ),
    entity(
        "Vendor",
        PERSON + "BillAddr:@Address TermRef:ref>Term AcctNum:s100 Vendor1099:b "
        "TaxIdentifier:s BillRate:d CostRate:d APAccountRef:ref>Account "
        "TaxReportingBasis:s OpenBalanceDate:date+ BusinessNumber:s GSTIN:s "
        "GSTRegistrationType:s HasTPAR:b T4AEligible:b T5018Eligible:b",
        operations="cruq",
        space="name",
        title="DisplayName",
    ),
    entity(
        "Employee",
        PERSON + "PrimaryAddr:@Address EmployeeNumber:s SSN:s BillableTime:b "
        "BillRate:d CostRate:d BirthDate:date HiredDate:date ReleasedDate:date "
        "Gender:s",
        operations="cruq",
        space="name",
        title="DisplayName",
    ),
    entity(
        "Item",
        "Name:s100!? Sku:s100? Description:s4000? Active:b? SubItem:b? "
        "ParentRef:ref>Item Level:i= FullyQualifiedName:s=? Taxable:b? "
        "SalesTaxIncluded:b PurchaseTaxIncluded:b PercentBased:b UnitPrice:d? "
        "RatePercent:d Type:e:Inventory|NonInventory|Service|Category|Group|Bundle? "
        "IncomeAccountRef:ref>Account PurchaseDesc:s1000 PurchaseCost:d? "
        "ExpenseAccountRef:ref>Account COGSAccountRef:ref>Account "
        "AssetAccountRef:ref>Account PrefVendorRef:ref>Vendor TrackQtyOnHand:b "
        "QtyOnHand:d? QtyOnPurchaseOrder:d= QtyOnSalesOrder:d= ReorderPoint:d "
        "InvStartDate:date SalesTaxCodeRef:ref>TaxCode "
        "PurchaseTaxCodeRef:ref>TaxCode TaxClassificationRef:ref ClassRef:ref>Class "
        "ItemGroupDetail:any= PrintGroupedItems:b= ItemCategoryType:s Source:s "
        "DeferredRevenue:b UQCDisplayText:s UQCId:s AbatementRate:d "
        "ReverseChargeRate:d ServiceType:s",
        operations="cruq",
    ),
    entity(
        "Account",
        "Name:s100!? SubAccount:b? ParentRef:ref>Account Description:s100? Active:b? "
        f"Classification:s=? AccountType:e:{ACCOUNT_TYPES}? AccountSubType:s? "
        "FullyQualifiedName:s=? AcctNum:s CurrentBalance:d=? "
        "CurrentBalanceWithSubAccounts:d= CurrencyRef:ref TaxCodeRef:ref>TaxCode "
        "TxnLocationType:s AccountAlias:s OpeningBalance:d OpeningBalanceDate:date",
        operations="cruq",
    ),
    entity(
        "Term",
        "Name:s31!? Active:b? Type:s? DiscountPercent:d DueDays:i? DiscountDays:i "
        "DayOfMonthDue:i DueNextMonthDays:i DiscountDayOfMonth:i",
        operations="cruq",
    ),
    entity(
        "PaymentMethod",
        "Name:s31!? Active:b? Type:e:CREDIT_CARD|NON_CREDIT_CARD?",
        operations="cruq",
    ),
    entity("Class", SUB.format("Class"), operations="cruq"),
    entity(
        "Department", SUB.format("Department") + "Address:@Address", operations="cruq"
    ),
    entity("CustomerType", "Name:s100!? Active:b?", operations="rq"),
    entity(
        "TaxAgency",
        "DisplayName:s100!? TaxRegistrationNumber:s TaxTrackedOnPurchases:b "
        "TaxTrackedOnSales:b LastFileDate:date TaxAgencyConfig:s",
        operations="crq",
        title="DisplayName",
        uncdc=True,
    ),
    entity(
        "TaxCode",
        "Name:s100!? Description:s100? Active:b? Hidden:b Taxable:b TaxGroup:b "
        "SalesTaxRateList:@TaxRateList PurchaseTaxRateList:@TaxRateList "
        "TaxCodeConfigType:s=",
        operations="rq",
        order="num",
        uncdc=True,
    ),
    entity(
        "TaxRate",
        "Name:s100!? Description:s100? Active:b? RateValue:d AgencyRef:ref "
        "SpecialTaxType:s DisplayType:s TaxReturnLineRef:ref EffectiveTaxRate:any",
        operations="rq",
        order="num",
        uncdc=True,
    ),
    entity(
        "CompanyCurrency",
        "Code:s3!? Name:s? Active:b?",
        operations="cruq",
        order="num",
    ),
    entity(
        "ExchangeRate",
        "SourceCurrencyCode:s!? TargetCurrencyCode:s Rate:d! AsOfDate:date?",
        operations="cruq",
        title="SourceCurrencyCode",
    ),
    entity(
        "Attachable",
        "FileName:s1000? Note:s2000? FileAccessUri:s= TempDownloadUri:s= Size:i= "
        "ContentType:s Category:s Lat:s Long:s PlaceName:s Tag:s "
        "ThumbnailFileAccessUri:s= ThumbnailTempDownloadUri:s=",
        operations="cruqd",
        title="FileName",
        order="num",
        extra={"full_only": True},
    ),
    entity(
        "CompanyInfo",
        "CompanyName:s1024? LegalName:s1024 CompanyAddr:@Address LegalAddr:@Address "
        "CustomerCommunicationAddr:@Address CustomerCommunicationEmailAddr:@Email "
        "PrimaryPhone:@Phone Email:@Email WebAddr:@Web CompanyStartDate:any= "
        "FiscalYearStartMonth:s Country:s SupportedLanguages:s DefaultTimeZone:s "
        "EmployerId:s NameValue:@NameValue[]=",
        kind="single",
        operations="ruq",
        title="CompanyName",
    ),
    entity(
        "Preferences",
        "AccountingInfoPrefs:any ProductAndServicesPrefs:any SalesFormsPrefs:any "
        "EmailMessagesPrefs:any VendorAndPurchasesPrefs:any TimeTrackingPrefs:any "
        "TaxPrefs:any CurrencyPrefs:any ReportPrefs:any OtherPrefs:any "
        "FinanceChargesPrefs:any PrintDocumentPrefs:any AdvancedInventoryPrefs:any",
        kind="single",
        operations="ruq",
    ),
]
