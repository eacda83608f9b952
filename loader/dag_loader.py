"""Makes the DAGs of one shard of mounted pipeline documents.

openmetadata-ingestion-operator writes this file, as `loader-<shard>.py`, beside the shard's documents,
`<shard>-<DAG id>.json`. The plugin's own WorkflowFactory makes a DAG of each.
"""

import json
import logging
import os
import re
import threading
import time
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, Optional

STARTED = time.monotonic()

from airflow.configuration import conf  # noqa: E402

try:
    from airflow.sdk import DAG, BaseOperator, get_parsing_context
except ImportError:  # Airflow 2
    from airflow.models import DAG, BaseOperator
    from airflow.utils.dag_parsing_context import get_parsing_context

from openmetadata_managed_apis.api.utils import clean_dag_id  # noqa: E402
from openmetadata_managed_apis.workflows.workflow_factory import WorkflowFactory  # noqa: E402

FOLDER = Path(__file__).parent
PREFIX = Path(__file__).stem.rpartition("-")[2] + "-"
# Airflow drops all DAGs of a file that takes longer than its time-out, the good ones, too.
DEADLINE = STARTED + 0.8 * (conf.getfloat("core", "dagbag_import_timeout") or 30.0)
PATIENCE_SECONDS = 10.0
LONGEST_REASON = 500
SHORTEST_SECRET = 4
TASK_NAMES = {"metadata": "ingestion", "policyAgent": "ingestion", "elasticSearchReindex": "elasticsearch_reindex"}

log = logging.getLogger(__name__)


class Failure(Exception):
    """Tells in a line why a document cannot be built, without any value that may be secret."""

    def __init__(self, error: BaseException, path: Path) -> None:
        links = list(links_of(error))
        # Neither about a file nor an answer with a status: then other documents would wait in vain, too.
        lost = [e for e in links if isinstance(e, OSError) and not e.filename and not getattr(e, "response", None)]
        invalid = [e for e in links if hasattr(e, "errors")]
        self.unreachable = bool(lost)
        if lost:
            text = f"OpenMetadata cannot be reached: {lost[-1]}"
        elif invalid:  # What Pydantic itself says about them shows the values.
            text = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in invalid[-1].errors())
        else:  # The plugin's outer error only repeats the inner one.
            text = f"{type(error.__cause__ or error).__name__}: {error.__cause__ or error}"
        super().__init__(" ".join(without_secrets(text, path).split())[:LONGEST_REASON])


def register_all() -> None:
    """Registers every DAG of the shard; a stand-in for one that cannot be built."""
    unreachable: Optional[Failure] = None
    for path in sorted(FOLDER.glob(f"{PREFIX}*.json")):
        dag_id = path.name[len(PREFIX) : -len(".json")]
        # Deployed through the plugin: then the document is its standby only.
        if (FOLDER.parent / f"{dag_id}.py").exists():
            continue
        try:
            if unreachable:
                raise unreachable
            register(build(path, dag_id))
        except Failure as failure:
            # In a directory that is being updated, the file of a removed pipeline is gone already.
            if path.exists():
                register(stand_in(path, dag_id, failure))
                if not unreachable:
                    log.error("%s cannot be built: %s", path.name, failure)
                unreachable = failure if failure.unreachable else None


def register_one(dag_id: str) -> None:
    """Registers the DAG that this process runs a task of, whoever deployed it; reads no other document."""
    path = FOLDER / f"{PREFIX}{dag_id}.json"
    if path.exists():
        register(build(path, dag_id))


def register(dag: DAG) -> None:
    """Puts a DAG where Airflow looks for it, under a name that is none of ours."""
    globals()[f"dag {dag.dag_id}"] = dag


def build(path: Path, dag_id: str) -> DAG:
    """Makes the DAG of a document in limited time; the client of OpenMetadata waits for ever for an answer."""
    made: dict[str, DAG] = {}
    errors: list[BaseException] = []

    def make() -> None:
        try:
            # Airflow 2 registers whatever DAG is made while it imports this file, so a wrong one must not even be made.
            if clean_dag_id(read(path)["name"]) != dag_id:
                raise ValueError("the name in the document is not that of its file")
            WorkflowFactory.create(str(path)).generate_dag(made)
            made[dag_id].validate()
        except BaseException as error:  # noqa: BLE001
            errors.append(error)

    thread = threading.Thread(target=make, daemon=True)
    thread.start()
    thread.join(max(0.0, min(PATIENCE_SECONDS, DEADLINE - time.monotonic())))
    if thread.is_alive():
        errors.append(TimeoutError("no answer in the time that Airflow gives this file"))
    # Raised outside of the handler, so that no traceback shows the error with its values.
    if errors:
        raise Failure(errors[0], path)
    return made[dag_id]


def stand_in(path: Path, dag_id: str, failure: Failure) -> DAG:
    """Keeps the place of a DAG, with its history, pause state and running task, until it can be built again."""
    description = f"Cannot be built: {failure} [ingestion.open-metadata.org failed]"
    options = {"schedule": None, "tags": ["OpenMetadata"], "max_active_runs": 1, "is_paused_upon_creation": True}
    dag = DAG(dag_id, description=description, **options)
    try:
        kind = read(path)["pipelineType"]
    except Exception:  # noqa: BLE001
        return dag
    # Without it Airflow would end the task that runs now. One that starts now builds its own DAG, not this one.
    name = TASK_NAMES.get(kind) or re.sub("(?<=[a-z])(?=[A-Z])", "_", kind).lower()
    BaseOperator(task_id=f"{name}_task", start_date=datetime(2020, 1, 1, tzinfo=timezone.utc), dag=dag)
    return dag


def read(path: Path) -> Any:
    """Reads a document as the plugin does, with the values of the environment in it."""
    return json.loads(os.path.expandvars(path.read_text(encoding="utf-8")))


def without_secrets(text: str, path: Path) -> str:
    """Takes what stands where a secret may stand in the document out of a text."""
    try:
        document = read(path)
        places = [document["sourceConfig"], document["openMetadataServerConnection"].get("securityConfig")]
    except Exception:  # noqa: BLE001
        places = []
    for value in sorted(values_of(places), key=len, reverse=True):
        text = text.replace(value, "***").replace(repr(value)[1:-1], "***")
    return text


def values_of(node: Any) -> Iterator[str]:
    """Gives the values in a part of a document, as text."""
    if isinstance(node, (dict, list)):
        for child in node.values() if isinstance(node, dict) else node:
            yield from values_of(child)
    elif len(str(node)) >= SHORTEST_SECRET and not isinstance(node, (bool, type(None))):
        yield str(node)


def links_of(error: Optional[BaseException]) -> Iterator[BaseException]:
    """Gives an error and, after it, what led to it."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


if get_parsing_context().dag_id is None:
    register_all()
else:
    register_one(get_parsing_context().dag_id)
