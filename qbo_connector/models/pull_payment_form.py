# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a Payment of QuickBooks means in Odoo: how much, and for which invoices."""

from functools import cached_property

from odoo import fields

from ..qbo.errors import Blocked
from ..qbo.money import D, round_half_up

ENTITY = "Payment"


class PaymentForm:
    """Reads a Payment; changes nothing.

    QuickBooks: TotalAmt is the money, UnappliedAmt what isn't applied yet. Lines
    say what it is applied to; credits among them add to the money.
    """

    def __init__(self, env, backend, values, payment=None):
        # What QuickBooks says is taken over with the connection's rights.
        self.env = env(su=True)
        # What QuickBooks says is taken over with the connection's rights.
        self.backend = backend.sudo()
        self.values = values
        self.payment = payment

    @cached_property
    def parts(self):
        """[(link of an Invoice, Decimal)] of what Odoo's sales are billed by."""
        amounts = {}
        for line in self.values.get("Line") or []:
            for one in line.get("LinkedTxn") or []:
                if one["TxnType"] == "Invoice":
                    known = amounts.get(one["TxnId"], D(0))
                    amounts[one["TxnId"]] = known + D(line["Amount"])
        links = self.env["qbo.binding"]._of_objects(
            self.backend, "Invoice", [{"Id": qbo_id} for qbo_id in amounts]
        )
        return [(link, amounts[qbo_id]) for qbo_id, link in links.items()]

    @cached_property
    def unapplied(self):
        return D(self.values.get("UnappliedAmt") or 0)

    @cached_property
    def applied(self):
        """Money for Odoo's sales: not what credits pay, nor what others owe."""
        ours = sum((amount for _link, amount in self.parts), D(0))
        return min(ours, D(self.values["TotalAmt"]) - self.unapplied)

    @property
    def amount(self):
        return self.applied + self.unapplied

    @cached_property
    def currency(self):
        """:raise Blocked: if Odoo doesn't use it"""
        code = (self.values.get("CurrencyRef") or {}).get("value")
        if not code:
            return self.backend.company_id.currency_id
        found = self.env["res.currency"].search([("name", "=", code)])
        if not found:
            raise Blocked(
                "currency_id",
                self.env._("Odoo doesn't use the currency %s.", code),
                self.env._("Activate it in Odoo, then try again."),
                "currency",
            )
        return found

    # ------------------------------------------------------------- invoices
    @cached_property
    def invoices(self):
        """Odoo's posted invoices of these sales, the first due first."""
        found = self.env["account.move"].union(
            *(_invoices(link) for link, _amount in self.parts)
        )
        return found.filtered(self._is_open_to_it).sorted(_by_due_date)

    def _is_open_to_it(self, move):
        return (
            move.state == "posted"
            and move.move_type == "out_invoice"
            and move.company_id == self.backend.company_id
            and move.currency_id == self.currency
        )

    @cached_property
    def account(self):
        """The receivable account of the invoices."""
        return _terms(self.invoices).account_id[:1]

    def lines(self, move):
        """The invoice's instalments this payment can be set off against."""
        return _terms(move).filtered(lambda line: line.account_id == self.account)

    @cached_property
    def plan(self):
        """[(invoice, Decimal)]: as QuickBooks applies it, as far as Odoo's are open.

        :raise Blocked: if an invoice is paid in Odoo already
        """
        left, found = self.applied, {}
        for link, amount in self.parts:
            todo = min(amount, left)
            for move in _invoices(link) & self.invoices:
                part = min(todo, self._open(move) - found.get(move, D(0)))
                if part > 0:
                    found[move] = found.get(move, D(0)) + part
                    todo -= part
                    left -= part
        if left > self._not_invoiced():
            raise self._too_much(left)
        return sorted(found.items(), key=lambda pair: _by_due_date(pair[0]))

    def _open(self, move):
        """What is open on an invoice without this payment."""
        residual = sum(self.lines(move).mapped("amount_residual_currency"))
        return self._round(residual) + dict(self.applied_now()).get(move, D(0))

    def applied_now(self):
        """[(invoice, Decimal)] that the payment in Odoo is applied to."""
        if not self.payment:
            return []
        found = {}
        for partial in self.payment.move_id.line_ids.matched_debit_ids:
            move = partial.debit_move_id.move_id
            known = found.get(move, D(0))
            found[move] = known + self._round(partial.debit_amount_currency)
        return sorted(found.items(), key=lambda pair: _by_due_date(pair[0]))

    def _not_invoiced(self):
        """What is billed in QuickBooks, and not by an invoice of Odoo yet."""
        billed = sum((self._round(move.amount_total) for move in self.invoices), D(0))
        total = sum((D(link.qbo_total or 0) for link, _amount in self.parts), D(0))
        return max(total - billed, D(0))

    def _round(self, amount):
        return round_half_up(D(amount), self.currency.decimal_places)

    def _too_much(self, left):
        return Blocked(
            "amount",
            self.env._(
                "QuickBooks has %(left)s more paid on %(names)s than is open in Odoo.",
                left=left,
                names=", ".join(self.invoices.mapped("name")),
            ),
            self.env._(
                "If Odoo has this payment already, dismiss this one. Else correct the "
                "invoice in Odoo, then try again."
            ),
            "paid",
        )

    # --------------------------------------------------------------- values
    def header(self):
        """Odoo's values of the payment.

        :raise Blocked: if no journal stands for its account
        """
        journal = self.backend._received_journal(
            self.values.get("DepositToAccountRef") or {}
        )
        method = self._method(journal)
        reference = self.values.get("PaymentRefNum")
        values = {
            "date": fields.Date.to_date(self.values["TxnDate"]),
            "amount": float(self.amount),
            "currency_id": self.currency.id,
            "journal_id": journal.id,
            "payment_method_line_id": method.id,
            "outstanding_account_id": self._outstanding(method).id,
            "payment_reference": reference or False,
            "memo": reference or f"QuickBooks {self.values['Id']}",
        }
        if self.invoices:
            values["partner_id"] = self.invoices[0].commercial_partner_id.id
            values["destination_account_id"] = self.account.id
        return values

    def _method(self, journal):
        """The journal's method of the name QuickBooks' method has, else its first."""
        ref = self.values.get("PaymentMethodRef") or {}
        known = self.backend._references("PaymentMethod").filtered(
            lambda row: row.qbo_id == ref.get("value")
        )
        name = (known.name or ref.get("name") or "").casefold()
        methods = journal.inbound_payment_method_line_ids
        named = methods.filtered(lambda one: (one.name or "").casefold() == name)
        return (named or methods)[:1]

    def _outstanding(self, method):
        """Where the money lies in Odoo; named, so that it has a journal entry."""
        company = self.backend.company_id
        payment = self.env["account.payment"].new({"company_id": company.id})
        return method.payment_account_id or payment._get_outstanding_account("inbound")


def _invoices(link):
    """The invoices in Odoo of what an Invoice of QuickBooks bills."""
    record = link._record().exists()
    if record._name == "account.move" or not record:
        return record if record else link.env["account.move"]
    # Who sees the order may know what bills it.
    return record._qbo_sale_orders().sudo().invoice_ids


def _terms(moves):
    return moves.line_ids.filtered(
        lambda line: line.display_type == "payment_term"
    ).sorted(lambda line: (line.date_maturity or line.date, line.id))


def _by_due_date(move):
    return (move.invoice_date_due or move.date, move.id)
