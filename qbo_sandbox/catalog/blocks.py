"""Nested objects: addresses, lines and the details of lines."""

from .fields import parse

TAXABLE_DETAIL = "TaxCodeRef:ref ClassRef:ref>Class TaxInclusiveAmt:d "

OBJECTS = {
    name: parse(text)
    for name, text in {
        "MetaData": "CreateTime:dt LastUpdatedTime:dt CreatedByRef:any "
        "LastModifiedByRef:any LastChangedInQB:any",
        "Ref": "value:s! name:s type:s",
        "CustomField": "DefinitionId:s Name:s Type:s StringValue:s "
        "BooleanValue:b DateValue:date NumberValue:d",
        "AttachableRef": "EntityRef:ref IncludeOnSend:b LineInfo:s NoRefOnly:b "
        "Inactive:b CustomField:@CustomField[]",
        "Address": "Id:s= Line1:s500 Line2:s500 Line3:s500 Line4:s500 Line5:s500 "
        "City:s255 Country:s255 CountryCode:s CountrySubDivisionCode:s255 "
        "PostalCode:s30 PostalCodeSuffix:s Lat:s Long:s Tag:s Note:s County:s",
        "Phone": "Id:s DeviceType:s CountryCode:s AreaCode:s ExchangeCode:s "
        "Extension:s FreeFormNumber:s30 Default:b Tag:s",
        "Email": "Id:s Address:s100 Default:b Tag:s",
        "Web": "Id:s URI:s1000 Default:b Tag:s",
        "Memo": "id:s value:s1000",
        "LinkedTxn": "TxnId:s! TxnType:s TxnLineId:s",
        "NameValue": "Name:s Value:s",
        "MarkupInfo": "PercentBased:b Value:d Percent:d PriceLevelRef:ref "
        "MarkUpIncomeAccountRef:ref>Account",
        "Line": "Id:s LineNum:i Description:s4000 Amount:d Received:d "
        "LinkedTxn:@LinkedTxn[] DetailType:s CustomField:@CustomField[] ProjectRef:ref "
        "SalesItemLineDetail:@SalesItemLineDetail SubTotalLineDetail:@Empty "
        "DescriptionLineDetail:@DescriptionLineDetail "
        "DescriptionOnly:@DescriptionLineDetail "
        "DiscountLineDetail:@DiscountLineDetail GroupLineDetail:@GroupLineDetail "
        "ItemBasedExpenseLineDetail:@ItemBasedExpenseLineDetail "
        "AccountBasedExpenseLineDetail:@AccountBasedExpenseLineDetail "
        "JournalEntryLineDetail:@JournalEntryLineDetail "
        "DepositLineDetail:@DepositLineDetail TaxLineDetail:@TaxLineDetail "
        "ItemAdjustmentLineDetail:@ItemAdjustmentLineDetail",
        "Empty": "ItemRef:ref",
        "SalesItemLineDetail": "ItemRef:ref>Item Qty:d UnitPrice:d ServiceDate:date "
        "ItemAccountRef:ref= DiscountRate:d DiscountAmt:d PriceLevelRef:ref "
        "MarkupInfo:@MarkupInfo TaxClassificationRef:ref DeferredRevenue:b "
        + TAXABLE_DETAIL,
        "DescriptionLineDetail": "ServiceDate:date TaxCodeRef:ref",
        "DiscountLineDetail": "PercentBased:b DiscountPercent:d ServiceDate:date "
        "DiscountAccountRef:ref>Account ClassRef:ref>Class TaxCodeRef:ref "
        "DiscountRef:ref Discount:any",
        "GroupLineDetail": "GroupItemRef:ref>Item Quantity:d Line:@Line[] "
        "ServiceDate:date",
        "ItemBasedExpenseLineDetail": "ItemRef:ref>Item Qty:d UnitPrice:d "
        "CustomerRef:ref>Customer PriceLevelRef:ref ItemAccountRef:ref= "
        "BillableStatus:e:Billable|NotBillable|HasBeenBilled "
        "MarkupInfo:@MarkupInfo " + TAXABLE_DETAIL,
        "AccountBasedExpenseLineDetail": "AccountRef:ref>Account "
        "CustomerRef:ref>Customer TaxAmount:d MarkupInfo:@MarkupInfo "
        "BillableStatus:e:Billable|NotBillable|HasBeenBilled " + TAXABLE_DETAIL,
        "EntityTypeRef": "Type:e:Customer|Vendor|Employee|Job|Other EntityRef:ref!",
        "JournalEntryLineDetail": "PostingType:e:Debit|Credit AccountRef:ref>Account "
        "Entity:@EntityTypeRef DepartmentRef:ref>Department "
        "TaxApplicableOn:e:Sales|Purchase TaxAmount:d TaxRateRef:ref>TaxRate "
        "BillableStatus:s " + TAXABLE_DETAIL,
        "DepositLineDetail": "AccountRef:ref>Account Entity:ref CheckNum:s21 "
        "PaymentMethodRef:ref>PaymentMethod ClassRef:ref>Class TxnType:s "
        "TaxCodeRef:ref TaxApplicableOn:s",
        "ItemAdjustmentLineDetail": "ItemRef:ref>Item QtyDiff:d NewQty:d "
        "SalesPrice:d ClassRef:ref>Class",
        "TaxLineDetail": "TaxRateRef:ref>TaxRate PercentBased:b TaxPercent:d "
        "NetAmountTaxable:d TaxInclusiveAmount:d OverrideDeltaAmount:d "
        "ServiceDate:date",
        "TxnTaxDetail": "TxnTaxCodeRef:ref DefaultTaxCodeRef:ref TotalTax:d "
        "TaxLine:@Line[] TaxReviewStatus:s UseAutomatedSalesTax:b",
        "CheckPayment": "CheckNum:s21 Status:s NameOnAcct:s AcctNum:s BankName:s",
        "CreditCardPayment": "CreditChargeInfo:any CreditChargeResponse:any",
        "BillPaymentCheck": "BankAccountRef:ref>Account "
        "PrintStatus:e:NotSet|NeedToPrint|PrintComplete CheckDetail:any PayeeAddr:any",
        "BillPaymentCreditCard": "CCAccountRef:ref>Account CCDetail:any",
        "CashBack": "AccountRef:ref>Account Amount:d Memo:s",
        "TaxRateList": "TaxRateDetail:@TaxRateDetail[] originatingGroupId:s",
        "TaxRateDetail": "TaxRateRef:ref>TaxRate TaxTypeApplicable:s TaxOrder:i "
        "TaxOnTaxOrder:i",
        "TaxRateDetails": "TaxRateName:s100 TaxRateId:s RateValue:d TaxAgencyId:s "
        "TaxApplicableOn:e:Sales|Purchase|Other",
    }.items()
}

DETAILS = {
    "SalesItemLineDetail": "SalesItemLineDetail",
    "SubTotalLineDetail": "SubTotalLineDetail",
    "DescriptionOnly": "DescriptionLineDetail",
    "DescriptionLineDetail": "DescriptionLineDetail",
    "DiscountLineDetail": "DiscountLineDetail",
    "GroupLineDetail": "GroupLineDetail",
    "ItemBasedExpenseLineDetail": "ItemBasedExpenseLineDetail",
    "AccountBasedExpenseLineDetail": "AccountBasedExpenseLineDetail",
    "JournalEntryLineDetail": "JournalEntryLineDetail",
    "DepositLineDetail": "DepositLineDetail",
    "ItemAdjustmentLineDetail": "ItemAdjustmentLineDetail",
    "TaxLineDetail": "TaxLineDetail",
}
