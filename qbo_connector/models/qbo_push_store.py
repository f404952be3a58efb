# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The part of a push that keeps QuickBooks' answer."""

import json

from markupsafe import Markup

from odoo import fields

from ..qbo import merge
from ..qbo.errors import Blocked
from ..qbo.money import to_json

TOTAL = "total"  # the code of a difference of totals


class Store:
    """Stores the answer on the link, compares it with what was sent, tells people."""

    def store(self, record, body, keys, digest, answer, created):
        """Keep QuickBooks' answer on the link, and compare it with what was sent.

        :raise Blocked: if another link has the object
        """
        if created and self.tried_before:
            self._check_nobodys(answer)
        self.binding.line_ids = self._line_ids(keys, body, answer)
        told = json.loads(to_json(self.with_line_ids(body, keys)))
        document = created or self.tried_before or "DocNumber" in body
        # Answers about entries of lists leave out what wasn't sent.
        self.binding._keep(told, answer if document else {**told, **answer})
        self.binding.write(
            {
                "qbo_id": answer["Id"],
                **self.binding._version(answer),
                "doc_number": answer.get("DocNumber"),
                "payload_hash": digest,
                "qbo_total": str(answer["TotalAmt"]) if "TotalAmt" in answer else False,
                "last_sync": fields.Datetime.now(),
                "warning": self._kept_otherwise(answer) if document else False,
            }
        )
        self._settle()
        if self.binding.said and self.tried_before:
            self._send_again()
        elif self._check_answer(record, body, answer):
            self._tell(record, created)
            record._qbo_after_push(self.binding, answer, created)

    def _check_nobodys(self, answer):
        """A repeated create gets its first answer; what that was, somebody else may
        have been linked with meanwhile.

        :raise Blocked: if so
        """
        objects = [answer]
        links = self.binding._of_objects(self.backend, self.entity, objects)
        other = links.get(answer["Id"], self.binding)
        if other == self.binding:
            return
        raise Blocked(
            "",
            self.env._(
                "QuickBooks' %(entity)s %(number)s was made for this record, but is "
                "linked with %(other)s.",
                entity=self.entity,
                number=answer["Id"],
                other=other.display_name,
            ),
            self.env._(
                "If both are the same, merge them in Odoo. Else have an administrator "
                "delete the link of %s (QuickBooks → History → All links), and retry "
                "both.",
                other.name,
            ),
            "taken",
        )

    def _kept_otherwise(self, answer):
        """What the link says of fields that QuickBooks has otherwise, or False."""
        said, choice = self.binding.said or {}, self.binding.choice or {}
        texts = [self.binding._choice_text()]
        chosen = choice.get("fields", [])
        left = [name for name in said if name in self.left]
        lost = {n: v for n, v in said.items() if n not in (*chosen, *left)}
        if left:
            names = ", ".join(left)
            texts.append(
                self.env._("Changed in QuickBooks and left as it is: %s", names)
            )
        if lost:
            names = ", ".join(merge.dropped(lost, answer))
            texts.append(
                self.env._("QuickBooks didn't keep these fields as sent: %s", names)
            )
        return "\n".join(text for text in texts if text) or False

    def _send_again(self):
        """What came back is the answer to an earlier try, before the record changed:
        bring QuickBooks up to date with what it has otherwise."""
        self.binding.write({"said": False, "payload_hash": False, "state": "pending"})
        self.binding._enqueue()

    def _settle(self):
        self.binding._set_pending()
        self.binding.state = "synced"

    def _check_answer(self, record, body, answer):
        """Leave a difference on the link for a person: none is tolerated unseen.

        :return: False if it is corrected first, by a push of its own
        """
        link = self.binding
        found = record._qbo_check_answer(self.backend, self.entity, body, answer)
        if isinstance(found, str):
            link.warning = f"{link.warning}\n{found}" if link.warning else found
            return True
        if found and found.code == TOTAL:
            ours = record._qbo_total(self.entity)
            if link._is_total_chosen(ours, answer["TotalAmt"]):
                return True
            if self._correct(record, body, answer):
                return False
        if found:
            self._block(found)
        return True

    def _correct(self, record, body, answer):
        """Have QuickBooks' own figures corrected where the settings say how; once."""
        if self.corrected:
            self.binding.correction = False
            return False
        found = record._qbo_correction(self.backend, self.entity, body, answer)
        self.binding.correction = json.loads(to_json(found)) if found else False
        if found:
            self.binding.write({"payload_hash": False, "state": "pending"})
            self.binding._enqueue()
        return bool(found)

    def _block(self, found):
        self.binding.write(
            {
                "state": "blocked",
                "error_code": found.code,
                "error_field": found.field,
                "error": found.reason,
                "fix": found.fix,
                # Looked at again when it is retried, changed in Odoo or not.
                "payload_hash": False,
            }
        )

    def _tell(self, record, created):
        """One line in the record's chatter, with the link into QuickBooks."""
        link = Markup('<a href="%s" target="_blank">%s</a>') % (
            self.binding.qbo_url,
            f"{self.entity} {self.binding.doc_number or self.binding.qbo_id}",
        )
        text = (
            self.env._("Created in QuickBooks: %s", link)
            if created
            else self.env._("Linked or updated in QuickBooks: %s", link)
        )
        record._qbo_tell(text)

    def _line_ids(self, keys, body, answer):
        """{key: id QuickBooks gave the line}; it may have moved some lines down."""
        kept = {}
        for line in answer.get("Line", []):
            if line.get("Id"):
                kept.setdefault(_what(line), []).append(line["Id"])
        found = {}
        for key, line in zip(keys, body.get("Line", []), strict=False):
            ids = kept.get(_what(line))
            if key and ids:
                found[key] = ids.pop(0)
        return found


def _what(line):
    """What a line is about: its kind and item or account."""
    kind = line.get("DetailType")
    detail = line.get(kind) or {}
    ref = detail.get("ItemRef") or detail.get("AccountRef") or {}
    return kind, ref.get("value")
