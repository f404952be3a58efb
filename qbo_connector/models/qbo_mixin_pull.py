# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
# Apart from the engine's file of the way to QuickBooks.
# pylint: disable=consider-merging-classes-inherited
from odoo import models


class QboMixin(models.AbstractModel):
    """The way back. A model takes over an entity by having a method

    `_qbo_import_<entity>(backend, objects)`: objects are QuickBooks' dicts, new
    or changed since Odoo saw them last (echoes of our own writes are left out,
    deleted ones go to `_qbo_on_removed`). It makes or changes records and links
    them with `qbo.binding._link(backend, entity, [(record, object), …])`. It may
    raise `Blocked` or `UserError`: the objects are tried one by one then, and
    what fails stands on the list of changes with the reason.
    """

    _inherit = "qbo.mixin"

    # Whether changes of records that Odoo made are taken over as well (lists);
    # documents that Odoo made are only watched: they become drifted or gone.
    _qbo_two_way = False

    def _qbo_on_removed(self, binding, reason):
        """Called when the object was voided or deleted in QuickBooks."""
        if hasattr(self, "_message_log"):
            self._message_log(body=f"{binding.entity}: {reason}")

    def _qbo_on_merged(self, binding, qbo_id):
        """Called when the object was merged into another one in QuickBooks.

        :param str qbo_id: the id that is left; another record has it already
        """
