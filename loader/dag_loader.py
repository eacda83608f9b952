"""Makes the DAGs of one shard of mounted pipeline documents.

openmetadata-ingestion-operator writes this file, as `loader-<shard>.py`, beside the shard's documents,
`<shard>-<DAG id>.json`. The plugin's own WorkflowFactory makes a DAG of each.
"""

from __future__ import annotations

import json
import logging
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

STARTED = time.monotonic()

from airflow.configuration import conf  # noqa: E402

try:
    from airflow.sdk import DAG, get_parsing_context
except ImportError:  # Airflow 2
    from airflow import DAG
    from airflow.utils.dag_parsing_context import get_parsing_context

from openmetadata_managed_apis.api.utils import clean_dag_id  # noqa: E402
from openmetadata_managed_apis.workflows.workflow_factory import WorkflowFactory  # noqa: E402

FOLDER = Path(__file__).parent
PREFIX = Path(__file__).stem.rpartition("-")[2] + "-"
# Airflow throws all DAGs of a file away when it takes longer than this, the good ones, too.
DEADLINE = STARTED + (conf.getfloat("core", "dagbag_import_timeout") or 30.0) * 2 / 3
LONGEST_REASON = 500
SHORTEST_SECRET = 4

log = logging.getLogger(__name__)


def register_all() -> None:
    """Registers every DAG of the shard; one that cannot be built by a stand-in that tells why."""
    unreachable = ""
    for path in sorted(FOLDER.glob(f"{PREFIX}*.json")):
        dag_id = path.name[len(PREFIX) : -len(".json")]
        # What somebody deployed through the plugin is the newer one: these documents are its standby.
        if (FOLDER.parent / f"{dag_id}.py").exists():
            continue
        try:
            if unreachable:
                raise ConnectionError(unreachable)
            register(build(path, dag_id))
        except Exception as error:  # noqa: BLE001
            # A file that is gone again is a removed pipeline, in a directory that is being updated.
            if path.exists():
                reason = unreachable or reason_of(error, path)
                log.error("%s cannot be built: %s", path.name, reason)
                register(stand_in(dag_id, reason))
                unreachable = reason if is_unreachable(error) else ""


def register_one(dag_id: str) -> None:
    """Registers the DAG that this process runs a task of, whoever deployed it, and reads no other document."""
    path = FOLDER / f"{PREFIX}{dag_id}.json"
    if not path.exists():
        return
    failure = ""
    try:
        register(build(path, dag_id))
    except Exception as error:  # noqa: BLE001
        failure = reason_of(error, path)
    if failure:  # Raised here, so that no traceback shows the error with its values.
        raise RuntimeError(f"{path.name} cannot be built: {failure}")


def register(dag: DAG) -> None:
    """Puts a DAG where Airflow looks for it, under a name that is none of this module's own."""
    globals()[f"dag {dag.dag_id}"] = dag


def build(path: Path, dag_id: str) -> DAG:
    """Makes the DAG of a document; fails unless it is the one that the file's name tells."""
    # Airflow 2 registers whatever DAG is made while it imports this file, so a wrong one must not even be made.
    if clean_dag_id(read(path)["name"]) != dag_id:
        raise ValueError("the name in the document is not that of its file")
    made: dict[str, Any] = {}

    def make() -> None:
        try:
            WorkflowFactory.create(str(path)).generate_dag(made)
        except BaseException as error:  # noqa: BLE001
            made["error"] = error

    # The client of OpenMetadata waits for ever for an answer. A thread can be left behind.
    thread = threading.Thread(target=make, daemon=True)
    thread.start()
    thread.join(max(0.0, DEADLINE - time.monotonic()))
    if thread.is_alive():
        raise TimeoutError("OpenMetadata did not answer in time")
    if "error" in made:
        raise made["error"]
    made[dag_id].validate()
    return made[dag_id]


def read(path: Path) -> Any:
    """Reads a document as the plugin does, with the environment's values in it."""
    return json.loads(os.path.expandvars(path.read_text(encoding="utf-8")))


def stand_in(dag_id: str, reason: str) -> DAG:
    """Keeps the place of a DAG, with its history and pause state, until it can be built again."""
    description = f"Cannot be built: {reason} [ingestion.open-metadata.org failed]"
    return DAG(dag_id, description=description, schedule=None, tags=["OpenMetadata"], is_paused_upon_creation=True)


def is_unreachable(error: BaseException) -> bool:
    """Whether the other documents would wait for the same server in vain: no file, and no answer with a status."""
    return any(
        isinstance(link, OSError) and link.filename is None and getattr(link, "response", None) is None
        for link in links(error)
    )


def reason_of(error: BaseException, path: Path) -> str:
    """Tells in a line what is wrong, without any value of the document."""
    # The plugin's outermost error only repeats its cause.
    text = f"{type(error.__cause__ or error).__name__}: {error.__cause__ or error}"
    for link in links(error):
        if callable(errors := getattr(link, "errors", None)):  # Pydantic's text shows the input.
            text = "; ".join(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in errors())
    try:
        document = read(path)
        secret = [document["sourceConfig"], document["openMetadataServerConnection"].get("securityConfig")]
        for value in sorted(values(secret), key=len, reverse=True):
            text = text.replace(value, "***").replace(repr(value)[1:-1], "***")
    except Exception:  # noqa: BLE001
        text = text if isinstance(error, json.JSONDecodeError) else type(error).__name__
    return " ".join(text.split())[:LONGEST_REASON]


def links(error: BaseException | None) -> Iterator[BaseException]:
    """Gives an error and what led to it."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def values(node: Any) -> Iterator[str]:
    """Gives what a part of a document says, as text."""
    if isinstance(node, (dict, list)):
        for child in node.values() if isinstance(node, dict) else node:
            yield from values(child)
    elif len(str(node)) >= SHORTEST_SECRET and not isinstance(node, bool) and node is not None:
        yield str(node)


if (wanted := get_parsing_context().dag_id) is None:
    register_all()
else:
    register_one(wanted)
