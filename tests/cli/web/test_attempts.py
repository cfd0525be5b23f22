import pytest

from whatworks.cli.web import attempts
from whatworks.cli.web.attempts import PER_ADDRESS, PER_NAME, PER_PAIR, WINDOW_S, Attempts, network


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def counted(clock: Clock) -> Attempts:
    return Attempts(clock)


def test_a_name_is_refused_after_some_failures_from_one_address(counted: Attempts) -> None:
    assert [counted.begin("Ana", "10.0.0.1") for _ in range(PER_PAIR)] == [0] * PER_PAIR
    assert counted.begin("Ana", "10.0.0.1") == WINDOW_S
    assert counted.begin(" ANA ", "10.0.0.1") == WINDOW_S
    assert counted.begin("Ben", "10.0.0.1") == 0
    assert counted.begin("Ana", "10.0.0.2") == 0


def test_the_window_slides_and_trying_on_makes_it_no_longer(
    counted: Attempts, clock: Clock
) -> None:
    for _ in range(PER_PAIR):
        counted.begin("Ana", "10.0.0.1")
        clock.now += 10
    for _ in range(100):
        assert counted.begin("Ana", "10.0.0.1") == WINDOW_S - 10 * PER_PAIR
    clock.now = 1000 + WINDOW_S - 0.5
    assert counted.begin("Ana", "10.0.0.1") == 1
    clock.now = 1000 + WINDOW_S
    assert counted.begin("Ana", "10.0.0.1") == 0
    assert counted.begin("Ana", "10.0.0.1") == 10


def test_an_address_is_refused_after_failures_for_many_names(counted: Attempts) -> None:
    for number in range(PER_ADDRESS):
        assert counted.begin(f"name {number}", "10.0.0.1") == 0
    assert counted.begin("another", "10.0.0.1") == WINDOW_S
    assert counted.begin("another", "10.0.0.2") == 0


def test_a_name_is_refused_after_failures_from_many_addresses(counted: Attempts) -> None:
    for number in range(PER_NAME):
        assert counted.begin("Ana", f"10.0.1.{number}") == 0
    assert counted.begin("Ana", "10.0.0.2") == WINDOW_S
    assert counted.begin("Ben", "10.0.0.2") == 0


def test_guesses_from_everywhere_keep_nobody_out_of_their_own_place(
    counted: Attempts, clock: Clock
) -> None:
    assert counted.begin("Ana", "10.0.0.1") == 0
    counted.succeeded("Ana", "10.0.0.1")
    clock.now += 24 * 3600
    for number in range(PER_NAME):
        counted.begin("Ana", f"10.0.1.{number}")
    for number in range(PER_ADDRESS):
        counted.begin(f"name {number}", "10.0.0.1")
    assert counted.begin("Ana", "10.0.0.9") > 0
    assert counted.begin("Ben", "10.0.0.1") > 0
    assert counted.begin("Ana", "10.0.0.1") == 0
    # At that place too, her own failures count.
    for _ in range(PER_PAIR - 1):
        assert counted.begin("Ana", "10.0.0.1") == 0
    assert counted.begin("Ana", "10.0.0.1") > 0


def test_success_takes_back_ones_own_failures_and_nobody_elses(counted: Attempts) -> None:
    for _ in range(PER_PAIR - 1):
        counted.begin("Ana", "10.0.0.1")
        counted.begin("Ben", "10.0.0.1")
    assert counted.begin("Ana", "10.0.0.1") == 0
    counted.succeeded("Ana", "10.0.0.1")
    assert [counted.begin("Ana", "10.0.0.1") for _ in range(PER_PAIR)] == [0] * PER_PAIR
    assert counted.begin("Ben", "10.0.0.1") == 0
    assert counted.begin("Ben", "10.0.0.1") > 0


def test_logging_in_oneself_gives_no_more_guesses_at_others(counted: Attempts) -> None:
    guesses = 0
    while counted.begin(f"name {guesses}", "10.0.0.1") == 0:
        guesses += 1
        if counted.begin("Eve", "10.0.0.1") == 0:
            counted.succeeded("Eve", "10.0.0.1")
        assert guesses <= PER_ADDRESS
    assert guesses == PER_ADDRESS


def test_memory_stays_bounded(counted: Attempts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attempts, "_MOST", 100)
    for number in range(1000):
        assert counted.begin(str(number) + "x" * 100_000, f"10.0.{number // 250}.{number}") == 0
        counted.succeeded("Ana", f"10.1.{number // 250}.{number}")
    assert len(counted._failed) <= 100
    assert len(counted._known) <= 100
    assert all(len(part) < 50 for key in counted._failed for part in key)


def test_addresses_of_one_customer_count_as_one() -> None:
    assert network("2001:db8:1:2:3::4") == network("2001:db8:1:2::99") == "2001:db8:1:2::/64"
    assert network("2001:db8:1:3::4") != network("2001:db8:1:2::4")
    assert network("::ffff:10.0.0.1") == network("10.0.0.1") == "10.0.0.1"
    assert network("10.0.0.2") == "10.0.0.2"
    assert network("fe80::1%eth0") == "fe80::/64"
    assert network("testclient") == "testclient"
