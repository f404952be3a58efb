"""Payments of customers and to vendors, and what they are applied to."""

from dataclasses import dataclass

from ..errors import Fault, business, required
from ..ledger import Entry
from ..values import ZERO, cents, dec, from_cents, money
from . import currency, sales_ledger
from .document import Document
from .sales import account_ref, keep_links, money_account, zero


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
        entity = link.get("TxnType")
        if entity not in (*self.charges, *self.credits, "JournalEntry"):
            raise unlinkable(link, "this type cannot be linked")
        line["Amount"] = money(line.get("Amount"))
        found = change.company.get(entity, link["TxnId"])
        if found is None:
            raise unlinkable(link, "it does not exist")
        part = Part(entity, link["TxnId"], line["Amount"], found, entity in self.credits)
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
        if part.amount <= 0 or part.amount > part.doc["Balance"] + mine:
            raise business("The amount applied is more than the open balance of "
                           f"{part.entity} {part.oid}.")

    def same_party(self, change, target):
        """The target's partner is the payment's, or below it."""
        wanted = change.doc[self.party_field]["value"]
        oid = target[self.party_field]["value"]
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

    charges, credits = ("Invoice",), ("CreditMemo",)

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
            Entry(doc["DepositToAccountRef"]["value"],
                  cents(dec(doc["TotalAmt"]) * currency.rate(doc)), own=total),
            Entry(receivable or sales_ledger.receivable(company, code),
                  self.settled(change, -1), ("Customer", doc["CustomerRef"]["value"]),
                  own=-total)]
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
        found = [Entry(sales_ledger.payable(company, doc["CurrencyRef"]["value"]),
                       self.settled(change, 1), ("Vendor", doc["VendorRef"]["value"]),
                       own=total)]
        if ref:
            home = cents(dec(doc["TotalAmt"]) * currency.rate(doc))
            found.append(Entry(ref["value"], -home, own=-total))
        return self.gain(company, found), []


METHODS = {"Check": ("CheckPayment", "BankAccountRef"),
           "CreditCard": ("CreditCardPayment", "CCAccountRef")}


def _no_type():
    raise required("PayType")


def purchase(line):
    """True for a line that links a Purchase (dropped with a 200)."""
    return any(one.get("TxnType") == "Purchase" for one in line.get("LinkedTxn") or [])


def unlinkable(link, why):
    """620."""
    return Fault(620, f"Transaction {link.get('TxnType')} {link.get('TxnId')} cannot be "
                 f"linked : {why}", "LinkedTxn")


def mine_of(company, payer, target):
    """What this payment has on that document already."""
    row = company.store.one(
        "SELECT SUM(cents) FROM applied WHERE realm=? AND payer=? AND target=?",
        company.realm, payer or "", target)
    return from_cents(row[0])


def apply_parts(change, payer=None):
    """Write what the payment is applied to and refresh the documents that changed."""
    company, realm = change.company, change.company.realm
    payer = payer or change.doc["Id"]
    before = rows_of(company, "payer", payer)
    company.store.run("DELETE FROM applied WHERE realm=? AND payer=?", realm, payer)
    kind = link_type(change)
    for part in change.parts:
        company.store.run("INSERT INTO applied VALUES (?,?,?,?,?,?,?)", realm, payer,
                          kind, part.oid, part.entity, cents(part.amount), "")
    after = rows_of(company, "payer", payer)
    for entity, oid in sorted({key[:2] for key in before ^ after}):
        refresh_target(company, entity, oid)


def link_type(change):
    """Name of the payment in the LinkedTxn of what it pays."""
    if change.entity.name == "Payment":
        return "Payment"
    return "BillPayment" + change.doc["PayType"]


def rows_of(company, column, oid):
    """{(target entity, target, payer entity, payer, cents)} by payer or target."""
    rows = company.store.rows(
        "SELECT target_entity, target, payer_entity, payer, cents FROM applied"
        f" WHERE realm=? AND {column}=?", company.realm, oid)
    return set(rows)


def refresh_target(company, entity, oid):
    """Balance and links of a document after a payment changed."""
    doc = company.get(entity, oid)
    if doc is None:
        return
    rows = sorted(rows_of(company, "target", oid))
    links = [{"TxnId": payer, "TxnType": kind} for _, _, kind, payer, _ in rows]
    kept = [one for one in doc.get("LinkedTxn", [])
            if not one["TxnType"].startswith(("Payment", "BillPayment"))]
    doc["LinkedTxn"] = kept + [one for n, one in enumerate(links)
                               if one not in links[:n]]
    if "Balance" in doc:
        used = sum((from_cents(row[4]) for row in rows), ZERO)
        doc["Balance"] = doc["TotalAmt"] - used - dec(doc.get("Deposit"))
        if "RemainingCredit" in doc:
            doc["RemainingCredit"] = doc["Balance"]
        if "HomeBalance" in doc:
            doc["HomeBalance"] = money(doc["Balance"] * currency.rate(doc))
    if not doc["LinkedTxn"]:
        del doc["LinkedTxn"]
    company.touch(entity, doc)


def release_target(change):
    """A document goes: its payments keep their money, unapplied."""
    company, oid = change.company, change.old["Id"]
    for _, _, kind, payer, _ in sorted(rows_of(company, "target", oid)):
        entity = "Payment" if kind == "Payment" else "BillPayment"
        release(company, entity, payer, oid)
    company.store.run("DELETE FROM applied WHERE realm=? AND target=?",
                      company.realm, oid)
    links = [one for one in change.doc.get("LinkedTxn", [])
             if not one["TxnType"].startswith(("Payment", "BillPayment"))]
    change.doc["LinkedTxn"] = links
    if not links:
        change.doc.pop("LinkedTxn")


def release(company, entity, payer, target):
    """Take one document out of a payment and write the payment anew."""
    from ..catalog import ENTITIES
    from ..engine import Change
    from . import rule_for

    doc = company.get(entity, payer)
    rule = rule_for(entity)
    doc["Line"] = [line for line in doc.get("Line", [])
                   if line["LinkedTxn"][0]["TxnId"] != target]
    change = Change(company, ENTITIES[entity], {}, doc, doc)
    change.parts = [rule.part(change, line) for line in doc["Line"]]
    charged, credited = rule.sums(change)
    if credited > charged:
        doc["Line"], change.parts = [], []
        charged = credited = ZERO
    if entity == "Payment":
        doc["UnappliedAmt"] = doc["TotalAmt"] - charged + credited
    company.store.run("DELETE FROM applied WHERE realm=? AND payer=? AND target=?",
                      company.realm, payer, target)
    company.touch(entity, doc)
    rule.effects(change)


RULES = {"Payment": Payment(), "BillPayment": BillPayment()}
