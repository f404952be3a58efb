# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.qbo_connector.qbo.money import D

from ..payloads import ORDER

STATES = [("open", "Open"), ("partial", "Partly paid"), ("paid", "Paid")]


class QboVendorBill(models.Model):
    """A Bill or VendorCredit in QuickBooks that belongs to purchase orders.

    Whoever made it: Odoo, or the bookkeeper in QuickBooks. By these rows an order
    shows what it was billed by, and what is paid.
    """

    _name = "qbo.vendor.bill"
    _inherit = "qbo.mixin"
    _description = "Bill in QuickBooks"
    _order = "date desc, id desc"
    _qbo_pages = {
        "Bill": ("bill", "txnId"),
        "VendorCredit": ("vendorcredit", "txnId"),
    }

    backend_id = fields.Many2one(
        "qbo.backend", required=True, index=True, ondelete="cascade", readonly=True
    )
    company_id = fields.Many2one(
        "res.company", related="backend_id.company_id", store=True, index=True
    )
    entity = fields.Selection(
        [("Bill", "Bill"), ("VendorCredit", "Vendor credit")],
        "Kind",
        required=True,
        readonly=True,
    )
    bill_id = fields.Char("ID in QuickBooks", required=True, readonly=True)
    name = fields.Char("Number", readonly=True)
    date = fields.Date(readonly=True)
    due_date = fields.Date(readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    total = fields.Monetary(readonly=True)
    balance = fields.Monetary("To pay", readonly=True)
    state = fields.Selection(STATES, compute="_compute_state", store=True)
    billed = fields.Json(
        readonly=True,
        help="Line of a purchase order → [quantity, amount], in the product's unit.",
    )
    order_ids = fields.Many2many(
        "purchase.order", "qbo_vendor_bill_order_rel", readonly=True
    )
    bill_url = fields.Char("Open in QuickBooks", compute="_compute_bill_url")
    can_read = fields.Boolean(compute="_compute_can_read", search="_search_can_read")

    _bill_uniq = models.UniqueIndex("(backend_id, entity, bill_id)")

    @api.depends("total", "balance")
    def _compute_state(self):
        for bill in self:
            if not bill.balance:
                bill.state = "paid"
            else:
                bill.state = "partial" if bill.balance < bill.total else "open"

    @api.depends("order_ids")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_can_read(self):
        """Who may read one of its orders; rules are evaluated as superuser."""
        readable = self.order_ids.sudo(False)._filtered_access("read")
        for bill in self:
            bill.can_read = bool(set(readable.ids) & set(bill.order_ids.ids))

    def _search_can_read(self, operator, value):
        orders = self.env["purchase.order"].sudo(False)
        if operator != "in" or True not in value:
            return NotImplemented
        if not orders.has_access("read"):
            return Domain.FALSE
        return Domain("order_ids", "in", orders._search([]))

    def _compute_bill_url(self):
        for bill in self:
            page, key = self._qbo_page(bill.entity)
            bill.bill_url = bill.backend_id._app_url(page, **{key: bill.bill_id})

    def action_open_bill(self):
        """Open the bill in QuickBooks."""
        self._qbo_check_role("read")
        self.ensure_one()
        return {"type": "ir.actions.act_url", "url": self.bill_url, "target": "new"}

    # ---------------------------------------------------------------- rows
    @api.model
    def _note(self, backend, entity, values, orders=None):
        """Remember what QuickBooks says of a bill.

        :param dict values: the Bill or VendorCredit as QuickBooks has it
        :param orders: purchase orders it belongs to, beside those it is linked to
        :return: the row; an empty recordset if it concerns no order of ours
        """
        row = self._find(backend, entity, values["Id"])
        linked, billed = self._linked_orders(backend, values)
        orders = linked | (orders or linked) | row.order_ids
        if not orders:
            return row
        facts = {**self._facts(values), "billed": billed, "order_ids": orders.ids}
        if row:
            row.write(facts)
            return row
        key = {"backend_id": backend.id, "entity": entity, "bill_id": values["Id"]}
        return self.create({**key, **facts})

    @api.model
    def _qbo_import_bill(self, backend, objects):
        """Bills made in QuickBooks: those of our orders are shown on them.

        Where the setting says so, they become vendor bills in Odoo.
        """
        for values in objects:
            row = self._note(backend, "Bill", values)
            if row:
                row._keep_link(backend, values)

    def _keep_link(self, backend, values):
        """Link the bill: with Odoo's vendor bill, made now if that is wanted."""
        bindings = self.env["qbo.binding"]
        known = bindings._of_objects(backend, self.entity, [values]).get(values["Id"])
        if known:
            known.write(known._version(values))
            return
        record = self
        if backend.import_bills:
            record = self.env["account.move"]._qbo_make_bill(backend, values, self)
        bindings._link(backend, self.entity, [(record, values)])

    def _qbo_on_removed(self, binding, reason):
        self.exists().unlink()

    def _order_line(self, line):
        """The order's line that a line of the bill is linked to."""
        for one in line.get("LinkedTxn", []):
            link = self._order_links(self.backend_id, {"LinkedTxn": [one]})
            key = link and _key_of(link[one["TxnId"]], one.get("TxnLineId"))
            if key:
                return self.env["purchase.order.line"].browse(int(key)).exists()
        return self.env["purchase.order.line"]

    @api.model
    def _find(self, backend, entity, bill_id):
        return self.search(
            [
                ("backend_id", "=", backend.id),
                ("entity", "=", entity),
                ("bill_id", "=", bill_id),
            ]
        )

    @api.model
    def _forget(self, backend, entity, bill_id):
        """It was deleted in QuickBooks: its orders are no longer billed by it."""
        self._find(backend, entity, bill_id).unlink()

    def _facts(self, values):
        code = (values.get("CurrencyRef") or {}).get("value")
        currency = self.env["res.currency"].with_context(active_test=False)
        found = currency.search([("name", "=", code)], limit=1) if code else currency
        total = D(values.get("TotalAmt") or 0)
        return {
            "name": values.get("DocNumber") or values["Id"],
            "date": values.get("TxnDate"),
            "due_date": values.get("DueDate"),
            "currency_id": (found or self.env.company.currency_id).id,
            "total": float(total),
            "balance": float(D(values.get("Balance", total))),
        }

    def _linked_orders(self, backend, values):
        """Return (our orders, {order line: [quantity, amount]}) of a bill's links."""
        links = self._order_links(backend, values)
        orders = self.env["purchase.order"].browse(
            link.res_id for link in links.values()
        )
        billed = {}
        for line in values.get("Line", []):
            for one in line.get("LinkedTxn", []):
                link = links.get(one["TxnId"])
                key = link and _key_of(link, one.get("TxnLineId"))
                if key and one["TxnType"] == ORDER:
                    _add(billed, key, line)
        return orders.exists(), billed

    def _order_links(self, backend, values):
        parts = [values, *values.get("Line", [])]
        ids = {
            one["TxnId"]
            for part in parts
            for one in part.get("LinkedTxn", [])
            if one["TxnType"] == ORDER
        }
        links = self.env["qbo.binding"].search(
            [
                ("backend_id", "=", backend.id),
                ("entity", "=", ORDER),
                ("qbo_id", "in", list(ids)),
            ]
        )
        return {link.qbo_id: link for link in links}


def _key_of(link, line_id):
    """The Odoo line behind a line of a PurchaseOrder."""
    by_id = {value: key for key, value in (link.line_ids or {}).items()}
    return by_id.get(line_id)


def _add(billed, key, line):
    detail = line.get(line["DetailType"]) or {}
    quantity, amount = billed.get(key, (0.0, 0.0))
    billed[key] = [
        quantity + float(detail.get("Qty") or 0),
        amount + float(line.get("Amount") or 0),
    ]
