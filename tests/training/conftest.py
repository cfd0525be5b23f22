"""A project's database on both engines, as for the tests of the store."""

from tests.labels.store.conftest import address, postgres, sqlite_template, store

__all__ = ["address", "postgres", "sqlite_template", "store"]
