# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
# Apart from the engine's file, which knows no business object.
# pylint: disable=consider-merging-classes-inherited
from odoo import fields, models

from .qbo_mixin_pull import RULES
from .qbo_once import once


class QboBackend(models.Model):
    """What is taken over from QuickBooks, and which side counts."""

    _inherit = "qbo.backend"

    pull_customers = fields.Boolean(
        "Customers from QuickBooks",
        help="Customers that are new or changed in QuickBooks are taken over.",
    )
    customer_rule = fields.Selection(
        RULES,
        "Customers: both changed",
        default="odoo",
        required=True,
        help="Which side counts for a field that both sides have changed.",
    )
    pull_products = fields.Boolean(
        "Products from QuickBooks",
        help="Products and services that are new or changed in QuickBooks are "
        "taken over.",
    )
    product_rule = fields.Selection(
        RULES,
        "Products: both changed",
        default="odoo",
        required=True,
        help="Which side counts for a field that both sides have changed.",
    )
    archive_removed = fields.Boolean(
        "Archive what is removed",
        default=True,
        help="Contacts and products that are made inactive or deleted in QuickBooks "
        "are archived in Odoo.",
    )

    def _mapped_record(self, entity, qbo_id, model):
        """Return the record that stands for an entry of a QuickBooks list.

        :param str qbo_id: may be empty
        """
        if not qbo_id:
            return self.env[model]
        return once(
            self.env,
            ("mapped", self.id, entity, qbo_id, model),
            lambda: self._find_mapped(entity, qbo_id, model),
        )

    def _find_mapped(self, entity, qbo_id, model):
        references = self._references(entity).filtered(lambda row: row.qbo_id == qbo_id)
        mapping = self.mapping_ids.filtered(
            lambda row: row.res_model == model and row.reference_id in references
        )[:1]
        if mapping:
            return self.env[model].browse(mapping.res_id).exists()
        return self.env["qbo.binding"]._linked(self, entity, qbo_id, model)
