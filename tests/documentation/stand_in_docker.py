"""Stands in for `docker compose` where there is no Docker: runs what the containers would run.

It reads the compose file and `.env` as compose does, so a variable, service or command that is not there
stops it. The containers' commands run in this checkout on the servers that the test has started; paths in
the containers are led to the folders that are mounted there.

    stand_in_docker.py compose up|run|exec|build …     (with the variables that test_blocks sets)
"""

import os
import re
import subprocess
import sys
from pathlib import Path

import yaml

_VARIABLE = re.compile(r"\$\{(\w+)(?::([-?])([^}]*))?\}")


class Stop(Exception):
    """What compose would have complained about."""


def compose_file() -> dict:
    values = dict(os.environ)
    for line in Path(".env").read_text().splitlines() if Path(".env").exists() else ():
        name, is_set, value = line.partition("=")
        if is_set and not line.startswith("#") and value:
            values.setdefault(name, value)

    def filled(match: re.Match) -> str:
        name, kind, word = match.groups()
        if values.get(name):
            return values[name]
        if kind == "?":
            raise Stop(word)
        return word or ""

    def walk(part: object) -> object:
        # Values are filled in after reading, as compose does: an empty one stays a text.
        if isinstance(part, dict):
            return {key: walk(value) for key, value in part.items()}
        if isinstance(part, list):
            return [walk(value) for value in part]
        return _VARIABLE.sub(filled, part) if isinstance(part, str) else part

    return walk(yaml.safe_load(Path("docker-compose.yml").read_text()))


def up(services: dict, arguments: list[str]) -> None:
    named = [word for word in arguments if not word.startswith("--")]
    for name in named:
        service(services, name)
    if not named:
        execute(services["migrate"], services["migrate"]["command"], {}, {})


def build(services: dict, arguments: list[str]) -> None:
    sources = re.findall(r"^COPY (?!--from)(.+) \S+$", Path("Dockerfile").read_text(), re.MULTILINE)
    missing = [name for line in sources for name in line.split() if not Path(name).exists()]
    if missing:
        raise Stop(f"not there to copy: {missing}")


def run(services: dict, arguments: list[str]) -> None:
    folders, environment = {}, {}
    words = iter(arguments)
    for word in words:
        if word in ("--rm", "--no-deps", "-T"):
            continue
        if word == "--volume":
            outside, inside, *_read_only = next(words).split(":")
            folders[inside] = outside
        elif word == "--env":
            name, _, value = next(words).partition("=")
            environment[name] = value
        elif word.startswith("-"):
            raise Stop(f"unknown option {word}")
        else:
            execute(service(services, word), list(words), environment, folders)
            return
    raise Stop("no service named")


def execute(
    service: dict, command: list[str], more: dict[str, str], folders: dict[str, str]
) -> None:
    environment = {name: str(value) for name, value in service.get("environment", {}).items()}
    environment |= more
    database = os.environ["STAND_IN_POSTGRES"]
    if "DATABASE_URL" in environment:
        address = environment["DATABASE_URL"].replace("postgres:5432", database)
        environment["DATABASE_URL"] = address
    if service["image"].startswith("postgres:"):
        host, _, port = database.partition(":")
        environment |= {"PGHOST": host, "PGPORT": port}
        environment["PGPASSWORD"] = environment["POSTGRES_PASSWORD"]
    for inside, outside in folders.items():
        command = [word.replace(f"{inside}/", f"{outside}/") for word in command]
    done = subprocess.run(command, env=os.environ | environment, check=False)
    if done.returncode:
        raise Stop(f"{command} ended with {done.returncode}")


def service(services: dict, name: str) -> dict:
    if name not in services:
        raise Stop(f"no service {name}")
    return services[name]


def main() -> None:
    tool, command, *arguments = sys.argv[1:]
    if tool != "compose":
        raise Stop(f"docker {tool}")
    actions = {"up": up, "run": run, "exec": run, "build": build}
    actions[command](compose_file()["services"], arguments)


if __name__ == "__main__":
    try:
        main()
    except Stop as reason:
        sys.exit(f"stand-in for docker: {reason}")
