"""One company: its objects, ids, preferences and clock."""

import time

from .catalog import ENTITIES
from .rules import rule_for
from .values import dumps, from_cents, loads, parse_moment, stamp, today

PARTY_FIELDS = ("CustomerRef", "VendorRef")
CURRENCY = {"us": "USD", "ca": "CAD", "uk": "GBP"}
INSERT = "INSERT OR REPLACE INTO objects VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"


class Company:
    """Reads and writes the objects of one realm inside the open transaction."""

    def __init__(self, app, realm, name, kind):
        self.app, self.store = app, app.store
        self.realm, self.name, self.kind = realm, name, kind
        self.home = CURRENCY[kind]
        self.cache = {}

    def knob(self, name):
        """Value of a knob for this company."""
        return self.app.knobs.get(name, self.realm)

    def now(self):
        """Seconds since 1970 by the company's clock."""
        return time.time() + self.app.knobs.get("clock_offset", self.realm)

    def today(self):
        """Today's ISO date in the company's zone."""
        return today(self.now())

    # -- objects ----------------------------------------------------------
    def get(self, entity, oid):
        """The object as a dict, or None if it never was or is deleted."""
        row = self.store.one(
            "SELECT doc FROM objects WHERE realm=? AND entity=? AND id=? AND deleted=0",
            self.realm,
            entity,
            str(oid),
        )
        return loads(row[0]) if row else None

    def label(self, entity, oid):
        """(name, active) of an object without reading all of it, or None."""
        return self.store.one(
            "SELECT name, active FROM objects"
            " WHERE realm=? AND entity=? AND id=? AND deleted=0",
            self.realm,
            entity,
            str(oid),
        )

    def every(self, entity):
        """All live objects of an entity, by id."""
        rows = self.store.rows(
            "SELECT doc FROM objects WHERE realm=? AND entity=? AND deleted=0"
            " ORDER BY num",
            self.realm,
            entity,
        )
        return [loads(row[0]) for row in rows]

    def put(self, entity, doc, operation="Update", deleted=False):
        """Store an object as it is and note the event for the webhooks."""
        meta = doc["MetaData"]
        party = next((doc[f]["value"] for f in PARTY_FIELDS if doc.get(f)), None)
        email = (doc.get("PrimaryEmailAddr") or {}).get("Address")
        number = doc["Id"] if doc["Id"].isdigit() else 0
        self.store.run(
            INSERT,
            self.realm,
            entity,
            doc["Id"],
            int(number),
            doc.get(ENTITIES[entity].title),
            doc.get("DocNumber"),
            party,
            doc.get("Sku"),
            email,
            doc.get("TxnDate"),
            int(doc.get("Active", True)),
            int(deleted),
            int(parse_moment(meta["CreateTime"])),
            int(parse_moment(meta["LastUpdatedTime"])),
            dumps(doc),
        )
        if entity == "Account" or entity in ("Preferences", "TaxCode", "TaxRate"):
            self.cache.clear()
        if operation:
            self.app.note_event(self, entity, doc["Id"], operation)

    def touch(self, entity, doc):
        """Another object's change bumps this one: token, time, event."""
        doc["SyncToken"] = str(int(doc["SyncToken"]) + 1)
        doc["MetaData"]["LastUpdatedTime"] = stamp(self.now())
        self.put(entity, doc)

    def keep(self, entity, doc):
        """Store a computed value (a balance, a quantity) without a new token."""
        self.put(entity, doc, operation=None)

    def next_id(self, space):
        """A fresh id of the space, as text."""
        row = self.store.one(
            "INSERT INTO counters VALUES (?,?,1) ON CONFLICT (realm, space)"
            " DO UPDATE SET value=value+1 RETURNING value",
            self.realm,
            space,
        )
        return str(row[0])

    def reserve(self, space, oid):
        """Let the space's next id be above ``oid`` (seed data with fixed ids)."""
        self.store.run(
            "INSERT INTO counters VALUES (?,?,?) ON CONFLICT (realm, space)"
            " DO UPDATE SET value=max(value, excluded.value)",
            self.realm,
            space,
            int(oid),
        )

    def named(self, entities, name, but=None):
        """(entity, id, doc) that has this name among the entities, or None."""
        marks = ",".join("?" * len(entities))
        rows = self.store.rows(
            f"SELECT entity, id, doc FROM objects WHERE realm=? AND entity IN ({marks})"
            " AND name=? AND deleted=0",
            self.realm,
            *entities,
            name,
        )
        return next((row for row in rows if row[1] != but), None)

    # -- what many rules ask ------------------------------------------------
    def prefs(self):
        """The Preferences object."""
        return self.cached("prefs", lambda: self.get("Preferences", "1"))

    def pref(self, group, name, default=None):
        """One preference, e.g. ``pref("SalesFormsPrefs", "AllowShipping")``."""
        return (self.prefs().get(group) or {}).get(name, default)

    def cached(self, key, make):
        """A value that stays until accounts, taxes or preferences change."""
        if key not in self.cache:
            self.cache[key] = make()
        return self.cache[key]

    def multicurrency(self):
        """True if the company keeps books in several currencies."""
        return bool(self.pref("CurrencyPrefs", "MultiCurrencyEnabled"))

    def automated_tax(self):
        """True if Automated Sales Tax is on (US only)."""
        return self.kind == "us" and bool(self.pref("TaxPrefs", "PartnerTaxEnabled"))

    def accounts(self):
        """{id: Account} of the company."""
        return self.cached(
            "accounts", lambda: {one["Id"]: one for one in self.every("Account")}
        )

    def account(self, subtype, currency=None):
        """Id of the first active account of a sub-type (and currency), or None."""
        for one in self.accounts().values():
            held = (one.get("CurrencyRef") or {}).get("value", self.home)
            if one["AccountSubType"] == subtype and held == (currency or self.home):
                if one.get("Active", True):
                    return one["Id"]
        return None

    def account_type(self, oid):
        """AccountType of an account id ('' if there is none)."""
        return self.accounts().get(str(oid), {}).get("AccountType", "")

    def total(self, kind, key):
        """A running total of the ledger (Decimal), e.g. of an account."""
        row = self.store.one(
            "SELECT cents FROM totals WHERE realm=? AND kind=? AND key=?",
            self.realm,
            kind,
            str(key),
        )
        return from_cents(row[0] if row else 0)

    def render(self, entity, doc):
        """The object as answers show it: computed values put in."""
        return rule_for(entity).shown(self, doc)
