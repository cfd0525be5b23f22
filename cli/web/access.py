"""What an address needs: one person without login on this computer alone, accounts elsewhere."""

import ipaddress
import socket
from collections.abc import Sequence
from dataclasses import dataclass

from ...labels.accounts import Role
from ...labels.store.accounts import has_owner
from ...labels.store.database import Store
from ...nlp.errors import WhatworksError
from .context import Gate, Person
from .loopback import HOSTS, OneUser
from .security import LoginGate


@dataclass(frozen=True, slots=True)
class Access:
    """How people come in at the address that the app listens on."""

    gate: Gate
    hosts: tuple[str, ...]
    """Names that it answers to; any where there is none."""
    notes: tuple[str, ...] = ()
    """What whoever starts it should know."""


def access_for(
    store: Store,
    annotator: str,
    *,
    host: str = "127.0.0.1",
    proxy: str = "",
    names: Sequence[str] = (),
    login: bool = False,
) -> Access:
    """One person without login on this computer alone, else accounts.

    Args:
        store: The project's.
        annotator: Who it is, where nobody has to log in.
        host: The address that the app listens on.
        proxy: The address of the proxy whose word counts; '' for none. Whoever comes through it
            may come from anywhere, so they log in, and it speaks HTTPS with them.
        names: Host names that people use; others are not answered.
        login: Wants accounts on this computer too.

    Raises:
        WhatworksError: people have to log in, and there is no owner who could; or the proxy is
            no address.
    """
    if proxy:
        _check_proxy(proxy)
    if not (proxy or login) and is_loopback(host):
        return Access(OneUser(Person(annotator, Role.OWNER)), HOSTS)
    with store.reading() as connection:
        if not has_owner(connection):
            raise WhatworksError(
                "People have to log in at this address, and the project has no owner who could. "
                "Make an account: whatworks user add NAME --role owner"
            )
    notes = []
    if not proxy and not is_loopback(host):
        notes.append(
            "Passwords and passages travel unencrypted to this address. On a network that "
            "others use too, put a proxy with HTTPS before it (docs/security.md)."
        )
    return Access(LoginGate(store, secure=bool(proxy)), tuple(names), tuple(notes))


def is_loopback(host: str) -> bool:
    """Whether only programs on this computer reach it there."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        pass
    if host.lower() != "localhost":
        return False
    # The name is only a habit: a hosts file may say otherwise.
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError:
        return False
    return all(ipaddress.ip_address(str(one[4][0])).is_loopback for one in found)


def _check_proxy(proxy: str) -> None:
    for one in proxy.split(","):
        try:
            ipaddress.ip_network(one.strip())
        except ValueError as error:
            raise WhatworksError(
                f"'{proxy}' is no address of a proxy. Give its IP address, seen from here: "
                "127.0.0.1 where it runs on this computer."
            ) from error
