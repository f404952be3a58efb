# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).


def uninstall_hook(env):
    """Cancel waiting jobs: their model will not exist any more."""
    jobs = env["queue.job"].search(
        [
            ("model_name", "=like", "qbo.%"),
            ("state", "in", ("wait_dependencies", "pending", "enqueued")),
        ]
    )
    jobs.button_cancelled()
