# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What one push, or many objects of one batch, look up is looked up once."""

from contextlib import contextmanager

KEY = "qbo.once"


@contextmanager
def remembered(env):
    """Within, `once` asks for each thing once.

    What is looked up must not change meanwhile.
    """
    if KEY in env.cr.cache:
        yield env.cr.cache[KEY]
        return
    env.cr.cache[KEY] = {}
    try:
        yield env.cr.cache[KEY]
    finally:
        env.cr.cache.pop(KEY, None)


def once(env, key, find):
    """Return what `find()` returns; within `remembered` the first answer again.

    :param tuple key: what is looked up
    """
    known = env.cr.cache.get(KEY)
    if known is None:
        return find()
    if key not in known:
        known[key] = find()
    return known[key]
