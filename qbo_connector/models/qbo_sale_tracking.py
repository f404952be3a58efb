# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
# Apart from the file of the amounts.
# pylint: disable=consider-merging-classes-inherited
from odoo import models

# What of a document decides, the most telling first; for a class, the analytic
# accounts of its lines come before all that.
CLASS_BY = ("team", "website", "warehouse", "salesperson")
LOCATION_BY = ("warehouse", "team", "website", "salesperson")


class QboSaleDocument(models.AbstractModel):
    """Class and location of a sales document."""

    _inherit = "qbo.sale.document"

    def _qbo_dimensions(self):
        """Return what a class or a location may stand for: {kind: record or None}."""
        order = self._qbo_sale_orders()[:1]
        # Of an addon that may not be there.
        website = order["website_id"] if "website_id" in order._fields else None
        return {
            "team": order.team_id,
            "website": website,
            "warehouse": order.warehouse_id,
            "salesperson": order.user_id,
        }

    def _qbo_class_id(self, backend, accounts):
        """Return the id of the class of lines with these analytic accounts, or ""."""
        return backend._line_class(self._qbo_class_sources(accounts))

    def _qbo_class_sources(self, accounts):
        dimensions = self._qbo_dimensions()
        return [*accounts, *(dimensions[kind] for kind in CLASS_BY)]

    def _qbo_tracking(self, backend):
        """Class and location of the whole document, for `payloads`.

        Analytic accounts decide a document's class only if all lines have the same.
        """
        lines = self._qbo_form_lines().filtered(lambda line: not line.display_type)
        common = lines._qbo_common_analytic()
        dimensions = self._qbo_dimensions()
        return {
            "class_id": backend._document_class(self._qbo_class_sources(common)),
            "department_id": backend._location(
                [dimensions[kind] for kind in LOCATION_BY]
            ),
        }
