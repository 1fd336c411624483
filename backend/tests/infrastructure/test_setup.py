"""run.py: what it needs, what it repeats, what it says when something is missing."""

import ast
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from csms.bootstrap.settings import Settings
from devtools import environment, prerequisites, requirements, steps, verbs
from devtools.environment import SetupError
from devtools.prerequisites import Prerequisite
from devtools.steps import Outcome, Step

pytestmark = pytest.mark.infrastructure

ROOT = Path(__file__).parents[3]


class Commands:
    """Stands in for the programs of the set-up: records them, answers with an exit code."""

    def __init__(self) -> None:
        self.started: list[str] = []
        self.exit_codes: dict[str, int] = {}

    def __call__(self, _: Path, *command: str, extra: Mapping[str, str] | None = None) -> int:
        line = " ".join(command)
        self.started.append(line)
        return next((code for part, code in self.exit_codes.items() if part in line), 0)

    def ran(self, part: str) -> bool:
        return any(part in line for line in self.started)


@pytest.fixture
def commands(monkeypatch: pytest.MonkeyPatch) -> Commands:
    recorder = Commands()
    monkeypatch.setattr(environment, "_run", recorder)
    return recorder


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout whose .venv was set up from what lies there."""
    for name in ("uv.lock", "pyproject.toml", "benchmarks/pyproject.toml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(f"# {name}\n")
    programs = tmp_path / ".venv" / "bin"
    programs.mkdir(parents=True)
    for name in ("python", "csms"):
        script = programs / name
        script.write_text("#!/bin/sh\nexit 0\n")
        script.chmod(0o755)
    (tmp_path / ".venv" / "set-up.stamp").write_text(environment.fingerprint(tmp_path))
    return tmp_path


def run_py(
    *arguments: str, root: Path = ROOT, variables: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(root / "run.py"), *arguments],
        env=dict(variables or {}),
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )


def test_help_names_every_verb() -> None:
    shown = run_py("--help")
    words = set(re.findall(r"[a-z-]+", shown.stdout))
    assert (shown.returncode, set(verbs.VERBS) - words) == (0, set())


def test_an_unknown_verb_is_refused_with_the_usage() -> None:
    shown = run_py("tset")
    assert shown.returncode == 2
    assert "unknown verb 'tset'" in shown.stderr
    assert "python3 run.py test" in shown.stderr


def test_an_old_python_gets_a_sentence_with_the_remedy() -> None:
    source = (ROOT / "run.py").read_text()
    ast.parse(source, feature_version=(3, 7))  # otherwise it would get a syntax error
    spec = importlib.util.spec_from_file_location("run_py", ROOT / "run.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert re.search(r"Python 3\.11 or newer .* is 3\.10", module.python_problem((3, 10, 9)))
    assert module.python_problem((3, 11, 0)) is None
    assert module.python_problem((4, 0, 0)) is None


def test_a_finished_set_up_is_not_repeated(checkout: Path, commands: Commands) -> None:
    environment.set_up(checkout)
    assert commands.started == []


@pytest.mark.parametrize("name", ["uv.lock", "pyproject.toml", "benchmarks/pyproject.toml"])
def test_a_changed_lock_is_installed_once(checkout: Path, commands: Commands, name: str) -> None:
    (checkout / name).write_text("# another\n")
    environment.set_up(checkout)
    assert commands.ran("uv sync --frozen")
    commands.started.clear()
    environment.set_up(checkout)
    assert commands.started == []


def test_a_venv_whose_python_is_gone_is_made_again(checkout: Path, commands: Commands) -> None:
    python = checkout / ".venv" / "bin" / "python"
    python.unlink()
    python.symlink_to("/nowhere/python3")
    environment.set_up(checkout)
    assert commands.ran("-m venv --clear")


def test_a_moved_checkout_is_set_up_again(checkout: Path, tmp_path: Path) -> None:
    moved = tmp_path / "elsewhere"
    shutil.copytree(checkout, moved, symlinks=True, ignore=shutil.ignore_patterns("elsewhere"))
    assert environment.is_current(checkout)
    assert not environment.is_current(moved)


@pytest.mark.parametrize("part", ["pip install", "uv sync"])
def test_a_failed_download_names_the_remedy_and_is_tried_again(
    checkout: Path, commands: Commands, part: str
) -> None:
    (checkout / "uv.lock").write_text("# another\n")
    commands.exit_codes[part] = 1
    with pytest.raises(SetupError, match="HTTPS_PROXY"):
        environment.set_up(checkout)
    assert not environment.is_current(checkout)
    commands.exit_codes.clear()
    environment.set_up(checkout)
    assert environment.is_current(checkout)


@pytest.mark.parametrize("module", ["venv", "ensurepip"])
def test_a_missing_venv_module_names_the_debian_package(
    checkout: Path, commands: Commands, monkeypatch: pytest.MonkeyPatch, module: str
) -> None:
    shutil.rmtree(checkout / ".venv")
    monkeypatch.setattr(environment, "missing_for_venv", lambda: [module])
    with pytest.raises(SetupError, match=rf"lacks {module}\n.*apt install python3-venv"):
        environment.set_up(checkout)
    assert commands.started == []


def test_missing_modules_are_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    assert environment.missing_for_venv() == []
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert environment.missing_for_venv() == ["venv", "ensurepip"]


def test_an_empty_environment_is_completed() -> None:
    made = environment.child_environment(Path("/project"), {})
    path = made["PATH"].split(":")
    assert path[0] == "/project/.venv/bin"
    assert {"/usr/bin", "/usr/sbin"} < set(path)
    assert Path(made["HOME"]).is_absolute()


def test_another_python_environment_does_not_leak_in() -> None:
    given = {"VIRTUAL_ENV": "/v", "PYTHONPATH": "/p", "PYTHONHOME": "/h", "PATH": "/mine"}
    made = environment.child_environment(Path("/project"), given)
    assert set(made) == {"PATH", "HOME"}
    assert made["PATH"].startswith("/project/.venv/bin:/mine:")


THING = Prerequisite("THING", ("thing-server",), "thing-package")


@pytest.fixture
def machine(
    checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> tuple[Path, dict[str, str]]:
    """A Debian with one folder of programs, an apt-get that notes its calls, and root's rights."""
    programs = tmp_path / "programs"
    programs.mkdir()
    apt = programs / "apt-get"
    apt.write_text(f'#!/bin/sh\necho "$@" >> {tmp_path}/apt-calls\nexit 100\n')
    apt.chmod(0o755)
    (tmp_path / "os-release").write_text('ID=mine\nID_LIKE="debian other"\n')
    monkeypatch.setattr(prerequisites, "PREREQUISITES", (THING,))
    monkeypatch.setattr(prerequisites, "_OS_RELEASE", tmp_path / "os-release")
    monkeypatch.setattr(prerequisites, "_SERVICE_POLICY", tmp_path / "policy-rc.d")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    return checkout, {"PATH": str(programs)}


