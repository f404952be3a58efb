"""The fault table's part that people in sales and bookkeeping can fix."""


def _(text):
    """Mark a text for translation; the layer that shows it translates it."""
    return text


_RETRY_WORDS = _("Correct what QuickBooks names, then press Retry.")
_BOOKKEEPER = _("Ask your bookkeeper to look at the document in QuickBooks.")

NAMES = [
    (
        "6240 630",
        "fix",
        _("This name is already taken in QuickBooks"),
        _(
            "Another customer, vendor or employee in QuickBooks has this name; "
            "an inactive one counts too."
        ),
        _("Link it to the existing one or change the name, then press Retry."),
    ),
    (
        "6080",
        "fix",
        _("The name is missing"),
        _("QuickBooks needs a name for each customer and vendor."),
        _("Enter a name, then press Retry."),
    ),
    (
        "2040",
        "fix",
        _("A character QuickBooks can't store"),
        _("A text holds a character that QuickBooks does not accept."),
        _("Remove the character that QuickBooks names, then press Retry."),
    ),
    (
        "2050",
        "fix",
        _("A text is too long for QuickBooks"),
        _("A text is longer than QuickBooks allows for this field."),
        _("Shorten the text that QuickBooks names, then press Retry."),
    ),
    (
        "2200",
        "fix",
        _("The web address is not valid"),
        _("QuickBooks does not accept the web address."),
        _("Correct the website of the contact, then press Retry."),
    ),
    (
        "2210",
        "fix",
        _("The e-mail address is not valid"),
        _("QuickBooks does not accept the e-mail address."),
        _("Correct the e-mail of the contact, then press Retry."),
    ),
]

REFERENCES = [
    (
        "610",
        "fix",
        _("Something on this document is inactive or missing in QuickBooks"),
        _("A customer, vendor, product or account was made inactive or deleted there."),
        _(
            "Open it in QuickBooks and make it active again, then press Retry. If it "
            "was merged into another one there, press Look for changes now on the "
            "connection instead."
        ),
    ),
    (
        "2500",
        "fix",
        _("Something on this document is no longer in QuickBooks"),
        _(
            "The document names a customer, product, account, tax or term that "
            "QuickBooks does not have or has made inactive."
        ),
        _("Make it active in QuickBooks or map another one, then press Retry."),
    ),
    (
        "6250",
        "fix",
        _("The customer can't be used in QuickBooks"),
        _("The customer is missing or inactive in QuickBooks."),
        _(
            "Open the customer in QuickBooks, make it active again, then press Retry. "
            "If it was merged into another one there, press Look for changes now on "
            "the connection instead."
        ),
    ),
    (
        "620",
        "fix",
        _("The documents can't be linked"),
        _("The other document is closed, of another kind, or of another customer."),
        _("Check the open balance of the document in QuickBooks, then press Retry."),
    ),
    (
        "700 900",
        "fix",
        _("The parent does not fit"),
        _("The parent company or category can't be used for this record."),
        _("Correct the parent, then press Retry."),
    ),
    (
        "6010 6430",
        "fix",
        _("An account of the wrong type"),
        _("An account is used for something its type does not allow."),
        _("Choose another account in Settings > QuickBooks, then press Retry."),
    ),
    (
        "3000",
        "fix",
        _("A custom field does not fit"),
        _("QuickBooks does not have this custom field or does not take its value."),
        _("Check the custom fields in Settings > QuickBooks, then press Retry."),
    ),
]

