"""The durable store: one SQLite file, whole transactions, safe against kill -9."""

import sqlite3
from contextlib import contextmanager
from threading import RLock

LAYOUT = 1  # raised when the tables below change
SCHEMA = """
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT);
CREATE TABLE IF NOT EXISTS companies (
  realm TEXT PRIMARY KEY, name TEXT, kind TEXT, seq INTEGER);
CREATE TABLE IF NOT EXISTS objects (
  realm TEXT, entity TEXT, id TEXT, num INTEGER, name TEXT COLLATE NOCASE,
  docnumber TEXT COLLATE NOCASE, party TEXT, sku TEXT COLLATE NOCASE,
  email TEXT COLLATE NOCASE, txndate TEXT, active INTEGER, deleted INTEGER,
  created INTEGER, updated INTEGER, doc TEXT, PRIMARY KEY (realm, entity, id));
CREATE INDEX IF NOT EXISTS o_num ON objects (realm, entity, num);
CREATE INDEX IF NOT EXISTS o_name ON objects (realm, entity, name);
CREATE INDEX IF NOT EXISTS o_doc ON objects (realm, entity, docnumber);
CREATE INDEX IF NOT EXISTS o_party ON objects (realm, entity, party);
CREATE INDEX IF NOT EXISTS o_sku ON objects (realm, entity, sku);
CREATE INDEX IF NOT EXISTS o_email ON objects (realm, entity, email);
CREATE INDEX IF NOT EXISTS o_updated ON objects (realm, entity, updated);
CREATE TABLE IF NOT EXISTS counters (
  realm TEXT, space TEXT, value INTEGER, PRIMARY KEY (realm, space));
CREATE TABLE IF NOT EXISTS replays (
  realm TEXT, requestid TEXT, status INTEGER, body BLOB, at REAL,
  PRIMARY KEY (realm, requestid));
CREATE TABLE IF NOT EXISTS grants (
  id INTEGER PRIMARY KEY, client TEXT, realm TEXT, scope TEXT, revoked INTEGER,
  created REAL);
CREATE TABLE IF NOT EXISTS tokens (
  token TEXT PRIMARY KEY, kind TEXT, grant_id INTEGER, issued REAL, expires REAL,
  dead INTEGER DEFAULT 0, extra TEXT);
CREATE INDEX IF NOT EXISTS t_grant ON tokens (grant_id, kind);
CREATE TABLE IF NOT EXISTS postings (
  realm TEXT, txn TEXT, entity TEXT, date TEXT, account TEXT, cents INTEGER,
  own INTEGER, party_kind TEXT, party TEXT, memo TEXT);
CREATE INDEX IF NOT EXISTS p_txn ON postings (realm, txn);
CREATE INDEX IF NOT EXISTS p_account ON postings (realm, account, date);
CREATE TABLE IF NOT EXISTS totals (
  realm TEXT, kind TEXT, key TEXT, cents INTEGER, PRIMARY KEY (realm, kind, key));
CREATE TABLE IF NOT EXISTS moves (
  seq INTEGER PRIMARY KEY, realm TEXT, item TEXT, txn TEXT, date TEXT, qty TEXT,
  cents INTEGER, delta INTEGER);
CREATE INDEX IF NOT EXISTS m_item ON moves (realm, item, date, seq);
CREATE INDEX IF NOT EXISTS m_seq ON moves (realm, item, seq);
CREATE INDEX IF NOT EXISTS m_txn ON moves (realm, txn);
CREATE TABLE IF NOT EXISTS layers (
  realm TEXT, item TEXT, last_date TEXT, last_seq INTEGER, doc TEXT,
  PRIMARY KEY (realm, item));
CREATE TABLE IF NOT EXISTS applied (
  realm TEXT, payer TEXT, payer_entity TEXT, target TEXT, target_entity TEXT,
  cents INTEGER, line TEXT);
CREATE INDEX IF NOT EXISTS a_payer ON applied (realm, payer);
CREATE INDEX IF NOT EXISTS a_target ON applied (realm, target);
CREATE TABLE IF NOT EXISTS files (realm TEXT, id TEXT, content BLOB, type TEXT);
CREATE TABLE IF NOT EXISTS events (
  seq INTEGER PRIMARY KEY, realm TEXT, entity TEXT, id TEXT, operation TEXT,
  at REAL, extra TEXT);
"""


class Store:
    """SQLite behind one lock; every request is one transaction."""

    def __init__(self, path):
        self.lock = RLock()
        self.db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self.db.execute("PRAGMA journal_mode=WAL")
        self._check_version()
        self.db.execute("PRAGMA synchronous=NORMAL")
        self.db.executescript(SCHEMA)
        self._depth = 0

    def _check_version(self):
        """ValueError for a file with another layout; a new one gets this layout's."""
        found = self.db.execute("PRAGMA user_version").fetchone()[0]
        tables = self.db.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()[0]
        if tables and found != LAYOUT:
            raise ValueError("the store was written by another version: use a new file")
        self.db.execute(f"PRAGMA user_version={LAYOUT}")

    @contextmanager
    def transaction(self):
        """Commit all or nothing; may be nested (an inner one is a savepoint)."""
        with self.lock:
            name = f"s{self._depth}"
            self.db.execute(
                "BEGIN IMMEDIATE" if not self._depth else f"SAVEPOINT {name}"
            )
            self._depth += 1
            try:
                yield
            except BaseException:
                self._end(name, keep=False)
                raise
            self._end(name, keep=True)

    def _end(self, name, keep):
        self._depth -= 1
        if not self._depth:
            self.db.execute("COMMIT" if keep else "ROLLBACK")
            return
        if not keep:
            self.db.execute(f"ROLLBACK TO {name}")
        self.db.execute(f"RELEASE {name}")

    def run(self, sql, *args):
        """Execute one statement; returns the cursor."""
        with self.lock:
            return self.db.execute(sql, args)

    def rows(self, sql, *args):
        """All rows of a select."""
        with self.lock:
            return self.db.execute(sql, args).fetchall()

    def one(self, sql, *args):
        """First row of a select, or None."""
        with self.lock:
            return self.db.execute(sql, args).fetchone()

    def meta(self, key, default=None):
        """A value from the small key-value table."""
        row = self.one("SELECT value FROM meta WHERE key=?", key)
        return row[0] if row else default

    def set_meta(self, key, value):
        """Write a value of the small key-value table."""
        self.run("INSERT OR REPLACE INTO meta VALUES (?,?)", key, value)

    def close(self):
        """Close the file (tests; a killed process needs no closing)."""
        with self.lock:
            self.db.close()