def apt_calls(root: Path) -> list[str]:
    calls = root / "apt-calls"
    return calls.read_text().splitlines() if calls.exists() else []


def test_a_program_that_is_there_is_handed_to_the_tests(
    machine: tuple[Path, dict[str, str]],
) -> None:
    root, variables = machine
    program = Path(variables["PATH"]) / "thing-server"
    program.symlink_to("/bin/sh")
    found = prerequisites.provide(root, variables)
    assert found.as_environment() == {"CSMS_TEST_THING": str(program)}
    assert apt_calls(root) == []


def test_what_apt_cannot_install_is_tried_once_and_named(
    machine: tuple[Path, dict[str, str]], capsys: pytest.CaptureFixture[str]
) -> None:
    root, variables = machine
    for _ in range(2):
        found = prerequisites.provide(root, variables)
        assert "thing-server: apt-get could not install it" in found.missing["THING"]
        assert set(found.as_environment()) == {"CSMS_TEST_MISSING_THING"}
    assert [call.split()[0] for call in apt_calls(root)] == ["update", "install"]
    assert "apt-get install thing-package" in capsys.readouterr().out
    assert not (root / "policy-rc.d").exists()


def test_what_apt_installs_is_found(machine: tuple[Path, dict[str, str]]) -> None:
    root, variables = machine
    apt = Path(variables["PATH"]) / "apt-get"
    apt.write_text(
        f'#!/bin/sh\n[ "$1" = install ] || exit 0\n[ -x {root}/policy-rc.d ] || exit 1\n'
        f"exec /bin/ln -s /bin/sh {apt.parent}/thing-server\n"
    )
    assert set(prerequisites.provide(root, variables).paths) == {"THING"}


