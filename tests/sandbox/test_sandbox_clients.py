"""The unmodified client libraries python-quickbooks and intuit-oauth."""

from datetime import datetime, timedelta

import pytest
from intuitlib.client import AuthClient
from intuitlib.enums import Scopes
from intuitlib.exceptions import AuthClientError
from quickbooks import QuickBooks, objects
from quickbooks.batch import batch_create, batch_delete, batch_update
from quickbooks.cdc import change_data_capture
from quickbooks.exceptions import ObjectNotFoundException, QuickbooksException
from quickbooks.objects.companycurrency import CompanyCurrency
from quickbooks.objects.customertype import CustomerType
from quickbooks.objects.exchangerate import ExchangeRate
from quickbooks.objects.taxagency import TaxAgency
from quickbooks.objects.taxservice import TaxRateDetails, TaxService

from tests.sandbox.kit import found, unique
from tests.sandbox.library import DOCUMENTS, LISTS, bought, first, named, sold
from tests.sandbox.test_sandbox_oauth import BACK, consent, facts  # noqa: F401


@pytest.fixture(scope="module")
def sample(url):
    """A company with books and several currencies."""
    return found(url, kind="us", sample=True, multicurrency=True)


@pytest.fixture
def auth(facts):  # noqa: F811
    """intuit-oauth's client, pointed at the discovery document."""
    return AuthClient(
        facts["client_id"], facts["client_secret"], BACK, facts["discovery_url"]
    )


@pytest.fixture
def qb(facts, auth, sample, monkeypatch):  # noqa: F811
    """python-quickbooks after a consent."""
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
    monkeypatch.setattr(QuickBooks, "api_url_v3", facts["url"] + "/v3")
    back = consent(facts, realm_id=sample.realm, action="connect")
    auth.get_bearer_token(back["code"], realm_id=back["realmId"])
    return QuickBooks(
        auth_client=auth,
        refresh_token=auth.refresh_token,
        company_id=sample.realm,
        minorversion=75,
    )


def test_intuit_oauth(auth, facts, sample):  # noqa: F811
    address = auth.get_authorization_url([Scopes.ACCOUNTING], state_token="s")
    assert address.startswith(facts["authorization_endpoint"])
    back = consent(facts, realm_id=sample.realm, action="connect")
    auth.get_bearer_token(back["code"], realm_id=back["realmId"])
    auth.refresh()
    assert auth.x_refresh_token_expires_in > 0
    assert auth.get_user_info().status_code == 200
    assert auth.revoke() is True
    with pytest.raises(AuthClientError):
        auth.refresh(refresh_token="dead")


@pytest.mark.parametrize("name", [*LISTS, *DOCUMENTS])
def test_create_get_query_update(qb, name):
    one = {**LISTS, **DOCUMENTS}[name](qb)
    made = one.save(qb=qb)
    cls = type(made)
    again = cls.get(made.Id, qb=qb)
    assert again.Id == made.Id and again.SyncToken == "0"
    assert cls.filter(Id=made.Id, qb=qb)[0].Id == made.Id
    assert cls.count(qb=qb) >= 1
    field = {"Account": "Description", "Term": "Name", "Attachable": "Note"}.get(
        name, "Name" if name in LISTS else "PrivateNote"
    )
    if name in ("Customer", "Vendor", "Employee"):
        field = "FamilyName"
    setattr(again, field, f"new {unique()}")
    saved = again.save(qb=qb)
    assert saved.SyncToken == "1"
    assert getattr(cls.get(made.Id, qb=qb), field) == getattr(again, field)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_delete(qb, name):
    made = DOCUMENTS[name](qb).save(qb=qb)
    made.delete(qb=qb)
    with pytest.raises(ObjectNotFoundException):
        type(made).get(made.Id, qb=qb)


