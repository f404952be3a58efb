# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

# Nobody documents how long QuickBooks remembers a request id: minutes for sure.
LATE = timedelta(minutes=15)


class QboAttempt(models.Model):
    """A link whose record may be in QuickBooks although we have no answer.

    Written and committed before the first try to create it leaves. It tells a late
    retry (after a killed worker, say) to look first; and of a list entry it tells
    everybody else that an object of this name may be this link's. Once the answer is
    stored it means nothing any more.
    """

    _name = "qbo.attempt"
    _description = "QuickBooks create under way"
    _log_access = False

    # No foreign key: it would wait for the worker that holds the link.
    binding_id = fields.Integer(required=True, index=True)
    begun = fields.Datetime(required=True, help="UTC; of the first try.")
    name = fields.Char(
        help="Of a list entry: what it was called when it left, in lower case; one row "
        "for each name."
    )
    record = fields.Char(
        index="btree_not_null",
        help="Of a link that was deleted: whose it was. The next one looks first.",
    )

    @api.model
    def _begin(self, binding, name=None):
        """Note, for good, that a create is about to leave.

        :param str name: of a list entry: what it is called there
        :return: (whether one has left before without a known outcome, how many links
            of this record were deleted before this one)
        """
        with self.env.registry.cursor() as cr:
            cr.execute(
                SQL(
                    """
                    WITH known AS (
                        SELECT name FROM qbo_attempt WHERE binding_id = %(link)s
                    ), made AS (
                        INSERT INTO qbo_attempt (binding_id, begun, name)
                        SELECT %(link)s, now() AT TIME ZONE 'UTC', %(name)s
                         WHERE NOT EXISTS (
                            SELECT FROM known WHERE name IS NOT DISTINCT FROM %(name)s
                         )
                    )
                    SELECT (SELECT count(*) FROM known) > 0,
                           (SELECT count(*) FROM qbo_attempt WHERE record = %(record)s)
                    """,
                    record=_record_key(binding),
                    link=binding.id,
                    name=name and name.casefold(),
                )
            )
            return cr.fetchone()

    @api.model
    def _is_late(self, binding):
        """Whether a create may have left too long ago for its request id."""
        found = self.search(
            [
                "|",
                ("binding_id", "=", binding.id),
                ("record", "=", _record_key(binding)),
            ],
            order="begun",
            limit=1,
        )
        return bool(found) and found.begun < fields.Datetime.now() - LATE

    @api.model
    def _begun(self, binding):
        """When the first create without a known outcome left (UTC), or False."""
        mine = [("binding_id", "=", binding.id)]
        return self.search(mine, order="begun", limit=1).begun

    @api.model
    def _unanswered(self, backend, entity, but=None):
        """Return {name: state of its link} of the list entries that may be in
        QuickBooks without our knowing which ones they are.

        Asked in a new transaction: what has left since this one began counts.

        :param but: a link that isn't meant
        """
        with self.env.registry.cursor() as cr:
            cr.execute(
                "SELECT attempt.name, link.state FROM qbo_attempt attempt"
                "  JOIN qbo_binding link ON link.id = attempt.binding_id"
                " WHERE link.backend_id = %s AND link.entity = %s AND link.id != %s"
                "   AND link.qbo_id IS NULL AND link.state != 'gone'"
                "   AND attempt.name IS NOT NULL",
                [backend.id, entity, but.id if but else 0],
            )
            return dict(cr.fetchall())

    @api.model
    def _end(self, binding):
        """The outcome is known: definitely refused, or there and gone again.

        (This transaction needn't see the row: it may have begun before.)
        """
        with self.env.registry.cursor() as cr:
            cr.execute("DELETE FROM qbo_attempt WHERE binding_id = %s", [binding.id])

    @api.model
    def _remember_deleted(self, links):
        """Whoever is linked anew looks first, and then makes a new request of it:
        QuickBooks may have all of these, or have them no more."""
        long_ago = fields.Datetime.now() - 2 * LATE
        self.create(
            [
                {"binding_id": 0, "begun": long_ago, "record": _record_key(link)}
                for link in links
            ]
        )

    @api.autovacuum
    def _gc_stored(self):
        """Drop the rows of links whose answer is stored.

        (The transaction that stores it can't: it began before the row was made.)
        """
        self.env.cr.execute(
            "DELETE FROM qbo_attempt USING qbo_binding link"
            " WHERE link.id = binding_id AND qbo_id IS NOT NULL"
        )


def _record_key(link):
    parts = (link.backend_id.id, link.res_model, link.res_id, link.entity)
    return ":".join(map(str, parts))
