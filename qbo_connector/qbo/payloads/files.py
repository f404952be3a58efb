"""Files that hang on a transaction."""

from ..text import file_name as clean_name
from .common import compact

PDF = "application/pdf"


def attachable(*, file_name, entity, txn_id, note="", content_type=PDF) -> dict:
    """What QBO is told of a file; it isn't sent along with e-mails.

    entity, txn_id: the transaction it hangs on, such as ``Invoice``, ``"130"``;
    note: up to 2000 characters. An Attachable outlives its transaction.
    """
    link = {"type": entity, "value": str(txn_id)}
    return compact(
        {
            "FileName": clean_name(file_name),
            "ContentType": content_type,
            "Note": note,
            "AttachableRef": [{"EntityRef": link, "IncludeOnSend": False}],
        }
    )
