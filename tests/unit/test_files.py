"""Files and e-mails: what goes over the wire, and what of it the log keeps."""

import base64

import pytest

from qbo import payloads
from qbo.client import QboClient
from qbo.errors import QboFault, QboUnreachable
from qbo.multipart import upload_body

PDF = b"%PDF-1.4\r\n--\x00\xff the secret content"
ABOUT = payloads.attachable(
    file_name="INV/2026/00042.pdf", entity="Invoice", txn_id=130, note="[Odoo]"
)


@pytest.fixture
def told():
    return []


@pytest.fixture
def client(server, told):
    return QboClient("9341", "token", server.url, on_exchange=told.append)


def test_an_attachable_names_its_transaction():
    assert ABOUT == {
        "FileName": "INV-2026-00042.pdf",
        "ContentType": "application/pdf",
        "Note": "[Odoo]",
        "AttachableRef": [
            {
                "EntityRef": {"type": "Invoice", "value": "130"},
                "IncludeOnSend": False,
            }
        ],
    }


def test_an_upload_has_two_parts_of_one_number(server, client):
    server.answer({"AttachableResponse": [{"Attachable": {"Id": "7"}}]})
    assert client.upload(ABOUT, PDF, "rid-7") == {"Id": "7"}
    sent = server.seen[0]
    assert (sent.method, sent.path) == ("POST", "/v3/company/9341/upload")
    assert sent.params["requestid"] == "rid-7"
    assert sent.headers["content-type"].startswith("multipart/form-data; boundary=")
    head, about, file, _end = sent.body.split(
        b"--" + sent.headers["content-type"].partition("=")[2].encode()
    )
    assert b'name="file_metadata_01"' in about and b'"value":"130"' in about
    assert b'name="file_content_01"; filename="INV-2026-00042.pdf"' in file
    assert b"Content-Transfer-Encoding: base64" in file
    assert base64.b64decode(file.partition(b"\r\n\r\n")[2]) == PDF


def test_the_log_has_no_content(server, client, told):
    server.answer({"AttachableResponse": [{"Attachable": {"Id": "7"}}]})
    client.upload(ABOUT, PDF, "rid-7")
    [exchange] = told
    assert (exchange.entity, exchange.operation) == ("Attachable", "upload")
    assert exchange.request.endswith(f"(INV-2026-00042.pdf: {len(PDF)} bytes)")
    assert base64.b64encode(PDF).decode()[:20] not in exchange.request
    assert upload_body(ABOUT, PDF).shown == exchange.request


def test_a_refused_file_is_a_fault(server, client, told):
    fault = {"Error": [{"code": "6041", "Message": "Type", "Detail": "no EXE"}]}
    server.answer({"AttachableResponse": [{"Fault": fault}]})
    with pytest.raises(QboFault) as refused:
        client.upload(ABOUT, PDF, "rid-7")
    assert (refused.value.code, refused.value.outcome) == ("6041", "refused")
    assert told[0].error is refused.value


def test_an_answer_without_the_file_leaves_it_open(server, client):
    server.answer({"AttachableResponse": []})
    with pytest.raises(QboUnreachable):
        client.upload(ABOUT, PDF, "rid-7")


def test_a_document_is_e_mailed(server, client):
    server.answer({"CreditMemo": {"Id": "9", "EmailStatus": "EmailSent"}})
    answer = client.send("CreditMemo", "9", "ap@acme.test", "rid-9")
    assert answer["EmailStatus"] == "EmailSent"
    sent = server.seen[0]
    assert (sent.method, sent.path) == ("POST", "/v3/company/9341/creditmemo/9/send")
    assert sent.params["sendTo"] == "ap@acme.test"
    assert (sent.headers["content-type"], sent.body) == (
        "application/octet-stream",
        b"",
    )
