# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import SUPERUSER_ID, http
from odoo.http import request

WEBHOOK = "/qbo/webhook"
# Intuit sends up to 100 events, about 1 MB; nothing larger is even read.
BODY_LIMIT = 4 * 1024 * 1024


class QboWebhook(http.Controller):
    """Where Intuit tells of changes."""

    @http.route(
        WEBHOOK,
        type="http",
        auth="none",
        methods=["POST"],
        csrf=False,
        save_session=False,
        readonly=False,
        max_content_length=BODY_LIMIT,
    )
    def webhook(self, **_parameters):
        """Check the signature over the raw body, queue, and answer at once.

        Whatever is in a signed delivery is answered with 200: Intuit would repeat
        all of it for one event that makes no sense.
        """
        # Kept, for Odoo runs this again when two deliveries meet at one row.
        body = request.httprequest.get_data(cache=True)
        signature = request.httprequest.headers.get("intuit-signature")
        # Nobody is logged in here: the signature says who it is.
        backend = request.env(user=SUPERUSER_ID)["qbo.backend"]
        accepted = signature and backend._receive_webhook(body, signature)
        return request.make_response("", status=200 if accepted else 401)
