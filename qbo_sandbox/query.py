"""The query language: a statement to its parts, or fault 4000."""

import re
from dataclasses import dataclass, field

from .errors import Fault

TOKEN = re.compile(
    r"\s*(?:(?P<string>'(?:\\.|[^'\\])*')|(?P<op><=|>=|!=|<>|=|<|>)"
    r"|(?P<number>-?\d+(?:\.\d+)?(?![\w.]))|(?P<word>[A-Za-z_][\w.]*)"
    r"|(?P<punct>[(),*]))"
)
OPERATORS = ("=", "<", ">", "<=", ">=", "!=")
END = ("end", "<EOF>", 0)


@dataclass
class Select:
    """A parsed statement."""

    entity: str
    count: bool = False
    where: list = field(default_factory=list)  # (property, operator, value or list)
    order: list = field(default_factory=list)  # (property, descending)
    start: int = 1
    limit: int | None = None


class Parser:
    """Recursive descent over the tokens."""

    def __init__(self, text):
        self.text, self.tokens, self.at = text, list(tokens(text)), 0

    @property
    def token(self):
        """The token at hand."""
        return (
            self.tokens[self.at]
            if self.at < len(self.tokens)
            else ("end", "<EOF>", len(self.text))
        )

    def next(self):
        """Take the token at hand."""
        token = self.token
        self.at += 1
        return token

    def is_word(self, *words):
        """True if the token at hand is one of these keywords."""
        return self.token[0] == "word" and self.token[1].lower() in words

    def accept(self, *words):
        """Take a keyword if it is there."""
        if self.is_word(*words):
            return self.next()
        return None

    def expect(self, kind, text=None):
        """Take a token of a kind, or fault."""
        token = self.token
        if token[0] != kind or (text and token[1].lower() != text):
            raise unexpected(token)
        return self.next()

    def parse(self):
        """The whole statement."""
        self.expect("word", "select")
        count = self.columns()
        self.expect("word", "from")
        select = Select(self.expect("word")[1], count)
        if self.accept("where"):
            self.conditions(select)
        self.tail(select)
        if self.token[0] != "end":
            raise unexpected(self.token)
        return select

    def columns(self):
        """``*``, ``count(*)`` or names; True for a count."""
        if self.accept("count"):
            for text in "(*)":
                self.expect("punct", text)
            return True
        while True:
            if self.token[0] == "word" and not self.is_word("from"):
                self.next()
            else:
                self.expect("punct", "*")
            if self.token[:2] != ("punct", ","):
                return False
            self.next()

    def conditions(self, select):
        """Conditions joined by AND; OR does not exist."""
        while True:
            select.where.append(self.condition())
            if not self.accept("and"):
                return

    def condition(self):
        """property operator value, or property IN (values)."""
        name = self.expect("word")[1]
        if self.accept("in"):
            return name, "in", self.values()
        if self.accept("like"):
            return name, "like", self.value()
        token = self.expect("op")
        if token[1] not in OPERATORS:
            raise unexpected(token)
        return name, token[1], self.value()

    def values(self):
        """The values in the parentheses of an IN."""
        self.expect("punct", "(")
        found = [self.value()]
        while self.token[:2] == ("punct", ","):
            self.next()
            found.append(self.value())
        self.expect("punct", ")")
        return found

    def value(self):
        """A quoted text, a number, true, false or CURRENT_DATE."""
        kind, text, _ = token = self.next()
        if kind == "string":
            return re.sub(r"\\(.)", r"\1", text[1:-1])
        if kind == "number" or (kind == "word" and text.lower() in VALUES):
            return text
        raise unexpected(token)

    def tail(self, select):
        """ORDERBY, STARTPOSITION, MAXRESULTS."""
        if self.accept("orderby"):
            self.ordering(select)
        elif self.accept("order"):
            self.expect("word", "by")
            self.ordering(select)
        while self.is_word("startposition", "maxresults"):
            word = self.next()[1].lower()
            number = int(float(self.expect("number")[1]))
            if word == "startposition":
                select.start = max(number, 1)
            else:
                select.limit = number

    def ordering(self, select):
        """Properties with ASC or DESC."""
        while True:
            name = self.expect("word")[1]
            down = self.accept("asc", "desc")
            select.order.append((name, bool(down) and down[1].lower() == "desc"))
            if self.token[:2] != ("punct", ","):
                return
            self.next()


VALUES = ("true", "false", "current_date", "null")


def tokens(text):
    """(kind, text, position) of every token; fault 4000 for what is none."""
    at = 0
    text = text.rstrip()
    while at < len(text):
        match = TOKEN.match(text, at)
        if not match:
            rest = text[at:].lstrip()
            raise syntax(
                f"Lexical error at line 1, column {len(text) - len(rest) + 1}. "
                f'Encountered: "{rest[:1]}"'
            )
        yield (
            match.lastgroup,
            match.group(match.lastgroup),
            match.start(match.lastgroup),
        )
        at = match.end()


def unexpected(token):
    """4000 with the parser's wording."""
    kind, text, at = token
    shown = {
        "word": f'<IDENTIFIER> "{text} "',
        "string": f'<STRING> "{text} "',
        "number": f'<NUMBER> "{text} "',
    }.get(kind, f'"{text}"')
    if kind == "end":
        shown = "<EOF>"
    return syntax(f'Encountered " {shown}" at line 1, column {at + 1}.')


def syntax(text):
    """4000."""
    return Fault(4000, f"QueryParserError: {text}")


def parse(statement):
    """Select from a statement; Fault 4000 for anything that is none."""
    return Parser(" ".join(statement.split("\n"))).parse()
