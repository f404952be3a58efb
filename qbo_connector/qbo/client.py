"""QuickBooks Online's Accounting API, as far as the connector uses it.

Bodies are plain dicts with Decimals; answers are QBO's own objects. Every write
carries a request id: QBO answers a repeated one with its first answer.
"""

import re
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from .errors import QboUnreachable
from .exchange import Exchange
from .faults import fault_error, find_fault
from .money import D, to_json
from .multipart import upload_body
from .queries import PAGE_LIMIT, select
from .transport import OCTETS, QUERY, Transport

__all__ = ["BatchItem", "Changes", "Exchange", "QboClient"]

BATCH_LIMIT = 30
CDC_LIMIT = 1000  # objects in one answer, over all entities, without any paging
REQUEST_ID_LIMIT = 50
BATCH_REQUEST_ID_LIMIT = 36
BATCH_BID_LIMIT = 10

PATHS = {"TaxService": "taxservice/taxcode"}
KEYS = {"CreditCardPayment": "CreditCardPaymentTxn"}
VOIDABLE = ("Invoice", "SalesReceipt", "Payment", "BillPayment")
_FROM = re.compile(r"\bFROM\s+(\w+)", re.I)


class BatchItem(NamedTuple):
    """One thing in a batch: an operation on a body, or a query.

    operation: create, update (made sparse) or delete; bid: up to 10 characters.
    """

    bid: str
    operation: str = ""
    entity: str = ""
    body: dict | None = None
    query: str = ""


class Changes(dict):
    """CDC's answer: entity name -> objects; deleted ones say ``status: Deleted``.

    time: QBO's clock (text with offset), the next cursor. truncated: QBO's limit
    was reached; ask again with fewer entities or a later start.
    """

    time = ""
    truncated = False


class QboClient(Transport):
    """One company's books. Every method raises QboError when it does not succeed.

    realm_id: the company; access_token: text or ``(force_refresh) -> text``;
    base_url: such as ``https://quickbooks.api.intuit.com``;
    on_exchange(Exchange) is told of every exchange, failed ones too;
    before_request(kind) runs before each, kind being write, read or batch.
    """

    def create(self, entity, body, request_id, params=None) -> dict:
        """Create an object and return it as QBO stored it."""
        return self._write("create", entity, body, request_id, params)

    def update(self, entity, body, request_id, params=None) -> dict:
        """Change what ``body`` names and leave the rest; needs Id and SyncToken.

        Always sparse: a full update empties what it does not name. ``Line`` is
        the exception: it replaces all lines. Raises 5010 for a stale SyncToken.
        """
        return self._write("update", entity, _sparse(body), request_id, params)

    def void(self, entity, qbo_id, sync_token, request_id) -> dict:
        """Void a transaction: its amounts become 0, it stays in the books."""
        if entity not in VOIDABLE:
            raise ValueError(f"QuickBooks can't void {entity}")
        body = {"Id": str(qbo_id), "SyncToken": str(sync_token)}
        params = {"operation": "void"}
        if entity != "Invoice":
            params = {"operation": "update", "include": "void"}
            body["sparse"] = True
        return self._write("void", entity, body, request_id, params)

    def delete(self, entity, qbo_id, sync_token, request_id) -> dict:
        """Delete a transaction for good; lists can only be made inactive."""
        body = {"Id": str(qbo_id), "SyncToken": str(sync_token)}
        params = {"operation": "delete"}
        return self._write("delete", entity, body, request_id, params)

    def send(self, entity, qbo_id, address, request_id) -> dict:
        """Have QBO e-mail a document, and return it: ``EmailStatus`` is EmailSent.

        Each call is another mail, as far as anybody knows: look before a retry.
        """
        answer = self.make_request(
            "POST",
            self._url(f"{_path(entity)}/{qbo_id}/send"),
            content_type=OCTETS,
            params={"sendTo": address},
            request_id=request_id,
            entity=entity,
            operation="send",
            wanted=_key(entity),
        )
        return _unwrap(answer, entity)

    def upload(self, attachable, data, request_id) -> dict:
        """Store a file (bytes) with its metadata, and return its Attachable.

        The log gets the metadata, not the content.
        """
        body = upload_body(attachable, data)
        answer = self.make_request(
            "POST",
            self._url("upload"),
            body.content,
            content_type=body.content_type,
            request_id=request_id,
            entity="Attachable",
            operation="upload",
            shown=body.shown,
        )
        [file] = answer.get("AttachableResponse") or [{}]
        if not isinstance(file.get("Attachable"), dict):
            raise QboUnreachable("QuickBooks did not answer the upload", status=200)
        return file["Attachable"]

    def read(self, entity, qbo_id) -> dict:
        """One object by its id; raises 610 if it was deleted."""
        return self._read(entity, f"{_path(entity)}/{qbo_id}")

    def company_info(self) -> dict:
        """Name, country and subscription of the company."""
        return self.read("CompanyInfo", self.company_id)

    def preferences(self) -> dict:
        """The company's settings: numbering, shipping, taxes, currencies."""
        return self._read("Preferences", "preferences")

    def exchange_rate(self, currency, date) -> Decimal:
        """QBO's own rate on a day: home currency for one unit of ``currency``."""
        params = {"sourcecurrencycode": currency, "asofdate": date.isoformat()}
        return D(self._read("ExchangeRate", "exchangerate", params).get("Rate"))

    def query(self, statement) -> list:
        """The objects a statement finds, at most 1000."""
        return _rows(self._query(statement))

    def query_all(self, entity, where="", order="Id", page=PAGE_LIMIT):
        """Every object of an entity, one page of up to 1000 after the other.

        where: a condition or a list of them; lists leave out what is inactive
        unless ``queries.active_any()`` is among them.
        """
        start = 1
        while True:
            rows = self.query(select(entity, where, order, start, page))
            yield from rows
            if len(rows) < page:
                return
            start += len(rows)

    def count(self, entity, where="") -> int:
        """How many objects a condition finds."""
        answer = self._query(select(entity, where, columns="COUNT(*)"))
        return int(answer.get("totalCount", 0))

    def batch(self, items, request_id=None) -> dict:
        """Up to 30 independent items in one exchange: bid -> object or QboError.

        QBO works them off one after another, and no item can name another. A
        query's result is a list. Repeated with the same request id and bids, QBO
        gives its first answer. Raises ValueError for ids QBO would refuse.
        """
        items = list(items)
        _check_batch(items, request_id)
        body = {"BatchItemRequest": [_batch_request(item) for item in items]}
        answer = self.make_request(
            "POST",
            self._url("batch"),
            to_json(body),
            request_id=request_id,
            entity="Batch",
            operation="batch",
            kind="batch",
            is_read=all(item.query for item in items),
        )
        replies = answer.get("BatchItemResponse") or []
        found = {reply.get("bId"): reply for reply in replies}
        return {item.bid: _batch_result(item, found.get(item.bid)) for item in items}

    def cdc(self, entities, changed_since) -> Changes:
        """What changed since an aware datetime, up to 30 days back."""
        if not isinstance(changed_since, datetime) or changed_since.tzinfo is None:
            raise ValueError("changed_since needs an offset")
        since = changed_since.isoformat(timespec="seconds")
        params = {"entities": ",".join(entities), "changedSince": since}
        answer = self.make_request(
            "GET", self._url("cdc"), params=params, entity="CDC", operation="cdc"
        )
        return _changes(answer, entities)

    def _url(self, path):
        return f"{self.api_url}/company/{self.company_id}/{path}"

    def _write(self, operation, entity, body, request_id, params):
        if not request_id or len(request_id) > REQUEST_ID_LIMIT:
            raise ValueError("a write needs a request id of up to 50 characters")
        answer = self.make_request(
            "POST",
            self._url(_path(entity)),
            to_json(body),
            params=params,
            request_id=request_id,
            entity=entity,
            operation=operation,
            wanted=_key(entity),
        )
        return _unwrap(answer, entity)

    def _read(self, entity, path, params=None):
        answer = self.make_request(
            "GET",
            self._url(path),
            params=params,
            entity=entity,
            operation="read",
            wanted=_key(entity),
        )
        return _unwrap(answer, entity)

    def _query(self, statement):
        source = _FROM.search(statement)
        answer = self.make_request(
            "POST",
            self._url("query"),
            statement,
            content_type=QUERY,
            entity=source[1] if source else "",
            operation="query",
            is_read=True,
            wanted="QueryResponse",
        )
        return answer["QueryResponse"]


