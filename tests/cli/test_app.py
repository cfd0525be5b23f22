"""The command as a whole: help, version, exit codes, how errors are told."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import typer.main

from whatworks import __version__
from whatworks.cli.app import app


def commands(command=None, name="whatworks"):
    """Every command and group with its full name."""
    command = command or typer.main.get_command(app)
    yield name, command
    for part, inner in getattr(command, "commands", {}).items():
        yield from commands(inner, f"{name} {part}")


COMMANDS = dict(commands())


def test_all_commands_are_known() -> None:
    assert set(COMMANDS) >= {
        "whatworks",
        "whatworks classify",
        "whatworks demo",
        "whatworks doctor",
        "whatworks cache",
        "whatworks cache size",
        "whatworks cache clear",
        "whatworks add",
        "whatworks agreement",
        "whatworks audit",
        "whatworks export",
        "whatworks import",
        "whatworks init",
        "whatworks prelabel",
        "whatworks review",
        "whatworks status",
        "whatworks upgrade",
        "whatworks codebook",
        "whatworks codebook check",
        "whatworks codebook show",
        "whatworks codebook diff",
        "whatworks codebook apply",
        "whatworks codebook history",
        "whatworks codebook template",
    }


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_an_example(name: str, run) -> None:
    command = COMMANDS[name]
    assert command.help
    assert command.epilog
    assert "Example" in command.epilog
    assert f"{name} " in f"{command.epilog} ", "the example is of another command"
    ran = run(*name.split()[1:], "--help")
    assert ran.code == 0
    assert ran.err == ""
    assert command.help.split("\n")[0] in ran.out
    assert "Example" in ran.out


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_has_help(name: str) -> None:
    for parameter in COMMANDS[name].params:
        assert parameter.help, parameter.name


@pytest.mark.parametrize("name", COMMANDS)
def test_short_help_is_not_cut_off(name: str) -> None:
    for inner in getattr(COMMANDS[name], "commands", {}).values():
        assert not inner.get_short_help_str(68).endswith("...")


def test_h_is_help(run) -> None:
    assert run("classify", "-h").out == run("classify", "--help").out


def test_the_version_is_told(run) -> None:
    assert run("--version").out == f"whatworks {__version__}\n"


@pytest.mark.parametrize("arguments", [(), ("cache",)])
def test_without_arguments_there_is_help(arguments, run) -> None:
    ran = run(*arguments)
    assert ran.code == 2
    assert "Usage: whatworks" in ran.said


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("clasify",), "Did you mean 'classify'?"),
        (("classify",), "Missing argument"),
        (("classify", "x", "--treshold", "1"), "No such option"),
        (("cache", "clean"), "No such command 'clean'"),
    ],
)
def test_wrong_usage_is_told_and_ends_with_2(arguments, message, run) -> None:
    ran = run(*arguments)
    assert ran.code == 2
    assert ran.out == ""
    assert message in ran.err
    assert "Try 'whatworks" in ran.err


CHECK = """
import sys
sys.argv = ["whatworks", *sys.argv[1:]]
from whatworks.__main__ import main
try:
    main()
finally:
    heavy = {"torch", "transformers", "numpy", "pandas", "sklearn", "rich", "pdftext", "docx"}
    print("heavy:", sorted(heavy & set(sys.modules)), file=sys.stderr)
"""


@pytest.mark.parametrize("arguments", ["--help", "--version", "classify --help", "cache --help"])
def test_help_comes_in_a_blink_and_loads_no_model(arguments: str) -> None:
    took = []
    for _ in range(3):
        before = os.times()
        ran = subprocess.run(
            [sys.executable, "-c", CHECK, *arguments.split()], capture_output=True, text=True
        )
        after = os.times()
        # Processor time: the tests may run beside something else.
        took.append(
            after.children_user
            + after.children_system
            - before.children_user
            - before.children_system
        )
        assert ran.returncode == 0
        assert ran.stderr == "heavy: []\n"
        if took[-1] < 0.5:
            break
    assert min(took) < 0.5


def test_an_unforeseen_error_is_one_line_with_what_to_do(run, monkeypatch) -> None:
    def broken() -> None:
        raise IndexError("list index out of range")

    monkeypatch.setattr("whatworks.cli.doctor._packages", broken)
    ran = run("doctor")
    assert ran.code == 1
    assert ran.err == (
        "Error: something unforeseen went wrong (IndexError: list index out of range). Run the "
        "command again with --debug before its name and report what it prints.\n"
    )


def test_with_debug_the_traceback_is_shown(run_apart, tmp_path) -> None:
    ran = run_apart("--debug", "classify", "x", "-o", tmp_path / "none" / "r.csv")
    assert ran.code == 1
    assert "Traceback" in ran.err
    assert "There is no folder" in ran.err


def test_completion_knows_the_commands(monkeypatch) -> None:
    monkeypatch.setenv("_WHATWORKS_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", "whatworks cl")
    monkeypatch.setenv("COMP_CWORD", "1")
    # The variable's name comes from the program's.
    script = "import sys; sys.argv = ['whatworks']; from whatworks.__main__ import main; main()"
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert ran.stdout.split() == ["classify"]


def test_a_full_disk_behind_standard_output_is_told(start) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("needs /dev/full")
    with Path("/dev/full").open("w") as full:
        process = start("cache", "size", stdout=full)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "Standard output cannot be written" in err
    assert "Traceback" not in err
    assert "Exception ignored" not in err


def test_a_closed_standard_output_is_no_traceback(start) -> None:
    process = start("cache", "--help")
    process.stdout.close()
    err = process.stderr.read()
    process.wait(60)
    assert "Traceback" not in err
    assert "Exception ignored" not in err
