# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from ..models.qbo_guarded import MANAGER


class QboBulkPush(models.TransientModel):
    """Choose what goes to QuickBooks in one go: the first load."""

    _name = "qbo.bulk.push"
    _description = "Bulk push to QuickBooks"

    backend_id = fields.Many2one(
        "qbo.backend", required=True, domain=[("state", "=", "connected")]
    )
    customers = fields.Boolean(
        default=True, help="Contacts with a sale order or a customer rank."
    )
    products = fields.Boolean(default=True, help="Products that can be sold.")
    sales = fields.Boolean("Confirmed sale orders", help="Those without an Invoice.")
    since = fields.Date(
        "Ordered since", default=lambda self: fields.Date.context_today(self)
    )
    customer_count = fields.Integer(compute="_compute_counts")
    product_count = fields.Integer(compute="_compute_counts")
    sale_count = fields.Integer(compute="_compute_counts")

    @api.depends("backend_id", "since")
    def _compute_counts(self):
        for push in self:
            push.customer_count = len(push._new(push._customers(), "Customer"))
            push.product_count = len(push._new(push._products(), "Item"))
            push.sale_count = len(push._new(push._sales(), "Invoice"))

    def action_start(self):
        """Queue the chosen records; the connection's page shows the progress."""
        self._qbo_check_role("write", MANAGER)
        self.ensure_one()
        self.backend_id.check_access("write")
        self.backend_id._start_bulk(self._work())
        return {
            "type": "ir.actions.act_window",
            "res_model": "qbo.backend",
            "res_id": self.backend_id.id,
            "views": [(False, "form")],
        }

    def _work(self):
        """Return [(records, entity), …]: what others need comes first."""
        work = []
        if self.customers:
            work.append((self._new(self._customers(), "Customer"), "Customer"))
        if self.products:
            work.append((self._new(self._products(), "Item"), "Item"))
        if self.sales:
            work.append((self._new(self._sales(), "Invoice"), "Invoice"))
        return work

    def _customers(self):
        company = self.backend_id.company_id
        return self.env["res.partner"].search(
            [
                ("company_id", "in", [False, company.id]),
                ("parent_id", "=", False),
                "|",
                ("customer_rank", ">", 0),
                ("sale_order_ids", "!=", False),
            ]
        )

    def _products(self):
        company = self.backend_id.company_id
        return self.env["product.product"].search(
            [
                ("company_id", "in", [False, company.id]),
                ("sale_ok", "=", True),
                ("type", "!=", "combo"),
            ]
        )

    def _sales(self):
        return self.env["sale.order"].search(
            [
                ("company_id", "=", self.backend_id.company_id.id),
                ("state", "=", "sale"),
                ("date_order", ">=", self.since or fields.Date.today()),
            ]
        )

    def _new(self, records, entity):
        """Those that have no object in QuickBooks yet."""
        linked = self.env["qbo.binding"].search(
            [
                ("backend_id", "=", self.backend_id.id),
                ("res_model", "=", records._name),
                ("entity", "=", entity),
                ("qbo_id", "!=", False),
            ]
        )
        return records - records.browse(linked.mapped("res_id"))
