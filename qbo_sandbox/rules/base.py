"""What a rule may do; an entity without its own uses this one."""


class Rule:
    """Hooks of one entity. Each may change ``change.doc`` or raise Fault."""

    def prepare(self, change):
        """Check and complete ``change.doc`` before it gets its Id and token."""

    def effects(self, change):
        """What follows in other objects and in the ledger, after the write."""

    def removing(self, change):
        """Refuse a deletion, or undo the effects first."""

    def voiding(self, change):
        """Zero the document in ``change.doc`` and undo its effects."""

    def shown(self, company, doc):
        """The stored object as answers show it."""
        return doc

    def token_step(self, change):
        """How much an update raises the SyncToken."""
        return 1
