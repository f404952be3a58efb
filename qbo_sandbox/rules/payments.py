"""Payments of customers and to vendors."""

from dataclasses import dataclass

from ..errors import Fault, business, required
from ..ledger import Entry
from ..values import ZERO, cents, dec, money
from . import currency, expenses, ledger_hooks, sales_ledger
from .applying import apply_parts, mine_of
from .document import Document
from .sales import keep_links
from .sales_lines import account_ref, money_account, zero


@dataclass
class Part:
    """One line of a payment: the document it concerns and how much of it."""

    entity: str
    oid: str
    amount: object
    doc: dict
    credit: bool


class Applied(Document):
    """What both kinds of payment have in common."""

    charges = credits = ()
    aliases = {}  # names of entities in a link that aren't their own
    numbered = False
    custom_pref = ("SalesFormsPrefs", "NoCustomField", "-")

    def lines(self, change, party):
        doc = change.doc
        doc["TotalAmt"] = money(doc["TotalAmt"]) if "TotalAmt" in doc else None
        if doc["TotalAmt"] is None:
            raise required("TotalAmt")
        if doc["TotalAmt"] < 0:
            raise business("The transaction amount must be 0 or greater.")
        change.parts = [self.part(change, line) for line in doc.get("Line", [])]
        self.check_sums(change)
        self.complete(change)

    def part(self, change, line):
        """The document a line pays; 620 if it can't be linked."""
        links = line.get("LinkedTxn") or []
        if len(links) != 1:
            raise required("LinkedTxn")
        link = links[0]
        entity = self.aliases.get(link.get("TxnType"), link.get("TxnType"))
        if entity not in (*self.charges, *self.credits, "JournalEntry"):
            raise unlinkable(link, "this type cannot be linked")
        line["Amount"] = money(line.get("Amount"))
        found = change.company.get(entity, link["TxnId"])
        if found is None:
            raise unlinkable(link, "it does not exist")
        part = Part(
            entity, link["TxnId"], line["Amount"], found, entity in self.credits
        )
        if entity != "JournalEntry":
            self.check_part(change, part, link)
        return part

    def check_part(self, change, part, link):
        """Same partner, same currency, enough still open."""
        doc = change.doc
        if not self.same_party(change, part.doc):
            raise unlinkable(link, "it belongs to somebody else")
        if part.doc["CurrencyRef"] != doc["CurrencyRef"]:
            raise business("You can only use one foreign currency per transaction.")
        mine = mine_of(change.company, doc.get("Id"), part.oid)
        if part.amount <= 0 or part.amount > self.open(change, part) + mine:
            raise business(
                "The amount applied is more than the open balance of "
                f"{part.entity} {part.oid}."
            )

    def open(self, change, part):
        """What is still open on a document."""
        return part.doc["Balance"]

    def same_party(self, change, target):
        """The target's partner is the payment's, or below it."""
        wanted = change.doc[self.party_field]["value"]
        oid = (target.get(self.party_field) or target["EntityRef"])["value"]
        while oid and oid != wanted:
            above = change.company.get(self.party_kind, oid) or {}
            oid = (above.get("ParentRef") or {}).get("value")
        return oid == wanted

    def sums(self, change):
        """(charges, credits) applied."""
        charged = sum((p.amount for p in change.parts if not p.credit), ZERO)
        return charged, sum((p.amount for p in change.parts if p.credit), ZERO)

    def linked(self, change):
        apply_parts(change)

    def unlink(self, change):
        change.parts = []
        apply_parts(change, change.old["Id"])

    def voiding(self, change):
        self.removing(change)
        zero(change.doc)
        change.doc["Line"] = []

    def settled(self, change, sign):
        """A/R or A/P cleared at the documents' own rates, in home cents."""
        rate, total = currency.rate(change.doc), 0
        for part in change.parts:
            amount = money(part.amount * currency.rate(part.doc))
            total += -cents(amount) if part.credit else cents(amount)
        charged, credited = self.sums(change)
        rest = change.doc["TotalAmt"] - charged + credited
        return sign * (total + cents(rest * rate))

    def gain(self, company, entries):
        """What is left over is exchange gain or loss."""
        rest = sum(entry.cents for entry in entries)
        if rest:
            entries.append(Entry(company.account("ExchangeGainOrLoss"), -rest))
        return entries