def _path(entity):
    return PATHS.get(entity, entity.lower())


def _sparse(body):
    if not body.get("Id") or body.get("SyncToken") in (None, ""):
        raise ValueError("an update needs Id and SyncToken")
    return {**body, "sparse": True}


def _key(entity):
    """Under which key an answer holds an entity; TaxService's has no wrapper."""
    return "" if entity in PATHS else KEYS.get(entity, entity)


def _unwrap(answer, entity):
    return answer[_key(entity)] if _key(entity) else answer


def _check_batch(items, request_id):
    bids = [item.bid for item in items]
    if not 0 < len(items) <= BATCH_LIMIT or len(set(bids)) < len(bids):
        raise ValueError(f"a batch has 1 to {BATCH_LIMIT} items with different bids")
    if any(not 0 < len(bid) <= BATCH_BID_LIMIT for bid in bids):
        raise ValueError("a batch item's bid has 1 to 10 characters")
    writes = any(not item.query for item in items)
    if writes and not 0 < len(request_id or "") <= BATCH_REQUEST_ID_LIMIT:
        raise ValueError("a batch needs a request id of up to 36 characters")


def _batch_request(item):
    if item.query:
        return {"bId": item.bid, "Query": item.query}
    body = _sparse(item.body) if item.operation == "update" else item.body
    return {"bId": item.bid, "operation": item.operation, _key(item.entity): body}


def _batch_result(item, reply):
    """What became of one item; a missing reply leaves it unknown."""
    reply = reply or {}
    fault = find_fault(reply)
    if fault:
        return fault_error(fault)
    found = reply.get("QueryResponse" if item.query else _key(item.entity))
    if not isinstance(found, dict):
        return QboUnreachable(f"QuickBooks did not answer item {item.bid}", status=200)
    return _rows(found) if item.query else found


def _rows(answer):
    """The objects of a QueryResponse, whatever entity they are of."""
    lists = [value for value in answer.values() if isinstance(value, list)]
    return lists[0] if lists else []


def _changes(answer, entities):
    changes = Changes({entity: [] for entity in entities})
    changes.time = answer.get("time", "")
    for response in answer.get("CDCResponse") or []:
        for block in response.get("QueryResponse") or []:
            for entity, rows in block.items():
                if isinstance(rows, list):
                    changes.setdefault(entity, []).extend(rows)
    changes.truncated = sum(map(len, changes.values())) >= CDC_LIMIT
    return changes
