# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from .qbo_guarded import MANAGER

STATES = [
    ("differs", "Differs"),
    ("waiting", "On its way"),
    ("explained", "Explained"),
    ("refused", "Not corrected"),
]
SEND_SLICE = 100  # lines of one adjustment


class QboStockLine(models.Model):
    """One product whose quantity differs between Odoo and QuickBooks."""

    _name = "qbo.stock.line"
    _inherit = "qbo.guarded"
    _description = "Stock difference with QuickBooks"
    _order = "state, product_id"
    _rec_name = "product_id"

    backend_id = fields.Many2one(
        "qbo.backend", required=True, index=True, ondelete="cascade", readonly=True
    )
    company_id = fields.Many2one(
        "res.company", related="backend_id.company_id", store=True, index=True
    )
    product_id = fields.Many2one(
        "product.product", required=True, index=True, ondelete="cascade", readonly=True
    )
    qbo_id = fields.Char("QuickBooks ID", readonly=True)
    odoo_quantity = fields.Float(
        "In Odoo", digits="Product Unit", readonly=True, aggregator=None
    )
    qbo_quantity = fields.Float(
        "In QuickBooks", digits="Product Unit", readonly=True, aggregator=None
    )
    ahead = fields.Float(
        "Invoiced, not delivered",
        digits="Product Unit",
        readonly=True,
        aggregator=None,
        help="QuickBooks has taken it off its stock already, Odoo will with the "
        "delivery.",
    )
    difference = fields.Float(
        compute="_compute_difference",
        store=True,
        digits="Product Unit",
        aggregator=None,
        help="What Odoo would gain by taking over QuickBooks' quantity.",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    value = fields.Monetary(
        compute="_compute_difference",
        store=True,
        help="The difference at the product's cost in Odoo.",
    )
    state = fields.Selection(STATES, required=True, readonly=True)
    reason = fields.Char(readonly=True)

    _product_uniq = models.UniqueIndex("(backend_id, product_id)")

    @api.depends("odoo_quantity", "qbo_quantity", "ahead", "backend_id")
    def _compute_difference(self):
        for line in self:
            counted = line.backend_id._stock_counts_open()
            wanted = line.qbo_quantity + (line.ahead if counted else 0.0)
            cost = line.product_id.with_company(line.company_id).standard_price
            line.difference = wanted - line.odoo_quantity
            line.value = line.difference * cost

    def _missing_in_qbo(self):
        """What QuickBooks would gain by taking over Odoo's quantity.

        What is invoiced and not delivered is off QuickBooks' stock already: it
        isn't taken off twice.
        """
        return self.odoo_quantity - self.ahead - self.qbo_quantity

    # ---------------------------------------------------------------- list
    @api.model
    def _keep(self, backend, rows):
        """Make the list say what `rows` say of their products; return its lines."""
        known = {
            line.product_id.id: line
            for line in self.search(
                [
                    ("backend_id", "=", backend.id),
                    ("product_id", "in", [row["product_id"] for row in rows]),
                ]
            )
        }
        kept = self.browse()
        for row in rows:
            line = known.get(row["product_id"])
            if line:
                line.write(row)
                kept |= line
        new = [row for row in rows if row["product_id"] not in known]
        return kept | self.create([{**row, "backend_id": backend.id} for row in new])

    @api.model
    def _forget(self, backend, product_ids):
        """Products that agree are not on the list."""
        self.search(
            [("backend_id", "=", backend.id), ("product_id", "in", product_ids)]
        ).unlink()

    # ------------------------------------------------------------ even out
    def _even_out(self):
        """As the setting says; return how many products were evened out."""
        lines = self.filtered(lambda line: line.state == "differs")
        master = self.backend_id.stock_master
        if not lines or master == "compare":
            return 0
        return lines._take_over() if master == "quickbooks" else lines._send()

    def _take_over(self):
        """Ordinary inventory adjustments, with their stock moves, in one go."""
        backend = self.backend_id
        quants = (
            self.env["stock.quant"]
            .with_company(backend.company_id)
            .with_context(inventory_mode=True)
            .create(
                [
                    {
                        "product_id": line.product_id.id,
                        "location_id": backend.stock_location_id.id,
                        "inventory_quantity": line.odoo_quantity + line.difference,
                    }
                    for line in self
                ]
            )
        )
        quants.with_context(
            inventory_name=self.env._("QuickBooks inventory")
        ).action_apply_inventory()
        count = len(self)
        self.unlink()
        return count

    def _send(self):
        """Correct QuickBooks by inventory adjustments; the lines wait for them."""
        for start in range(0, len(self), SEND_SLICE):
            self.env["qbo.stock.adjustment"]._new(self[start : start + SEND_SLICE])
        self.write({"state": "waiting", "reason": self.env._("Sent to QuickBooks.")})
        return len(self)

    # ------------------------------------------------------------- buttons
    def _check_selected(self):
        self.check_access("write")
        wrong = self.filtered(lambda line: line.state == "refused")
        if wrong:
            raise UserError(
                self.env._(
                    "%(product)s: %(reason)s",
                    product=wrong[0].product_id.display_name,
                    reason=wrong[0].reason,
                )
            )

    def action_take_over(self):
        """Take over QuickBooks' quantities of the selected products.

        :raise AccessError: if the user is no QuickBooks manager
        :raise UserError: if one of them can't be corrected safely
        """
        self._qbo_check_role("write", MANAGER)
        self._check_selected()
        self.env["stock.quant"].check_access("write")
        # The rows are the reader's; who takes them over may correct stock.
        for lines in self.sudo().grouped("backend_id").values():
            lines._take_over()
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def action_send(self):
        """Correct the selected products in QuickBooks.

        :raise AccessError: if the user is no QuickBooks manager
        :raise UserError: if one of them can't be corrected safely
        """
        self._qbo_check_role("write", MANAGER)
        self._check_selected()
        # Checked above; the rows are the reader's.
        for lines in self.sudo().grouped("backend_id").values():
            lines._send()
        return {"type": "ir.actions.client", "tag": "soft_reload"}
