"""What a person does with mouse and keyboard, in Odoo and at QuickBooks."""

SECONDS = 1000  # Playwright counts milliseconds
PATIENCE = 60 * SECONDS


class Desk:
    """A person before a page of Odoo's web client."""

    def __init__(self, page, url):
        self.page = page
        self.url = url
        page.set_default_timeout(PATIENCE)

    def sign_in(self, login):
        """Log in; demo users' passwords are their logins."""
        self.page.goto(f"{self.url}/web/login")
        self.page.fill("input[name=login]", login)
        self.page.fill("input[name=password]", login)
        self.page.click("button[type=submit]")
        self.page.wait_for_selector(".o_main_navbar")

    def open(self, path):
        """Open an address below ``/odoo/`` and wait for its view."""
        self.page.goto(f"{self.url}/odoo/{path}")
        self.page.wait_for_selector(".o_view_controller")

    def press(self, label):
        """Press the button with just this label (icons have none)."""
        buttons = self.page.get_by_role("button", name=label, exact=True)
        buttons.filter(has_text=label).click()

    def see(self, text):
        """Wait until a text is to be seen."""
        self.page.get_by_text(text).first.wait_for()

    def fill(self, **values):
        """Type into fields of a form, by their technical names."""
        for name, value in values.items():
            self.page.fill(f".o_field_widget[name={name}] input", value)

    @property
    def step(self):
        """The current step of the set-up assistant."""
        return self.page.inner_text(".o_arrow_button_current").strip()

    def go_on(self, step):
        """Press Next and wait for a step of the assistant."""
        self.press("Next")
        self.wait_for_step(step)

    def wait_for_step(self, step):
        """Wait until the assistant is at a step."""
        self.page.wait_for_selector(f".o_arrow_button_current:has-text('{step}')")

    def open_set_up(self):
        """Go from Settings → QuickBooks to the assistant."""
        self.open("settings")
        self.page.click(".tab[data-key=qbo_connector]")
        self.press("Set up")
        self.wait_for_step("Credentials")

    def enter_credentials(self, quickbooks):
        """Fill the first step with the keys of a local QuickBooks; go on."""
        self.page.get_by_label("Custom").check()
        self.fill(
            api_url=quickbooks["url"],
            discovery_url=quickbooks["discovery_url"],
            client_id=quickbooks["client_id"],
            client_secret=quickbooks["client_secret"],
        )
        self.go_on("Connect")

    def set_up(self, quickbooks):
        """Go through the whole assistant; return what is shown at each step."""
        self.open_set_up()
        self.enter_credentials(quickbooks)
        self.press("Connect to QuickBooks")
        self.page.wait_for_url(f"{quickbooks['url']}/**")
        self.press("Connect")
        self.wait_for_step("Company")
        seen = {"Company": self.sheet()}
        for step in ("Accounts", "Taxes and terms", "What is synced", "Done"):
            self.go_on(step)
            seen[step] = self.sheet()
        self.press("Finish")
        self.see("Test connection")
        return seen

    def sheet(self):
        """All that the form's sheet shows, the values of its inputs included."""
        inputs = self.page.locator(".o_form_sheet input:visible")
        values = [inputs.nth(index).input_value() for index in range(inputs.count())]
        return "\n".join([self.page.inner_text(".o_form_sheet"), *values])

    def wait_for_badge(self, state):
        """Wait until the QuickBooks badge of an open form shows a state."""
        self.page.wait_for_selector(
            f".o_field_widget[name=qbo_state]:has-text('{state}')"
        )
