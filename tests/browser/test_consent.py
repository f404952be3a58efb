"""Before anything is connected: the first of these tests, by its name."""


def test_consent_can_be_refused(server, sandbox, sign_in):
    with sign_in("admin") as admin:
        admin.open_set_up()
        admin.enter_credentials(sandbox.info)
        admin.press("Connect to QuickBooks")
        admin.press("Cancel")
        admin.see("nothing was connected")
        admin.page.get_by_text("Back to Odoo").click()
        admin.wait_for_step("Connect")
    [backend] = server.client().find("qbo.backend", fields=("state",))
    assert backend["state"] == "draft"
    server.call("qbo.backend", "unlink", [backend["id"]])
