"""Pages for people: books, documents, consent, request log, knobs."""

from .consent import consent
from .routes import handle

__all__ = ["consent", "handle"]
