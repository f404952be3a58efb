# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Class attributes that each class of a model adds to, none takes from another.

A model is many classes, of several addons. Python's own rule, that the first one found
counts, would have one addon silence what another one says.
"""

# Tuples: all of them, what the first class said first.
LISTS = ("_qbo_entities", "_qbo_tracked", "_qbo_shared_defaults", "_qbo_may_drop")
# Dictionaries of tuples: all keys, and of each key all of its tuple.
LISTS_BY_KEY = ("_qbo_riders", "_qbo_pulled")
# Dictionaries: all keys; of one that is said twice the later class counts.
BY_KEY = ("_qbo_pages", "_qbo_term_fields", "_qbo_name_suffixes")


def add_up(model_class):
    """Set on a model's registry class what all of its classes say together."""
    for names, plus in (
        (LISTS, _joined),
        (LISTS_BY_KEY, _joined_by_key),
        (BY_KEY, lambda before, more: {**before, **more}),
    ):
        for name in names:
            said = [vars(one)[name] for one in _definitions(model_class, name)]
            if said:
                total = said[0]
                for more in said[1:]:
                    total = plus(total, more)
                setattr(model_class, name, total)


def _definitions(model_class, name):
    """The classes that say `name` themselves, those that were extended first."""
    return [
        one
        for one in reversed(model_class.__mro__)
        # Registry classes only hold what was added up before.
        if name in vars(one) and not vars(one).get("pool")
    ]


def _joined(before, more):
    return tuple(dict.fromkeys((*before, *more)))


def _joined_by_key(before, more):
    joined = {key: _joined(before.get(key, ()), said) for key, said in more.items()}
    return {**before, **joined}
