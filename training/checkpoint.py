"""The state of a fine-tuning on disk, so that one that was killed goes on where it was."""

import io
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class FileCheckpoint:
    """One file, which is replaced as a whole; a kill leaves the one before."""

    path: Path
    key: str
    """Of all that decides how the training goes; a state of another key is none."""

    def load(self) -> Mapping[str, Any] | None:
        """What was kept last; None where there is nothing, or nothing that belongs here."""
        import pickle

        import torch

        try:
            # Nothing but tensors and plain values is read: no code is run from it.
            found = torch.load(self.path, map_location="cpu", weights_only=True)
        except FileNotFoundError:
            return None
        except (RuntimeError, EOFError, pickle.UnpicklingError):
            # Damaged from outside: training begins anew, which costs minutes and no decision.
            return None
        if not isinstance(found, dict) or found.get("key") != self.key:
            return None
        state: Mapping[str, Any] = found["state"]
        return state

    def keep(self, state: Mapping[str, Any]) -> None:
        """Keeps it in place of what was kept before.

        Raises:
            OSError: it cannot be written; what was kept before is still there.
        """
        import torch

        # Into memory first: what torch raises on a full disk does not say so.
        data = io.BytesIO()
        torch.save({"key": self.key, "state": dict(state)}, data)
        write_whole(self.path, data.getbuffer())


def write_whole(path: Path, data: "bytes | memoryview") -> None:
    """Writes a file that is there whole or not at all, after a kill and after a power cut.

    Raises:
        OSError: it cannot be written; then what was there before still is.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(prefix=f"{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(draft).replace(path)
    finally:
        Path(draft).unlink(missing_ok=True)


def kept_state(net: Any, optimizer: Any, schedule: Any, step: int, *, done: bool) -> dict[str, Any]:
    """All that the next step depends on."""
    import torch

    return {
        "step": step,
        "done": done,
        "net": net.state_dict(),
        "prototypes": net.prototypes,
        "optimizer": optimizer.state_dict(),
        "schedule": schedule.state_dict(),
        "random": torch.get_rng_state(),
        "random_cuda": torch.cuda.get_rng_state_all() if torch.cuda.is_available() else [],
    }


def restore(kept: Mapping[str, Any], net: Any, optimizer: Any, schedule: Any) -> tuple[int, bool]:
    """Puts everything back; returns the steps done and whether the training was over."""
    import torch

    net.load_state_dict(kept["net"])
    device = next(net.parameters()).device
    net.prototypes = None if kept["prototypes"] is None else kept["prototypes"].to(device)
    optimizer.load_state_dict(kept["optimizer"])
    schedule.load_state_dict(kept["schedule"])
    torch.set_rng_state(kept["random"])
    if kept["random_cuda"]:
        torch.cuda.set_rng_state_all(kept["random_cuda"])
    return int(kept["step"]), bool(kept["done"])
