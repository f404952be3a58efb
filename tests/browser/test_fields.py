"""Classes, custom fields, e-mails and PDFs on the connection's form."""

import pytest

from dev.quickbooks import Books


@pytest.fixture(scope="module")
def backend(server, sandbox, connected):
    """Return the id of a connection that knows a class; sales teams have its name."""
    Books(sandbox.info).save("Class", Name="Sales")
    [backend] = server.client().find("qbo.backend")
    server.call("qbo.backend", "action_refresh_lists", [backend["id"]])
    return backend["id"]


@pytest.fixture
def form(backend, sign_in):
    """Open the connection's form as an administrator."""
    with sign_in("admin") as admin:
        admin.open(f"action-qbo_connector.qbo_backend_action/{backend}")
        yield admin


def tab(admin, name):
    admin.page.locator(f".nav-link[name={name}]").click()


def test_equal_names_of_classes_are_suggested(form):
    tab(form, "tracking")
    row = form.page.locator("[name=class_mapping_ids] .o_data_row", has_text="Sales")
    assert row.first.locator("[name=reference_id]").inner_text() == "Sales"


def test_a_custom_field_is_chosen_from_the_documents_fields(form, server):
    page = form.page
    tab(form, "custom_fields")
    rows = page.locator("[name=custom_field_ids]")
    rows.get_by_role("button", name="Add a line").click()
    rows.locator("[name=path] .o_model_field_selector").click()
    page.locator(".o_model_field_selector_popover input").fill("Salesperson")
    names = page.locator(".o_model_field_selector_popover_item_name")
    names.get_by_text("Salesperson", exact=True).click()
    page.keyboard.press("Escape")
    rows.locator("[name=reference_id] input").fill("Sales Rep")
    page.locator(".dropdown-item", has_text="Sales Rep").first.click()
    page.locator(".o_form_button_save").click()
    page.locator(".o_form_button_save").wait_for(state="hidden")
    [row] = server.client().find("qbo.custom.field", fields=("path", "res_model"))
    assert (row["path"], row["res_model"]) == ("user_id", "sale.order")
