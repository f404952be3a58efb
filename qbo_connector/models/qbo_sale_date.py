# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
# Apart from the files of the documents themselves.
# pylint: disable=consider-merging-classes-inherited
from odoo import fields, models
from odoo.exceptions import UserError

from ..qbo.errors import Blocked
from .qbo_guarded import MANAGER
from .qbo_once import once
from .qbo_sale_document import FORMS

ITEM = "Item"
TOO_EARLY = ("closed", "start")
NOT_BOOKED = ("Estimate",)


class QboBinding(models.Model):
    """When a sale is booked, and since when QuickBooks counts an item."""

    _inherit = "qbo.binding"

    start_date = fields.Date(
        readonly=True,
        help="InvStartDate of an Inventory item: QuickBooks refuses documents dated "
        "before it (6270).",
    )
    dated = fields.Date(
        readonly=True,
        help="The document's date in Odoo when it was sent; it may be booked on a "
        "later day.",
    )
    book_late = fields.Boolean(
        readonly=True,
        help="A person chose the first day that QuickBooks takes.",
    )

    def _version(self, values, model=None, entity=None):
        version = super()._version(values, model, entity)
        # An update's answer needn't have it.
        if (entity or self.entity) == ITEM and values.get("InvStartDate"):
            version["start_date"] = values["InvStartDate"]
        return version

    def _on_read(self, values):
        if self.entity == ITEM:
            self.start_date = values.get("InvStartDate")
        return super()._on_read(values)

    def _starts_after(self, day):
        """Return those of these items that QuickBooks counts only since after a day,
        as far as is known."""
        return self.filtered(lambda link: link.start_date and link.start_date > day)

    def action_book_late(self):
        """Book on the first day that QuickBooks takes; the real date is in the note.

        :raise AccessError: if the user is no QuickBooks manager
        :raise UserError: if the date isn't what holds it up
        """
        self._qbo_check_role("write", MANAGER)
        if any(link.error_code not in TOO_EARLY for link in self):
            raise UserError(self.env._("Its date isn't what holds it up."))
        # Checked above; links are the connector's.
        self.sudo().book_late = True
        return self.action_retry()


class QboSaleDocument(models.AbstractModel):
    _inherit = "qbo.sale.document"

    def _qbo_booked_on(self, backend, entity):
        """Return the day it is booked on: its own, or the first that QuickBooks takes.

        What is in QuickBooks keeps its day, whatever is closed later.

        :raise Held, Blocked: if it isn't booked
        """
        link = self._qbo_link(backend, entity)
        if self._qbo_keeps_day(link):
            said = {**link.sent, **(link.said or {})}
            return fields.Date.to_date(said["TxnDate"])
        day = backend._open_date(self._qbo_date(), link.book_late)
        late = self._qbo_late_items(backend, entity, day).sorted("start_date")[-1:]
        if not late:
            return day
        if link.book_late or backend.closed_policy == "next":
            return late.start_date
        raise self._qbo_too_early(day, late)

    def _qbo_keeps_day(self, link):
        return link.qbo_id and link.dated == self._qbo_date()

    def _qbo_to_read(self, backend, entity):
        """Items that QuickBooks counts only later: the bookkeeper may have set an
        earlier start, which is possible in QuickBooks only, not through its API."""
        found = super()._qbo_to_read(backend, entity)
        link = self._qbo_link(backend, entity)
        if entity not in FORMS or self._qbo_keeps_day(link):
            return found
        day = backend._open_date(self._qbo_date(), link.book_late)
        return found | self._qbo_late_items(backend, entity, day)

    def _qbo_late_items(self, backend, entity, day):
        """The links of the items sold that QuickBooks counts only since after a day."""
        if entity in NOT_BOOKED:
            return self.env["qbo.binding"]
        key = "stored items", self._name, self.id
        items = once(self.env, key, lambda: self._qbo_stored_items(backend))
        return items._starts_after(day)

    def _qbo_stored_items(self, backend):
        products = self.env["product.product"].union(
            *(self._qbo_item_product(backend, line) for line in self._qbo_sold_lines())
        )
        stored = products.filtered("is_storable")
        bindings = self.env["qbo.binding"]
        return bindings.union(*(bindings._of(backend, one, ITEM) for one in stored))

    def _qbo_sold_lines(self):
        return self._qbo_form_lines().filtered("product_id")

    def _qbo_too_early(self, day, late):
        return Blocked(
            "date_order",
            self.env._(
                "It is dated %(date)s, but QuickBooks counts %(item)s only since "
                "%(start)s, and takes no sale of it before.",
                date=day,
                item=late.name,
                start=late.start_date,
            ),
            self.env._(
                "Book it on that day (button), or set an earlier start date of the "
                "product in QuickBooks (its starting value) and retry. Settings can "
                "book such sales on the first possible day."
            ),
            "start",
        )

    def _qbo_after_push(self, binding, answer, created):
        result = super()._qbo_after_push(binding, answer, created)
        if "CustomerRef" in answer:
            binding.dated = self._qbo_date()
        return result


class SaleOrder(models.Model):
    _inherit = "sale.order"

    qbo_too_early = fields.Boolean(
        compute="_compute_qbo_too_early",
        compute_sudo=True,
        help="QuickBooks doesn't take the date; a later day may be chosen.",
        groups="base.group_user",
    )

    def _compute_qbo_too_early(self):
        for order in self:
            order.qbo_too_early = bool(order._qbo_early_links())

    def _qbo_early_links(self):
        shown = self._qbo_shown(self._qbo_bindings())
        return shown.filtered(
            lambda link: link.state == "blocked" and link.error_code in TOO_EARLY
        )

    def action_qbo_book_late(self):
        """Book on the first day that QuickBooks takes.

        :raise AccessError: if the user is no QuickBooks manager
        """
        self._qbo_check_role("read", MANAGER)
        return self._qbo_early_links().sudo(False).action_book_late()
