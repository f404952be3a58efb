# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from ..models.qbo_backend import CALLBACK

# The address holds a code: no page after this one is told of it, and none keeps it.
HEADERS = {"Referrer-Policy": "no-referrer", "Cache-Control": "no-store"}


class QboOauth(http.Controller):
    """Where Intuit sends the administrator's browser back to."""

    # Not auth="user": that would put the code into a redirect to the log-in page.
    @http.route(CALLBACK, type="http", auth="public", methods=["GET"])
    def callback(self, state="", code="", realmId="", error="", **_unused):
        """Finish what `qbo.backend.action_connect` began.

        `realmId` comes only here, not with the tokens. The signed, expiring state
        is used up whatever the answer is, so it can't be replayed.
        """
        try:
            if request.env.user._is_public():
                raise UserError(
                    request.env._("Log in to Odoo, then press Connect again.")
                )
            if not request.env.user.has_group("qbo_connector.group_qbo_admin"):
                raise UserError(
                    request.env._("Only QuickBooks administrators can connect.")
                )
            backend = request.env["qbo.backend"]._from_oauth_state(state)
            if error or not (code and realmId):
                return self._page_refused(backend, error)
            client = backend._finish_connect(code, realmId)
            backend._setup_read_lists(client)
        except UserError as problem:
            return self._page(request.env._("Not connected"), str(problem))
        reply = request.redirect(backend._form_url())
        reply.headers.update(HEADERS)
        return reply

    def _page_refused(self, backend, error):
        if error == "access_denied":
            message = request.env._(
                "You pressed Cancel at QuickBooks, so nothing was connected. Press "
                "Connect again when you are ready."
            )
        else:
            message = request.env._(
                "QuickBooks answered “%s” instead of a connection. Check the app's "
                "keys and its redirect URI at developer.intuit.com.",
                error or request.env._("nothing"),
            )
        return self._page(request.env._("Not connected"), message, backend)

    def _page(self, title, message, backend=None):
        return request.render(
            "qbo_connector.oauth_problem",
            {
                "title": title,
                "message": message,
                "url": backend._form_url() if backend else "/odoo",
            },
            status=400,
            headers=HEADERS,
        )