class Payment(Applied):
    """Money from a customer."""

    charges, credits = ("Invoice", "Purchase"), ("CreditMemo",)
    aliases = {"Expense": "Purchase", "Check": "Purchase"}

    def check_part(self, change, part, link):
        if part.entity == "Purchase":
            self.check_refund(change, part, link)
        super().check_part(change, part, link)

    def check_refund(self, change, part, link):
        """Money given back: an expense or a check of a customer."""
        named = expenses.LINK_TYPES[part.doc["PaymentType"]]
        if link["TxnType"] != named or expenses.payee(part.doc)[0] != "Customer":
            raise unlinkable(link, "this type cannot be linked")

    def open(self, change, part):
        if part.entity != "Purchase":
            return super().open(change, part)
        company = change.company
        used = ledger_hooks.applied_to(company, part.oid)
        return expenses.refunded(company, part.doc) - used

    def check_sums(self, change):
        charged, credited = self.sums(change)
        rest = change.doc["TotalAmt"] - charged + credited
        if rest < 0:
            raise business("The amount applied is more than the payment.")
        if credited > charged:
            raise business("More credit than invoices.")
        change.doc["UnappliedAmt"] = rest

    def complete(self, change):
        """Where the money lies."""
        doc, company = change.doc, change.company
        if not doc.get("DepositToAccountRef"):
            doc["DepositToAccountRef"] = account_ref(company, "UndepositedFunds")
        money_account(company, doc["DepositToAccountRef"])
        doc.setdefault("ProcessPayment", False)
        doc.setdefault("Line", [])
        keep_links(change, ("Deposit",))

    def entries(self, change):
        company, doc = change.company, change.doc
        total = cents(doc["TotalAmt"])
        code = doc["CurrencyRef"]["value"]
        receivable = (doc.get("ARAccountRef") or {}).get("value")
        found = [
            Entry(
                doc["DepositToAccountRef"]["value"],
                cents(dec(doc["TotalAmt"]) * currency.rate(doc)),
                own=total,
            ),
            Entry(
                receivable or sales_ledger.receivable(company, code),
                self.settled(change, -1),
                ("Customer", doc["CustomerRef"]["value"]),
                own=-total,
            ),
        ]
        return self.gain(company, found), []


class BillPayment(Applied):
    """Money to a vendor."""

    party_field, party_kind = "VendorRef", "Vendor"
    charges, credits = ("Bill",), ("VendorCredit",)

    def lines(self, change, party):
        lines = change.doc.get("Line") or []
        drop = change.company.knob("billpayment_purchase_link") == "drop"
        kept = [line for line in lines if not drop or not purchase(line)]
        if not lines:
            raise required("Line")
        change.doc["Line"] = kept
        super().lines(change, party)

    def check_sums(self, change):
        charged, credited = self.sums(change)
        if change.parts and change.doc["TotalAmt"] != charged - credited:
            raise business("The payment must equal the bills less the credits.")

    def complete(self, change):
        """The account the money leaves, by the kind of payment."""
        doc, total = change.doc, change.doc["TotalAmt"]
        block, field = METHODS[doc.get("PayType") or _no_type()]
        ref = (doc.get(block) or {}).get(field)
        if not ref and total:
            raise required(field)
        wanted = "Bank" if field == "BankAccountRef" else "Credit Card"
        if ref and change.company.account_type(ref["value"]) != wanted:
            raise Fault(6430, f"Invalid account type used : {field}", field)
        doc.pop("APAccountRef", None)

    def entries(self, change):
        company, doc = change.company, change.doc
        total = cents(doc["TotalAmt"])
        block, field = METHODS[doc["PayType"]]
        ref = (doc.get(block) or {}).get(field)
        found = [
            Entry(
                sales_ledger.payable(company, doc["CurrencyRef"]["value"]),
                self.settled(change, 1),
                ("Vendor", doc["VendorRef"]["value"]),
                own=total,
            )
        ]
        if ref:
            home = cents(dec(doc["TotalAmt"]) * currency.rate(doc))
            found.append(Entry(ref["value"], -home, own=-total))
        return self.gain(company, found), []


METHODS = {
    "Check": ("CheckPayment", "BankAccountRef"),
    "CreditCard": ("CreditCardPayment", "CCAccountRef"),
}


def _no_type():
    raise required("PayType")


def purchase(line):
    """True for a line that links a Purchase (dropped with a 200)."""
    return any(one.get("TxnType") == "Purchase" for one in line.get("LinkedTxn") or [])


def unlinkable(link, why):
    """620."""
    return Fault(
        620,
        f"Transaction {link.get('TxnType')} {link.get('TxnId')} cannot be "
        f"linked : {why}",
        "LinkedTxn",
    )


RULES = {"Payment": Payment(), "BillPayment": BillPayment()}
