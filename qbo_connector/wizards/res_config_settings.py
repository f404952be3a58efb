# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from ..models.qbo_guarded import ADMIN


class ResConfigSettings(models.TransientModel):
    """The switches of the current company's connection."""

    _inherit = "res.config.settings"

    qbo_backend_id = fields.Many2one("qbo.backend", compute="_compute_qbo_backend_id")
    qbo_state = fields.Selection(related="qbo_backend_id.state")
    qbo_company_name = fields.Char(related="qbo_backend_id.qbo_company_name")
    qbo_setup_todo = fields.Html(related="qbo_backend_id.setup_todo")
    qbo_push_sales = fields.Boolean(related="qbo_backend_id.push_sales", readonly=False)
    qbo_pull_stock = fields.Boolean(related="qbo_backend_id.pull_stock", readonly=False)
    qbo_stock_location_id = fields.Many2one(
        related="qbo_backend_id.stock_location_id",
        readonly=False,
        domain="[('usage', '=', 'internal'), "
        "('company_id', 'in', [False, company_id])]",
    )
    qbo_log_days = fields.Integer(related="qbo_backend_id.log_days", readonly=False)

    @api.depends("company_id")
    def _compute_qbo_backend_id(self):
        for settings in self:
            settings.qbo_backend_id = self.env["qbo.backend"]._for_company(
                settings.company_id
            )

    def action_qbo_setup(self):
        """Open the set-up assistant of the company's connection, or of a new one."""
        self._qbo_check_role("read", ADMIN)
        backend = self.env["qbo.backend"]._for_company(self.env.company).sudo(False)
        if backend:
            return backend.action_setup_open()
        return backend._setup_action(backend)

    def action_qbo_open(self):
        """Open the company's connection."""
        self._qbo_check_role("read", ADMIN)
        return self.qbo_backend_id.action_setup_finish()