@pytest.mark.parametrize("name", ["Invoice", "SalesReceipt", "Payment", "BillPayment"])
def test_void(qb, name):
    made = DOCUMENTS[name](qb).save(qb=qb)
    made.void(qb=qb)
    after = type(made).get(made.Id, qb=qb)
    assert after.TotalAmt == 0 and "Voided" in after.PrivateNote


@pytest.mark.parametrize("name", LISTS)
def test_inactivate(qb, name):
    made = LISTS[name](qb).save(qb=qb)
    made.Active = False
    assert made.save(qb=qb).Active is False


def test_batch(qb):
    made = batch_create([LISTS["Vendor"](qb) for _ in range(35)], qb=qb)
    assert len(made.successes) == 35 and not made.faults
    for one in made.successes:
        one.CompanyName = "Batch Ltd"
    changed = batch_update(made.successes, qb=qb)
    assert {one.CompanyName for one in changed.successes} == {"Batch Ltd"}
    bills = [bought(objects.Bill)(qb).save(qb=qb) for _ in range(2)]
    assert len(batch_delete(bills, qb=qb).successes) == 2
    twice = [
        named(objects.Vendor, "CompanyName", DisplayName="Twin")(qb) for _ in range(2)
    ]
    assert batch_create(twice, qb=qb).faults[0].Error[0].code == "6240"


def test_change_data_capture(qb):
    since = datetime.now() - timedelta(hours=24)
    kept, gone = (sold(objects.Invoice)(qb).save(qb=qb) for _ in range(2))
    gone.delete(qb=qb)
    found = change_data_capture([objects.Invoice, objects.Customer], since, qb=qb)
    states = {one.Id: getattr(one, "status", "") for one in found.Invoice._object_list}
    assert states[kept.Id] == "" and states[gone.Id] == "Deleted"


def test_repeated_request(qb):
    body = sold(objects.Invoice)(qb)
    one = body.save(qb=qb, request_id="library-1")
    body.Id = None
    assert body.save(qb=qb, request_id="library-1").Id == one.Id


def test_read_only_lists(qb):
    assert CustomerType.all(qb=qb)
    assert objects.TaxRate.all(qb=qb)
    assert CompanyCurrency.get(1, qb=qb).Name == "Canadian Dollar"
    assert ExchangeRate.where("SourceCurrencyCode = 'EUR'", qb=qb)[0].Rate == 1.09
    assert objects.Preferences.get(qb=qb).Id == "1"
    info = objects.CompanyInfo.get(qb.company_id, qb=qb)
    assert info.Country == "US"


def test_tax_service(qb):
    agency = TaxAgency()
    agency.DisplayName = f"Agency {unique()}"
    agency.save(qb=qb)
    service = TaxService()
    service.TaxCode = f"Code {unique()}"
    rate = TaxRateDetails()
    rate.TaxRateName, rate.RateValue = service.TaxCode, 10
    rate.TaxAgencyId = agency.Id
    service.TaxRateDetails.append(rate)
    assert service.save(qb=qb).TaxRateDetails[0].RateValue == 10


def test_files_links_and_pdf(qb, tmp_path):
    path = tmp_path / "note.txt"
    path.write_text("hello")
    one = objects.Attachable()
    one.FileName, one._FilePath, one.ContentType = "note.txt", str(path), "text/plain"
    one.save(qb=qb)
    assert objects.Attachable.get(one.Id, qb=qb).FileName == "note.txt"
    doc = sold(objects.Invoice)(qb).save(qb=qb)
    assert doc.download_pdf(qb=qb).startswith(b"%PDF")
    linked = objects.Invoice.get(doc.Id, qb=qb, params={"include": "invoiceLink"})
    assert linked.InvoiceLink.startswith("https")
    assert qb.get_report("ProfitAndLoss")["Header"]["Currency"] == "USD"


def test_faults_become_the_librarys_exceptions(qb):
    with pytest.raises(QuickbooksException) as caught:
        twin = LISTS["Vendor"](qb)
        twin.DisplayName = first(objects.Customer, qb).DisplayName
        twin.save(qb=qb)
    assert caught.value.error_code == 6240
