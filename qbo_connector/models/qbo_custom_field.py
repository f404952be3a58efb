# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
# Apart from the models whose links and settings it adds to.
# pylint: disable=consider-merging-classes-inherited
import re

from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError

from ..qbo import payloads, text
from ..qbo.errors import Blocked
from .qbo_field_text import TEXTS, text_at

ENTITY = "CustomField"
# What is shown of a linked record: what it is called, and of people and companies
# what stands on paper. Fields that somebody has added (x_…) are meant to be shown.
SECRET = re.compile("token|password|secret|^signature")
NAMES = {"name", "display_name", "code", "ref", "reference", "client_order_ref"}
PARTIES = ("res.partner", "res.company", "res.users")
ON_PAPER = {
    *("vat", "company_registry", "email", "phone", "website", "function"),
    *("street", "street2", "zip", "city", "state_id", "country_id"),
}


def _may_be_shown(model, name, field):
    if name.startswith("x_"):
        return not field.relational
    return name in NAMES or (model in PARTIES and name in ON_PAPER)


def _needs_groups(field):
    """Whether not everybody may read it: nor may everybody see it on a form.

    Our own fields are for all internal users.
    """
    if SECRET.search(field.name):
        return True
    return bool(field.groups) and field.groups != "base.group_user"


class QboCustomField(models.Model):
    """Which field of Odoo a custom field of QuickBooks' forms shows.

    QuickBooks' API takes texts of up to 31 characters in them.
    """

    _name = "qbo.custom.field"
    _inherit = "qbo.guarded"
    _description = "QuickBooks custom field"
    _order = "reference_id, res_model"
    _rec_name = "path"

    backend_id = fields.Many2one(
        "qbo.backend", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", related="backend_id.company_id", store=True
    )
    form = fields.Char(compute="_compute_form")
    reference_id = fields.Many2one(
        "qbo.reference",
        "In QuickBooks",
        required=True,
        ondelete="cascade",
        domain="[('backend_id', '=', backend_id), ('entity', '=', 'CustomField'), "
        "('kind', '=', form)]",
        help="A custom field that is switched on in QuickBooks.",
    )
    res_model = fields.Selection(
        [
            ("sale.order", "Sale order"),
            ("stock.picking", "Delivery"),
            ("account.move", "Invoice or credit note"),
        ],
        "Document",
        required=True,
        default="sale.order",
        help="Whose field it is. What a delivery or an invoice has no line for here is "
        "taken from its sale order.",
    )
    path = fields.Char(
        "Field in Odoo",
        required=True,
        help="A dot leads to a field of a linked record, as in user_id.name.",
    )
    when_long = fields.Selection(
        [("cut", "Cut at 31 characters"), ("block", "A person decides")],
        "Longer texts",
        required=True,
        default="cut",
        help="QuickBooks takes 31 characters in a custom field.",
    )

    _field_uniq = models.UniqueIndex(
        "(backend_id, reference_id, res_model)",
        "This custom field shows another field of these documents already.",
    )

    @api.depends("res_model")
    def _compute_form(self):
        for row in self:
            model = self.env[row.res_model] if row.res_model else None
            row.form = model._qbo_custom_form if model is not None else False

    # --------------------------------------------------------------- checks
    def _check_path(self):
        """Asked as who writes it: constraints run with all rights.

        :raise ValidationError: if the path isn't one that may be shown
        """
        for row in self.with_env(self.env(su=False)):
            row._fields_on_path()

    def _fields_on_path(self):
        """:raise ValidationError: as `_check_path`"""
        model, *names = self.res_model, *self.path.split(".")
        if len(names) > 2:
            raise ValidationError(
                self.env._("“%s” leads too far: one linked record, no more.", self.path)
            )
        for place, name in enumerate(names, 1):
            field = self._field(self.env[model], name)
            last = place == len(names)
            if not last and field.type != "many2one":
                raise ValidationError(
                    self.env._("“%s” leads to no other record.", name)
                )
            if place == 2 and not _may_be_shown(model, name, field):
                raise ValidationError(
                    self.env._("“%s” of a linked record is not shown.", name)
                )
            model = field.comodel_name
        if field.type not in TEXTS:
            raise ValidationError(
                self.env._("“%s” can't be written as a text.", self.path)
            )

    def _field(self, model, name):
        """:raise ValidationError: if there is none that whoever asks may read"""
        field = model._fields.get(name)
        if not field:
            raise ValidationError(
                self.env._(
                    "%(model)s has no field “%(name)s”.",
                    model=self.env["ir.model"]._get(model._name).name,
                    name=name,
                )
            )
        own = model._name == self.res_model
        readable = (
            not _needs_groups(field)
            and model._has_field_access(field, "read")
            and (own or model.has_access("read"))
            and (
                not field.comodel_name
                or self.env[field.comodel_name].has_access("read")
            )
        )
        if not readable:
            raise ValidationError(self.env._("You may not read “%s”.", name))
        return field

    @api.constrains("reference_id", "backend_id", "res_model")
    def _check_free(self):
        for row in self:
            reference = row.reference_id
            fits = (reference.entity, reference.kind, reference.backend_id)
            if fits != (ENTITY, row.form, row.backend_id):
                raise ValidationError(
                    self.env._(
                        "“%s” is no custom field of these documents.",
                        reference.display_name,
                    )
                )
            if reference in row.backend_id._reference_fields():
                raise ValidationError(
                    self.env._(
                        "“%s” shows the other side's order number already.",
                        reference.name,
                    )
                )

    # --------------------------------------------------------------- tracked
    @api.model
    @tools.ormcache("model")
    def _tracked(self, model):
        """The fields of a model whose change may change a custom field."""
        # The names of fields, for all who write documents.
        rows = self.sudo().search([("res_model", "=", model)])
        return frozenset(path.split(".")[0] for path in rows.mapped("path"))

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        rows = super().create(vals_list)
        rows._check_path()
        return rows

    def write(self, vals):
        self.env.registry.clear_cache()
        result = super().write(vals)
        self._check_path()
        return result

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()

    # ------------------------------------------------------------------ send
    def _payload(self, record, texts):
        """What QuickBooks is told of one document, or None if the field is empty.

        :raise Blocked: if the text is too long and a person shall decide
        """
        self._check_still()
        found = text_at(record, self.path)
        limit = text.LIMITS[ENTITY]
        if self.when_long == "block" and not text.fits(found, limit, texts.charset):
            raise self._too_long(found, limit)
        reference = self.reference_id
        return payloads.custom_field(reference.qbo_id, found, reference.name, texts)

    def _check_still(self):
        """Rows of long ago, and fields that have got groups since.

        :raise Blocked: if the path isn't one that may be shown
        """
        try:
            # What is allowed at all, whoever wrote it.
            self.with_env(self.env(su=True))._fields_on_path()
        except ValidationError as error:
            raise Blocked(
                self.path.split(".")[0],
                str(error),
                self.env._(
                    "Choose another field (QuickBooks → Configuration → Connections, "
                    "Custom fields)."
                ),
                "custom_field",
            ) from error

    def _too_long(self, found, limit):
        return Blocked(
            self.path.split(".")[0],
            self.env._(
                "“%(text)s” is too long for the custom field “%(name)s”: QuickBooks "
                "takes %(limit)s characters.",
                text=found,
                name=self.reference_id.name,
                limit=limit,
            ),
            self.env._(
                "Shorten it and retry, or have longer texts cut (QuickBooks → "
                "Configuration → Connections, Custom fields)."
            ),
            "custom_field",
        )


