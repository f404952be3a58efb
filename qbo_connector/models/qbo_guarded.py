# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from markupsafe import Markup, escape

from odoo import api, models
from odoo.exceptions import AccessError

USER = "qbo_connector.group_qbo_user"
MANAGER = "qbo_connector.group_qbo_manager"
ADMIN = "qbo_connector.group_qbo_admin"
# What says whose a row is and what it stands for.
KEYS = frozenset(
    (
        *("backend_id", "company_id", "binding_id", "import_id", "compare_id"),
        *("adjustment_id", "partner_id", "res_model", "res_id", "entity", "qbo_id"),
    )
)


def plain(text):
    """A plain text for a field that holds HTML: whatever it says, it is no tag."""
    return escape(text or "").replace("\n", Markup("<br/>"))


class QboGuarded(models.AbstractModel):
    """Rows that steer what runs with sudo.

    What a form shows as readonly, nobody writes over RPC either: it is the
    connector's. What says whose a row is, is given once, when the row is made.
    """

    _name = "qbo.guarded"
    _description = "Row that the connector steers by"

    # Fields that can't be changed any more once the row is there.
    _qbo_keys = KEYS
    # Fields that only QuickBooks administrators write.
    _qbo_admins = frozenset()

    @api.model_create_multi
    def create(self, vals_list):
        if self.env.su:
            return super().create(vals_list)
        self._qbo_check_names({name for vals in vals_list for name in vals})
        # A default of the context is a value that the caller sends, too.
        context = {
            key: value
            for key, value in self.env.context.items()
            if not key.startswith("default_")
            or not self._qbo_is_engines(key.removeprefix("default_"))
        }
        clean = self.with_env(self.env(context=context))
        records = super(QboGuarded, clean).create(vals_list)
        return records.with_env(self.env)

    def write(self, vals):
        if self.env.su:
            return super().write(vals)
        self.check_access("write")
        self._qbo_check_names(vals, self._qbo_keys)
        result = super().write(vals)
        self.check_access("write")
        return result

    def _qbo_check_names(self, names, keys=frozenset()):
        """:raise AccessError: if one of these fields is not the user's to write"""
        admin = self.env.user.has_group(ADMIN)
        for name in names:
            refused = name in keys or self._qbo_is_engines(name)
            if refused or (name in self._qbo_admins and not admin):
                raise AccessError(
                    self.env._(
                        "“%(field)s” of %(model)s isn't yours to write.",
                        field=name,
                        model=self._description,
                    )
                )

    @api.model
    def _qbo_is_engines(self, name):
        field = self._fields.get(name)
        return bool(field) and field.readonly


class Base(models.AbstractModel):
    _inherit = "base"

    def _qbo_check_role(self, operation, group=USER):
        """The first line of each public method: the role, and the right on the rows.

        :raise AccessError: if the user lacks one of them
        """
        if not self.env.su and not self.env.user.has_group(group):
            raise AccessError(self.env._("Your role in QuickBooks doesn't allow this."))
        self.check_access(operation)
