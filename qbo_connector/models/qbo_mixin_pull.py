# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
# Apart from the engine's file of the way to QuickBooks.
# pylint: disable=consider-merging-classes-inherited
import json

from odoo import api, models

from ..qbo import changes, merge
from ..qbo.errors import Blocked
from ..qbo.money import to_json
from .pull_match import Matches
from .qbo_once import remembered

RULES = [
    ("odoo", "Odoo's value counts"),
    ("quickbooks", "QuickBooks' value counts"),
    ("newest", "The latest change counts"),
]


class QboMixin(models.AbstractModel):
    """The way back. A model takes over an entity by having a method

    `_qbo_import_<entity>(backend, objects)`: objects are QuickBooks' dicts, new
    or changed since Odoo saw them last (echoes of our own writes are left out,
    deleted ones go to `_qbo_on_removed`). It makes or changes records and links
    them with `qbo.binding._link(backend, entity, [(record, object), …])`. It may
    return {QuickBooks id: reason} for objects it refuses. It may also raise
    `Blocked` or `UserError`: then the objects are tried one by one, and what
    fails stands on the list of changes with the reason.

    List entries need less: `_qbo_pulled` names the fields, `_qbo_read_<entity>`
    turns them into Odoo's values, and `_qbo_take_over` does the rest.
    """

    _inherit = "qbo.mixin"

    # Whether changes of records that Odoo made are taken over as well (lists);
    # documents that Odoo made are only watched: they become drifted or gone.
    _qbo_two_way = False
    # Entity -> the fields of QuickBooks that are taken over.
    _qbo_pulled = {}
    # Whether several jobs of a first import may make such records at the same time.
    _qbo_side_by_side = False
    # Fields whose default is one for all, but costs a look-up for each new record.
    _qbo_shared_defaults = ()

    # --------------------------------------------------------------- hooks
    def _qbo_on_removed(self, binding, reason):
        """Called when the object was voided or deleted in QuickBooks."""
        self._qbo_tell(f"{binding.entity}: {reason}")

    def _qbo_not_drift(self, binding, values):
        """Return the object without changes of QuickBooks that nobody is asked about.

        :param dict values: the object as QuickBooks has it
        """
        return values

    def _qbo_watched(self, values):
        """Called when a document that Odoo has made was touched in QuickBooks."""

    def _qbo_on_merged(self, binding, qbo_id):
        """Called when the object was merged into another one in QuickBooks.

        :param str qbo_id: the id that is left; another record has it already
        """

    @api.model
    def _qbo_stock_ahead(self, backend, products):
        """Say what documents of this kind mean for comparing quantities.

        :return: ({product id: by how much QuickBooks' quantity is lower than Odoo's
            because of them}, {product id: [names of those still on their way]})
        """
        return {}, {}

    def _qbo_find_objects(self, backend, entity, objects):
        """Find the records that objects without a link stand for.

        :return: `Matches`
        """
        return Matches({}, {}, {})

    def _qbo_read(self, backend, entity, values, names):
        """Return Odoo's values for the named fields of an object.

        :raise Blocked: if there is no counterpart in Odoo
        """
        return getattr(self, f"_qbo_read_{entity.lower()}")(backend, values, names)

    def _qbo_rule(self, backend):
        """Which side counts if both changed a field: a key of RULES."""
        return "odoo"

    # ----------------------------------------------------------- take over
    def _qbo_take_over(self, backend, entity, objects):
        """Take over entries of a list: known ones field by field, others as new.

        :return: {QuickBooks id: reason} for what was refused
        """
        links = self.env["qbo.binding"]._of_objects(backend, entity, objects)
        unknown = [values for values in objects if values["Id"] not in links]
        found, refused, _rules = self._qbo_find_objects(backend, entity, unknown)
        for values in objects:
            link = links.get(values["Id"])
            if link and link.res_model == self._name:
                link._record()._qbo_merge_object(link, values)
            elif link:
                link._watch(values)
            elif values["Id"] in found:
                found[values["Id"]]._qbo_adopt(backend, entity, values)
        new = [
            values
            for values in unknown
            if values["Id"] not in found and values["Id"] not in refused
        ]
        self._qbo_create_from(backend, entity, new)
        return refused

    def _qbo_create_from(self, backend, entity, objects):
        """Make a record of each object and link it; many at once.

        No look-up and no write for each single record here: that, and not what
        Odoo itself does to create one, is what would make an import slow.
        """
        if not objects:
            return self.browse()
        rows = self._qbo_rows(backend, entity, objects)
        shared = self.default_get(self._qbo_shared_defaults)
        defaults = {f"default_{name}": value for name, value in shared.items()}
        # Nobody follows what the chatter would say of thousands of new records.
        quiet = self.with_context(tracking_disable=True, **defaults)
        with remembered(self.env):
            records = quiet.create(rows)
        pairs = list(zip(records, objects, strict=True))
        self.env["qbo.binding"]._link(backend, entity, pairs)._agree_all()
        return records

    def _qbo_rows(self, backend, entity, objects):
        """Return the values to create a record with, for each object."""
        names = self._qbo_pulled[entity]
        links = self.env["qbo.binding"]
        with links._parents_known(backend, entity, objects):
            return [self._qbo_read(backend, entity, one, names) for one in objects]

    def _qbo_adopt(self, backend, entity, values):
        """Link a record that was found, and even out the fields taken over.

        All others stay as they are on both sides (accounts, quantities).
        """
        link = self.env["qbo.binding"]._link(
            backend, entity, [(self, values)], imported=False
        )
        body = self._qbo_prepared(backend, entity)
        for name in self._qbo_pulled[entity]:
            body.pop(name, None)
        sent = json.loads(to_json(body))
        link.write({"snapshot": False, "sent": sent, "said": False})
        self._qbo_merge_object(link, values)

    def _qbo_merge_object(self, link, values):
        """Take over what only QuickBooks changed; send what only Odoo changed.

        What both changed goes by the rule, and is said on the record: nothing is
        lost unseen.
        """
        if not self.exists():
            return
        theirs = link._their_changes(values)
        mine = link._my_changes()
        both = {
            name
            for name in theirs & set(mine)
            if not merge.covers(mine[name], values.get(name))
        }
        lost = both if self._qbo_theirs_count(link.backend_id, values) else set()
        take = (theirs - set(mine)) | lost
        fresh = self._qbo_read(link.backend_id, link.entity, values, take)
        if both:
            self._qbo_tell_conflict(both, mine, values, lost)
        self._qbo_write_changed(fresh)
        link.write(link._facts(values))
        link._agree_now({name: values.get(name) for name in set(mine) - take})

    def _qbo_theirs_count(self, backend, values):
        rule = self._qbo_rule(backend)
        if rule != "newest":
            return rule == "quickbooks"
        moment = changes.updated(values)
        return bool(moment) and moment >= self.write_date

    def _qbo_write_changed(self, values):
        """Write only what differs: an unchanged record is left alone."""
        different = {
            name: value
            for name, value in values.items()
            if self._fields[name].convert_to_write(self[name], self) != (value or False)
        }
        if different:
            self.write(different)

    def _qbo_tell_conflict(self, names, mine, values, lost):
        """One line in the chatter: what both had, and which one counts now."""
        texts = [
            self.env._(
                "%(field)s: “%(ours)s” in Odoo, “%(theirs)s” in QuickBooks",
                field=name,
                ours=_plain(mine[name]),
                theirs=_plain(values.get(name)),
            )
            for name in sorted(names)
        ]
        kept = "QuickBooks" if lost else "Odoo"
        if hasattr(self, "_message_log"):
            self._message_log(
                body=self.env._(
                    "Changed in Odoo and in QuickBooks; %(kept)s counts. %(texts)s.",
                    kept=kept,
                    texts="; ".join(texts),
                )
            )

    # --------------------------------------------------------- first import
    @api.model
    def _qbo_before_import(self, backend, lines):
        """Make what several jobs would else make at the same time, each its own.

        :param Domain lines: of the `qbo.import.line` that are linked or become new
        """

    def _qbo_plan(self, backend, entity, objects):
        """Say what would become of each object: values of `qbo.import.line`."""
        found, refused, rules = self._qbo_find_objects(backend, entity, objects)
        plans = []
        for values in objects:
            record = found.get(values["Id"])
            plan = self._qbo_plan_one(entity, values)
            if record:
                plan.update(action="link", res_id=record.id, rule=rules[values["Id"]])
                plan["differences"] = record._qbo_differences(backend, entity, values)
            elif values["Id"] in refused:
                plan.update(action=False, reason=refused[values["Id"]])
            plans.append(plan)
        return plans

    def _qbo_plan_one(self, entity, values):
        """What a line of the review says of an object that is new."""
        return {
            "name": title(values),
            "res_model": self._name,
            "res_id": 0,
            "action": "create",
            "rank": values.get("Level") or 0,
        }

    def _qbo_differences(self, backend, entity, values):
        """Names of the fields that both sides have with different values."""
        body = self._qbo_prepared(backend, entity)
        names = [
            name
            for name in self._qbo_pulled[entity]
            if body.get(name)
            and values.get(name)
            and not merge.covers(body[name], values[name])
        ]
        return ", ".join(names) or False

    def _qbo_prepared(self, backend, entity):
        """What would be sent now, or {} if it can't be sent."""
        try:
            return self._qbo_body(backend, entity)
        except (Blocked, KeyError):
            return {}


def title(values):
    """What a person knows an object of QuickBooks by."""
    names = ("DisplayName", "FullyQualifiedName", "Name", "DocNumber", "Id")
    return next(str(values[name]) for name in names if values.get(name))


def _plain(value):
    """A value of QuickBooks in one line."""
    if isinstance(value, dict):
        return ", ".join(_plain(one) for one in value.values() if one)
    return str(value if value is not None else "")
