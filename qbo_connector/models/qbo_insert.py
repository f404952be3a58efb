# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Many rows of our own tables at once, past the ORM, which takes longer."""

from odoo.tools import SQL

from ..qbo.money import to_json


def insert_rows(model, rows, skip_known=False):
    """Make rows in one plain statement.

    Nothing is computed, no default is set, nobody is told: for what needs none of it.

    :param model: an empty recordset; its table's log fields are filled
    :param list rows: dicts of the same fields, values as for ``create``
    :param bool skip_known: leave out rows that a unique index has already
    :return: the records made, in the order of the rows; nothing of them is cached
    """
    if not rows:
        return model.browse()
    fields = [model._fields[name] for name in rows[0]]
    logged = ("create_uid", "create_date", "write_uid", "write_date")
    found = model.env.execute_query(
        SQL(
            "INSERT INTO %(table)s (%(logged)s, %(names)s)"
            " SELECT %(user)s, %(now)s, %(user)s, %(now)s, %(names)s"
            " FROM jsonb_to_recordset(%(rows)s::jsonb) AS row(%(columns)s)"
            " %(conflict)s RETURNING id",
            conflict=SQL("ON CONFLICT DO NOTHING" if skip_known else ""),
            table=SQL.identifier(model._table),
            logged=_names(logged),
            names=_names(rows[0]),
            user=model.env.uid,
            now=model.env.cr.now(),
            columns=SQL(", ").join(
                SQL("%s %s", SQL.identifier(field.name), SQL(field.column_type[1]))
                for field in fields
            ),
            rows=to_json(
                [{f.name: _value(f, row[f.name]) for f in fields} for row in rows]
            ),
        )
    )
    return model.browse(oid for (oid,) in found)


def _names(names):
    return SQL(", ").join(map(SQL.identifier, names))


def _value(field, value):
    """As it is stored: what isn't set is nothing."""
    return None if value is False and field.type != "boolean" else value
