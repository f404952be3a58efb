# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What is read before a body is prepared: nothing is asked while it is."""

from contextlib import suppress

from ..qbo import changes
from ..qbo.errors import Blocked
from .qbo_refusals import Held


def to_read(record, backend, entity):
    """Return the links whose objects the record's body depends on (`_qbo_to_read`).

    What is wrong with the record, preparing its body says.
    """
    with suppress(Blocked, Held):
        return record._qbo_to_read(backend, entity)
    return record.env["qbo.binding"]


def read_anew(links, client):
    """Read the objects of these links, 100 in one read; the links keep what counts.

    :param client: function that returns the client, called if there is something
    :raise QboError: they can't be had
    """
    for entity, some in links.grouped("entity").items():
        by_id = some.grouped("qbo_id")
        for ids in changes.slices(by_id):
            for values in client().query(changes.select_ids(entity, ids)):
                by_id[values["Id"]]._on_read(values)
