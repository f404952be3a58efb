# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).


def uninstall_hook(env):
    """Cancel waiting jobs, whose model will be gone, and revoke the tokens."""
    jobs = env["queue.job"].search(
        [
            ("model_name", "=like", "qbo.%"),
            ("state", "in", ("wait_dependencies", "pending", "enqueued")),
        ]
    )
    jobs.button_cancelled()
    # What Intuit has given us is given back.
    for backend in env["qbo.backend"].with_context(active_test=False).search([]):
        backend._revoke()