def test_apt_is_left_alone_without_roots_rights(
    machine: tuple[Path, dict[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    root, variables = machine
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    found = prerequisites.provide(root, variables)
    assert "as root: apt-get install thing-package" in found.missing["THING"]
    assert apt_calls(root) == []


def test_every_check_runs_and_one_failure_fails_the_whole(
    checkout: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    programs = checkout / ".venv" / "bin"
    for name, script in (("bad", "exit 3"), ("slow", "exec /bin/sleep 600"), ("good", "echo ran")):
        (programs / name).write_text(f"#!/bin/sh\n{script}\n")
        (programs / name).chmod(0o755)
    table = (
        Step("a", ("bad",)),
        Step("b", ("slow",), 0.1),
        Step("c", ("none",)),
        Step("d", ("good",)),
    )
    results = steps.run_steps(checkout, table, {})
    assert [item.outcome for item in results] == [Outcome.FAILED] * 3 + [Outcome.PASSED]
    assert steps.has_failed(results)
    assert not steps.has_failed(results[3:])
    shown = steps.summary(results, {"CADDY": "caddy: not found"})
    for words in ("exit code 3", "limit of 0.1 s", "No such file", "caddy: not found"):
        assert words in shown
    assert "ran\n" in capfd.readouterr().out


def test_requirements_are_the_lock_with_hashes_and_without_an_index() -> None:
    requirements.check(ROOT)
    lines = (ROOT / requirements.TARGET).read_text().splitlines()
    names = [line for line in lines if line and line[0] not in "# "]
    assert any(line.startswith("asyncpg==") for line in names)
    assert not any(line.startswith(("pytest==", "csms", "-e", "--")) for line in names)
    assert all(line.endswith("\\") for line in names)
    assert not any("://" in line for line in lines)


def test_requirements_that_differ_from_the_lock_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(requirements, "exported", lambda root: "asyncpg==1\n")
    (tmp_path / "backend").mkdir()
    with pytest.raises(SetupError, match=r"run\.py requirements"):
        requirements.check(tmp_path)
    requirements.write(tmp_path)
    requirements.check(tmp_path)
    (tmp_path / requirements.TARGET).write_text("asyncpg==2\n")
    with pytest.raises(SetupError, match=r"run\.py requirements"):
        requirements.check(tmp_path)


def test_the_example_of_settings_lists_every_setting_and_sets_none() -> None:
    lines = (ROOT / ".env.example").read_text().splitlines()
    assert [line for line in lines if line and not line.startswith("#")] == []
    listed = {found[1] for line in lines if (found := re.match(r"#([A-Z][A-Z0-9_]+)=", line))}
    fields = Settings.model_fields.items()
    assert {(field.alias or name).upper() for name, field in fields} - listed == set()


def test_every_target_of_make_is_a_verb() -> None:
    text = (ROOT / "Makefile").read_text()
    found = re.search(r"^\.PHONY: (.*)$", text, re.MULTILINE)
    assert found is not None
    targets = found[1].split()
    assert set(targets) <= set(verbs.VERBS)
    assert {"run", "test", "test-all", "bench", "setup"} <= set(targets)


def test_continuous_integration_runs_make_test_at_the_root(tmp_path: Path) -> None:
    make = tmp_path / "make"
    make.write_text('#!/bin/sh\necho "$@ in $PWD"\nexit 7\n')
    make.chmod(0o755)
    shown = subprocess.run(
        [str(ROOT / ".ci" / "run")],
        env={"PATH": f"{tmp_path}:/usr/bin:/bin"},
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )
    assert (shown.returncode, shown.stdout) == (7, f"test in {ROOT}\n")


def test_the_pre_commit_hooks_are_valid_and_fetch_nothing(tmp_path: Path) -> None:
    config = ROOT / ".pre-commit-config.yaml"
    valid = subprocess.run(
        [sys.executable, "-m", "pre_commit", "validate-config", str(config)],
        env={"PRE_COMMIT_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (valid.returncode, valid.stdout + valid.stderr) == (0, "")
    assert set(re.findall(r"repo: (\S+)", config.read_text())) == {"local"}


@pytest.mark.long
def test_a_clean_clone_sets_itself_up_with_nothing_but_python_and_git(tmp_path: Path) -> None:
    git = shutil.which("git")
    assert git is not None
    programs = tmp_path / "programs"
    programs.mkdir()
    (programs / "python3").symlink_to(Path(sys.executable).resolve())
    (programs / "git").symlink_to(git)
    clone = tmp_path / "clone"
    subprocess.run([git, "clone", "--quiet", str(ROOT), str(clone)], check=True)

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(programs / "python3"), "run.py", *arguments],
            env={"PATH": str(programs)},
            cwd=clone,
            capture_output=True,
            text=True,
            check=False,
        )

    first = run("setup")
    assert first.returncode == 0, first.stdout + first.stderr
    assert "creating .venv" in first.stdout
    assert (clone / ".venv" / "bin" / "csms").exists()
    assert run("setup").stdout == "set-up: .venv is up to date\n"
    assert run("requirements", "--check").returncode == 0
    status = subprocess.run(
        [git, "status", "--porcelain"], cwd=clone, capture_output=True, text=True, check=True
    )
    assert status.stdout == ""
