"""Questions before something is done."""

import typer

from ..nlp.errors import WhatworksError


def agrees(question: str, nothing: str) -> bool:
    """Whether the user says yes.

    Args:
        question: What is asked, on standard error.
        nothing: What did not happen where nobody answers: 'Nothing was recorded'.

    Raises:
        WhatworksError: nobody answers, as in a script.
    """
    try:
        return typer.confirm(question, err=True)
    except typer.Abort as error:
        raise WhatworksError(
            f"{nothing}: nobody answered. To do it without being asked, add --yes."
        ) from error
