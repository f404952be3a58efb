"""What every transaction does: dates, closed books, numbers, custom fields."""

from ..errors import Fault
from ..values import ZERO, add_days, cents, dec, money
from . import currency, ledger_hooks
from .base import Rule

PURCHASE_NUMBERS = "VendorAndPurchasesPrefs.UseCustomTxnNumbers"


class Document(Rule):
    """Base of the transactions' rules."""

    party_field, party_kind = "CustomerRef", "Customer"
    numbered = True  # QuickBooks counts the documents up
    custom_pref = ("SalesFormsPrefs", "CustomField", "SalesFormsPrefs.SalesCustomName")

    def prepare(self, change):
        doc = change.doc
        doc.setdefault("TxnDate", change.company.today())
        check_open(change)
        check_deposited(change)
        party = self.party(change)
        currency.of_document(change, party)
        self.number(change)
        self.custom_fields(change)
        self.lines(change, party)
        self.homes(change)

    def party(self, change):
        """The customer or vendor object, or None."""
        ref = change.doc.get(self.party_field)
        return change.company.get(self.party_kind, ref["value"]) if ref else None

    def lines(self, change, party):
        """Check the lines and set the totals."""

    def effects(self, change):
        entries, moves = self.entries(change)
        ledger_hooks.post_document(change, entries, moves)
        self.linked(change)

    def entries(self, change):
        """(ledger entries, stock moves) of the document; none if it doesn't post."""
        return [], []

    def linked(self, change):
        """Bring linked documents up to date."""

    def removing(self, change):
        check_open(change)
        check_deposited(change)
        self.unlink(change)
        ledger_hooks.unpost_document(change.company, change.old["Id"])

    def unlink(self, change):
        """Take this document out of those it is linked with."""

    def homes(self, change):
        """HomeTotalAmt in companies with several currencies."""
        doc = change.doc
        if change.company.multicurrency() and "TotalAmt" in doc:
            doc["HomeTotalAmt"] = money(dec(doc["TotalAmt"]) * currency.rate(doc))

    # -- numbers -----------------------------------------------------------
    def custom_numbers(self, company):
        """True if the company gives its own numbers to these documents."""
        return bool(company.pref("SalesFormsPrefs", "CustomTxnNumbers"))

    def number(self, change):
        """DocNumber: QuickBooks' next, none, or the sent one unless used (6140)."""
        doc, company = change.doc, change.company
        custom = self.custom_numbers(company)
        if change.old and not doc.get("DocNumber") and "DocNumber" not in change.sent:
            doc.pop("DocNumber", None)
        if not doc.get("DocNumber"):
            if change.old is None and not custom and self.numbered:
                doc["DocNumber"] = str(1000 + int(company.next_id("docnumber")))
        elif custom and change.changed("DocNumber"):
            self.check_number(change)

    def check_number(self, change):
        """6140 for a number another document of this kind has."""
        company, doc = change.company, change.doc
        warned = company.knob("duplicate_docnumber") == "warn"
        if not warned or "allowduplicatedocnum" in change.includes:
            return
        row = company.store.one(
            "SELECT id FROM objects WHERE realm=? AND entity=? AND docnumber=?"
            " AND deleted=0 AND id<>?",
            company.realm,
            change.entity.name,
            doc["DocNumber"],
            doc.get("Id", ""),
        )
        if row:
            raise duplicate(change, row[0])

    # -- custom fields -------------------------------------------------------
    def custom_fields(self, change):
        """Defined fields always come back; undefined ones are dropped or refused."""
        names = definitions(change.company, *self.custom_pref)
        sent = {
            one.get("DefinitionId"): one for one in change.doc.get("CustomField", [])
        }
        strange = [oid for oid in sent if oid not in names]
        if strange and change.company.knob("undefined_custom_field") == "refuse":
            raise Fault(
                3000,
                f"Invalid custom field {strange[0]}",
                "CustomField",
                message="Invalid Custom Field",
            )
        done = [custom_field(oid, name, sent.get(oid)) for oid, name in names.items()]
        change.doc["CustomField"] = done
        if not done:
            del change.doc["CustomField"]


def custom_field(oid, name, sent):
    """One custom field as answers show it; at most 31 characters."""
    text = (sent or {}).get("StringValue")
    if text and len(text) > 31:
        from ..validation import too_long

        raise too_long("StringValue", 31, len(text))
    done = {"DefinitionId": oid, "Name": name, "Type": "StringType"}
    return {**done, "StringValue": text} if text else done


def definitions(company, group, name, prefix):
    """{DefinitionId: label} of the fields that are switched on."""
    found = {}
    for block in company.pref(group, name) or []:
        for one in block.get("CustomField", []):
            if one["Name"].startswith(prefix) and one.get("StringValue"):
                found[one["Name"][len(prefix) :]] = one["StringValue"]
    return found


def duplicate(change, oid):
    """6140, naming the other document or not."""
    detail = (
        "Duplicate Document Number Error : You must specify a different number. "
        "This number has already been used."
    )
    if change.company.knob("duplicate_detail") == "long":
        detail += (
            f" DocNumber={change.doc['DocNumber']} is assigned to TxnType="
            f"{change.entity.name} with TxnId={oid}"
        )
    return Fault(6140, detail, "DocNumber")


def check_open(change):
    """6210 if the books are closed on the document's (old or new) date."""
    closed = change.company.pref("AccountingInfoPrefs", "BookCloseDate")
    days = [d.get("TxnDate", "") for d in (change.old, change.doc) if d]
    if closed and min(days) <= closed:
        raise Fault(
            6210,
            "The account period has closed and the account books cannot be "
            "updated through the QBO Services API. Please use the QBO website to "
            "make these changes.",
            "",
        )


def check_deposited(change):
    """6540: what stands in a deposit is frozen."""
    for link in (change.old or {}).get("LinkedTxn", []):
        if link["TxnType"] == "Deposit":
            raise Fault(
                6540,
                "This transaction has been deposited. If you want to change "
                "or delete it, you must edit the deposit it appears on and remove "
                "it first.",
                "",
            )


def due_date(company, doc, term):
    """DueDate from the term: so many days, or a day of the month."""
    day = doc["TxnDate"]
    found = company.get("Term", term["value"]) if term else None
    if not found:
        return day
    if found.get("DueDays") is not None:
        return add_days(day, found["DueDays"])
    return day_of_month(day, found)


def day_of_month(day, term):
    """The term's day in this month, or in the next if it is too near."""
    target, near = int(term["DayOfMonthDue"]), int(term.get("DueNextMonthDays") or 0)
    year, month, current = (int(part) for part in day.split("-"))
    if current + near >= target:
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return f"{year:04}-{month:02}-{min(target, 28):02}"


def amount_cents(doc, name="TotalAmt"):
    """A field of the document in cents of its own currency."""
    return cents(doc.get(name, ZERO))