class QboBackend(models.Model):
    _inherit = "qbo.backend"

    custom_field_ids = fields.One2many(
        "qbo.custom.field", "backend_id", "Custom fields", copy=False
    )

    def _reference_fields(self):
        """The custom fields that show the other side's own reference."""
        return self.po_number_field_id

    @api.constrains("po_number_field_id")
    def _check_reference_fields(self):
        self.custom_field_ids._check_free()


class QboDocument(models.AbstractModel):
    _inherit = "qbo.document"

    # Which of QuickBooks' forms a model's documents are: Sales or Purchase.
    _qbo_custom_form = ""

    def _qbo_field_records(self):
        """Return the records whose fields custom fields show, the nearest first."""
        return [self]

    def _qbo_custom_fields(self, backend, texts):
        """The mapped custom fields of a document, for `payloads`.

        :raise Blocked: if a text is too long and a person shall decide
        """
        # Not those that were switched off in QuickBooks since.
        rows = backend.custom_field_ids.filtered("reference_id.active")
        found = {}
        for record in self._qbo_field_records():
            for row in rows.filtered(lambda row, r=record: row.res_model == r._name):
                found.setdefault(row.reference_id, (row, record))
        return [row._payload(record, texts) for row, record in found.values()]

    def _qbo_tracked_keys(self):
        mapped = self.env["qbo.custom.field"]._tracked(self._name)
        return super()._qbo_tracked_keys() | mapped
