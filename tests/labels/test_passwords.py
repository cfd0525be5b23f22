import pytest
from argon2 import PasswordHasher

from whatworks.labels import passwords
from whatworks.labels.passwords import hash_password, is_outdated, matches, nobodys
from whatworks.nlp.errors import WhatworksError

QUICK = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)


def test_the_parameters_are_those_of_the_standard() -> None:
    """RFC 9106, the second recommended option: argon2id, 3 passes, 64 MiB, 4 lanes."""
    assert nobodys(passwords.HASHER).startswith("$argon2id$v=19$m=65536,t=3,p=4$")


def test_a_hash_matches_its_password_and_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "HASHER", QUICK)
    stored = hash_password("purple onion harbour")
    assert "purple" not in stored
    assert hash_password("purple onion harbour") != stored, "no salt"
    assert matches(stored, "purple onion harbour")
    assert not matches(stored, "purple onion harbou")
    assert not matches(stored, "")
    assert not matches(stored, "\udc00")


def test_without_a_hash_there_is_as_much_to_compute(monkeypatch: pytest.MonkeyPatch) -> None:
    verified: list[str] = []

    class Counting(PasswordHasher):
        def verify(self, hash: str | bytes, password: str | bytes) -> bool:
            verified.append(str(hash))
            return super().verify(hash, password)

    monkeypatch.setattr(passwords, "HASHER", Counting(time_cost=2, memory_cost=64, parallelism=1))
    stored = hash_password("purple onion harbour")
    assert not matches(stored, "wrong")
    assert not matches(None, "wrong")
    assert not matches(None, "")
    assert len(verified) == 3
    assert {one.split("$")[3] for one in verified} == {"m=64,t=2,p=1"}


def test_a_hash_with_other_parameters_is_outdated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "HASHER", QUICK)
    stored = hash_password("purple onion harbour")
    assert not is_outdated(stored)
    more = PasswordHasher(time_cost=2, memory_cost=64, parallelism=1)
    monkeypatch.setattr(passwords, "HASHER", more)
    assert is_outdated(stored)
    assert matches(stored, "purple onion harbour")


def test_a_damaged_hash_is_told_with_the_cure() -> None:
    with pytest.raises(WhatworksError, match="whatworks user password NAME"):
        matches("not a hash", "purple onion harbour")
