"""States of passages, as they are given to a command."""

from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from ..labels.decisions import State


def states_of(given: list[str]) -> "tuple[State, ...]":
    """The states of these names, however they are written: 'in review', 'in-review'."""
    from ..labels.codebook import unknown
    from ..labels.decisions import State

    known = {str(state): state for state in State}
    states: list[State] = []
    for text in given:
        name = " ".join(text.replace("-", " ").replace("_", " ").split()).lower()
        if name not in known:
            raise typer.BadParameter(
                f"{unknown('state', text, known)} There are {', '.join(known)}."
            )
        states.append(known[name])
    return tuple(states)
