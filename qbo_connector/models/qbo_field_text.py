# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A field of Odoo as text: what is found at the end of a path like user_id.name."""

from odoo import fields
from odoo.tools import html2plaintext

from ..qbo.money import D, number_text


def text_at(record, path):
    """The text of a field of one record, or of one that it is linked with.

    Numbers have the digits Odoo shows, dates are ISO, times in the company's zone.
    """
    *links, name = path.split(".")
    for link in links:
        record = record[link]
    texts = [text_of(one, name) for one in record]
    return ", ".join(dict.fromkeys(text for text in texts if text))


def text_of(record, name):
    """The text of one field of one record; "" if it is empty, "0" for zero."""
    field, value = record._fields[name], record[name]
    if value is False and field.type != "boolean":
        return ""
    return TEXTS[field.type](record, field, value)


def _plain(record, field, value):
    return str(value)


def _html(record, field, value):
    return html2plaintext(value).strip()


def _boolean(record, field, value):
    return record.env._("Yes") if value else record.env._("No")


def _float(record, field, value):
    digits = field.get_digits(record.env)
    return f"{value:.{digits[1]}f}" if digits else number_text(D(value))


def _money(record, field, value):
    currency = record[field.get_currency_field(record)]
    return f"{value:.{currency.decimal_places if currency else 2}f}"


def _moment(record, field, value):
    zone = record.env.company.partner_id.tz or record.env.user.tz or "UTC"
    local = fields.Datetime.context_timestamp(record.with_context(tz=zone), value)
    return local.strftime("%Y-%m-%d %H:%M")


def _choice(record, field, value):
    return dict(field._description_selection(record.env)).get(value, str(value))


def _names(record, field, value):
    return ", ".join(name for name in value.mapped("display_name") if name)


# The types of field that can be shown; others have no text.
TEXTS = {
    "char": _plain,
    "text": _plain,
    "html": _html,
    "integer": _plain,
    "float": _float,
    "monetary": _money,
    "boolean": _boolean,
    "date": _plain,
    "datetime": _moment,
    "selection": _choice,
    "many2one": _names,
}
