# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from ..qbo import text

TERM_NAME = 31


class AccountPaymentTerm(models.Model):
    """Payment terms → Term. A mapping counts first; a simple one can be made."""

    _name = "account.payment.term"
    _inherit = ["account.payment.term", "qbo.mixin"]
    _qbo_entities = ("Term",)
    _qbo_pages = {"Term": ("terms", "termId")}

    qbo_simple_days = fields.Integer(
        compute="_compute_qbo_simple_days",
        help="Days until the whole amount is due; -1 if the terms have parts.",
        groups="base.group_user",
    )

    @api.depends("line_ids.value", "line_ids.nb_days", "line_ids.delay_type")
    def _compute_qbo_simple_days(self):
        for term in self:
            line = term.line_ids
            simple = len(line) == 1 and line.delay_type == "days_after"
            term.qbo_simple_days = line.nb_days if simple else -1

    def _qbo_term(self, backend):
        """Return the mapped list entry, or an empty recordset."""
        return self.env["qbo.mapping"]._get(backend, self, "Term")

    def _qbo_needs_term(self, backend):
        """True if the term has to be made in QuickBooks first."""
        return self.qbo_simple_days >= 0 and not self._qbo_term(backend)

    def _qbo_term_ref(self, backend):
        """Return the QuickBooks id; None if QuickBooks has no such terms.

        Terms in parts have no counterpart: the document's DueDate says it.
        """
        mapped = self._qbo_term(backend)
        if mapped:
            return mapped.qbo_id
        simple = self.qbo_simple_days >= 0
        return self._qbo_ref(backend, "Term") if simple else None

    def _qbo_match(self, backend, entity):
        name = text.clean(self.name, TERM_NAME, charset=backend._charset())
        return [(self.env._("name"), "Name", name)]

    def _qbo_prepare_term(self, backend):
        name = text.clean(self.name, TERM_NAME, charset=backend._charset())
        return {"Name": name, "DueDays": self.qbo_simple_days}
