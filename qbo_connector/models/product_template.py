# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from .qbo_binding import STATES
from .qbo_guarded import MANAGER
from .qbo_mixin import URGENCY


class ProductTemplate(models.Model):
    """A product shows what its variants are in QuickBooks: the most urgent first."""

    _inherit = "product.template"

    qbo_state = fields.Selection(
        STATES,
        "QuickBooks",
        compute="_compute_qbo",
        compute_sudo=True,
        search="_search_qbo_state",
        help="Where this product stands on its way to QuickBooks.",
        groups="base.group_user",
    )
    qbo_url = fields.Char(
        "Link into QuickBooks",
        compute="_compute_qbo",
        compute_sudo=True,
        groups="base.group_user",
    )
    qbo_message = fields.Text(
        "QuickBooks message",
        compute="_compute_qbo",
        compute_sudo=True,
        groups="base.group_user",
    )

    @api.depends("product_variant_ids")
    @api.depends_context("company")
    def _compute_qbo(self):
        for template in self:
            variants = template.product_variant_ids.filtered("qbo_state")
            first = variants.sorted(lambda one: URGENCY.index(one.qbo_state))[:1]
            template.qbo_state = first.qbo_state
            template.qbo_url = first.qbo_url
            template.qbo_message = first.qbo_message

    def _search_qbo_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        return [("product_variant_ids.qbo_state", "in", value)]

    def action_qbo_push(self):
        """Push all variants now."""
        self._qbo_check_role("write")
        return self.product_variant_ids.action_qbo_push()

    def action_qbo_preview(self):
        """Show what would be sent of the first variant."""
        self._qbo_check_role("read")
        return self.product_variant_ids[:1].action_qbo_preview()

    def action_qbo_compare(self):
        """Compare the first variant that both sides changed."""
        self._qbo_check_role("read", MANAGER)
        variants = self.product_variant_ids
        drifted = variants.filtered(lambda one: one.qbo_state == "drifted")
        return drifted[:1].action_qbo_compare()

    def action_qbo_open_logs(self):
        """Show the sync log of all variants."""
        self._qbo_check_role("read")
        return self.product_variant_ids.action_qbo_open_logs()

    def action_qbo_show(self):
        """Open the one Item in QuickBooks, or the list of variants."""
        self._qbo_check_role("read")
        self.ensure_one()
        if len(self.product_variant_ids) == 1:
            return self.product_variant_ids.action_qbo_show()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "product.product_variant_action"
        )
        action["domain"] = [("product_tmpl_id", "=", self.id)]
        action["context"] = {}
        return action