AMOUNTS = [
    (
        "6070",
        "bug",
        _("Quantity times price is not the amount"),
        _("QuickBooks calculates another amount for a line than was sent."),
        _("Report the entry of the sync log: the connector has to be corrected."),
    ),
    (
        "2140 2150 2160 2270 2280 2290",
        "fix",
        _("A number does not fit"),
        _("QuickBooks does not accept an amount, percentage or quantity."),
        _("Correct the number that QuickBooks names, then press Retry."),
    ),
    (
        "2300",
        "fix",
        _("Debit and credit differ"),
        _("The debits and credits of the journal entry are not equal."),
        _("Balance the entry, then press Retry."),
    ),
    (
        "2220 2410",
        "fix",
        _("Currency or exchange rate is missing"),
        _("QuickBooks needs the currency and its rate for a foreign document."),
        _("Turn the currency on in QuickBooks or set its rate, then press Retry."),
    ),
    (
        "2250 6440",
        "fix",
        _("A line is incomplete"),
        _("QuickBooks needs at least one line, each with a product or an account."),
        _("Complete the lines, then press Retry."),
    ),
    (
        "6090",
        "fix",
        _("The discount is incomplete"),
        _("The discount has neither an amount nor a percentage, or no account."),
        _("Choose the discount account in Settings > QuickBooks, then press Retry."),
    ),
    (
        "6100 6160 6170 6230 6470",
        "fix",
        _("The tax does not fit"),
        _("A line's tax can't be used in this QuickBooks company."),
        _("Check the tax mapping in Settings > QuickBooks, then press Retry."),
    ),
]

DOCUMENTS = [
    (
        "5010",
        "wait",
        _("Changed in QuickBooks at the same time"),
        _("Somebody changed it in QuickBooks since we last looked."),
        _("Nothing to do: both changes are compared and merged by themselves."),
    ),
    (
        "6140",
        "fix",
        _("This number is already used in QuickBooks"),
        _("Another document in QuickBooks has the same number."),
        _("Change the number in QuickBooks or here, then press Retry."),
    ),
    (
        "6200 6210",
        "fix",
        _("The books are closed"),
        _("The document's date lies in a period that is closed in QuickBooks."),
        _(
            "Change the date or ask your bookkeeper to reopen it, then press Retry. "
            "What is booked already is corrected with a credit note."
        ),
    ),
    (
        "2070 6270",
        "fix",
        _("The date does not fit"),
        _("The date is not valid or lies before the product's start of stock keeping."),
        _(
            "Correct the date, or set an earlier inventory start date of the "
            "product in QuickBooks, then press Retry."
        ),
    ),
    (
        "800 6220 6280",
        "fix",
        _("It can't be deleted in QuickBooks"),
        _("Other documents or an open balance depend on it."),
        _BOOKKEEPER,
    ),
    (
        "6450 6480",
        "fix",
        _("It can't be voided or deleted in QuickBooks"),
        _("The document is already settled or matched with a bank transaction."),
        _BOOKKEEPER,
    ),
    (
        "6540",
        "fix",
        _("The money is already deposited"),
        _("The document is part of a bank deposit in QuickBooks and can't change."),
        _("Take it out of the deposit in QuickBooks, then press Retry."),
    ),
    (
        "5020",
        "fix",
        _("No permission in QuickBooks"),
        _("The QuickBooks user who connected may not do this."),
        _("Give that user the rights in QuickBooks, then press Retry."),
    ),
    (
        "5030",
        "fix",
        _("Not part of the QuickBooks subscription"),
        _("The subscription does not include this (orders to vendors need Plus)."),
        _("Upgrade QuickBooks or switch this sync off in Settings > QuickBooks."),
    ),
    (
        "6520",
        "fix",
        _("The stock quantity is missing"),
        _("QuickBooks needs a starting quantity for products kept in stock."),
        _("Set the quantity on hand of the product, then press Retry."),
    ),
    (
        "6530",
        "fix",
        _("Card numbers can't be sent"),
        _("A text looks like a card number; QuickBooks does not store those."),
        _("Remove the number from the document, then press Retry."),
    ),
    (
        "6030 6040 6041 6050",
        "fix",
        _("The attachment does not fit"),
        _("The file is too big, damaged, or of a kind QuickBooks does not take."),
        _("Attach a PDF or picture below 100 MB, then press Retry."),
    ),
    (
        "6290 6300 6310 6320 6330 6340 6350 6360 6370 6380 6390",
        "fix",
        _("The time or employee entry does not fit"),
        _("QuickBooks refused an entry about working time or an employee."),
        _RETRY_WORDS,
    ),
    (
        "6000 6060 6110 6120 6130 6150 6400 6420 6460 6490 6500 6510 6560",
        "fix",
        _("QuickBooks refused this"),
        _("It breaks a rule of QuickBooks. QuickBooks' own words are shown below."),
        _RETRY_WORDS,
    ),
]

BUSINESS = NAMES + REFERENCES + AMOUNTS + DOCUMENTS
