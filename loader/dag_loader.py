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

from airflow.configuration import conf
from openmetadata_managed_apis.api.utils import clean_dag_id
from openmetadata_managed_apis.workflows.workflow_factory import WorkflowFactory

try:
    from airflow.sdk import DAG, BaseOperator, get_parsing_context
except ImportError:  # Airflow 2
    from airflow.models import DAG, BaseOperator
    from airflow.utils.dag_parsing_context import get_parsing_context

FOLDER = Path(__file__).parent
PREFIX = Path(__file__).stem.rpartition("-")[2] + "-"
# Airflow drops all DAGs of a file that takes longer than this, the good ones, too; the rest of it is for the imports.
TIMEOUT_SECONDS = conf.getfloat("core", "dagbag_import_timeout")
DEADLINE = time.monotonic() + (0.6 * TIMEOUT_SECONDS if TIMEOUT_SECONDS > 0 else float("inf"))
PATIENCE_SECONDS = 10.0
LONGEST_REASON = 500
SHORTEST_SECRET = 4
LONG_AGO = datetime(2020, 1, 1, tzinfo=timezone.utc)
TASK_NAMES = {"metadata": "ingestion", "policyAgent": "ingestion", "elasticSearchReindex": "elasticsearch_reindex"}

log = logging.getLogger(__name__)


class NotInTimeError(TimeoutError):
    """Tells that it was given up to build a document."""

    def __init__(self) -> None:
        super().__init__(
            "not built in time: OpenMetadata does not answer, or the DAG processor has too little CPU; "
            "then more shards (spec.configMap.shards) or a longer core.dagbag_import_timeout help"
        )


class DocumentError(Exception):
    """Tells in a line why a document cannot be built, without any value that may be secret."""

    def __init__(self, error: BaseException, path: Path) -> None:
        links = list(links_of(error))
        # Neither about a file nor an answer with a status: other documents would wait in vain, too.
        lost = [e for e in links if isinstance(e, OSError) and not e.filename and getattr(e, "response", None) is None]
        invalid = [e for e in links if hasattr(e, "errors")]
        self.is_unreachable = bool(lost)
        if lost:
            text = (
                str(lost[-1]) if isinstance(lost[-1], NotInTimeError) else f"OpenMetadata cannot be reached: {lost[-1]}"
            )
        elif invalid:  # Pydantic's own text shows the values.
            text = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in invalid[-1].errors())
        else:  # The plugin's outer error only repeats the inner one.
            text = f"{type(error.__cause__ or error).__name__}: {error.__cause__ or error}"
        # An address in memory would make a new version of the DAG at every parse.
        text = re.sub(" at 0x[0-9a-f]+", "", without_secrets(text, path))
        super().__init__(" ".join(text.split())[:LONGEST_REASON])


def register_all() -> None:
    """Registers every DAG of the shard, a stand-in for one that cannot be built."""
    unreachable: Optional[DocumentError] = None
    for path in sorted(FOLDER.glob(f"{PREFIX}*.json")):
        dag_id = path.name[len(PREFIX) : -len(".json")]
        # Deployed through the plugin: then the document is its standby only.
        if (FOLDER.parent / f"{dag_id}.py").exists():
            continue
        try:
            if unreachable:
                raise unreachable
            register(build(path, dag_id))
        except DocumentError as error:
            # In a directory that is being updated, the file of a removed pipeline is gone already.
            if path.exists():
                register(stand_in(path, dag_id, error))
                if not unreachable:
                    log.error("%s cannot be built: %s", path.name, error)
                unreachable = error if error.is_unreachable else None


def register(dag: DAG) -> None:
    """Puts a DAG where Airflow looks for it, under a name that is none of ours."""
    globals()[f"dag {dag.dag_id}"] = dag


def build(path: Path, dag_id: str) -> DAG:
    """Makes the DAG of a document, in limited time: the client of OpenMetadata may wait for an answer for ever."""
    made: dict[str, DAG] = {}
    errors: list[BaseException] = []

    def make() -> None:
        try:
            factory = WorkflowFactory.create(str(path))
            document = read(path)
            # Airflow 2 registers whatever DAG is made while it imports this file: a wrong one must not even be made.
            if clean_dag_id(document["name"]) != dag_id:
                raise ValueError("the name in the document is not that of its file")
            DAG(dag_id, schedule=document["airflowConfig"].get("scheduleInterval"), start_date=LONG_AGO).validate()
            factory.generate_dag(made)
        except BaseException as error:  # noqa: BLE001
            errors.append(error)

    thread = threading.Thread(target=make, daemon=True)
    thread.start()
    thread.join(max(0.0, min(PATIENCE_SECONDS, DEADLINE - time.monotonic())))
    if thread.is_alive():
        errors.append(NotInTimeError())
    # Raised outside of the handler, so that no traceback shows the error with its values.
    if errors:
        raise DocumentError(errors[0], path)
    return made[dag_id]


def stand_in(path: Path, dag_id: str, error: DocumentError) -> DAG:
    """Keeps the place of a DAG, with its history, pause state and running task, until it can be built again."""
    dag = DAG(
        dag_id,
        description=f"Cannot be built: {error} [ingestion.open-metadata.org failed]",
        schedule=None,
        start_date=LONG_AGO,
        max_active_runs=1,
        is_paused_upon_creation=True,
        tags=["OpenMetadata"],
    )
    try:
        kind = re.search(r'"pipelineType": *"(\w+)"', path.read_text(errors="replace"))
    except OSError:
        kind = None
    # Without it Airflow ends the task that runs now. One that starts now builds its own DAG, not this one.
    if kind:
        name = TASK_NAMES.get(kind[1]) or re.sub("(?<=[a-z])(?=[A-Z])", "_", kind[1]).lower()
        BaseOperator(task_id=f"{name}_task", dag=dag)
    return dag


def read(path: Path) -> Any:
    """Reads a document as the plugin does, with the values of the environment in it."""
    return json.loads(os.path.expandvars(path.read_text(encoding="utf-8")))


def without_secrets(text: str, path: Path) -> str:
    """Hides in a text what the document says where it may hold secrets."""
    try:
        document = read(path)
        connection = document.get("openMetadataServerConnection") or {}
        places = [document.get("sourceConfig"), connection.get("securityConfig")]
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


wanted = get_parsing_context().dag_id
if wanted is None:
    register_all()
elif (FOLDER / f"{PREFIX}{wanted}.json").exists():
    # This process runs a task of one DAG, whoever deployed it, and reads no other document.
    register(build(FOLDER / f"{PREFIX}{wanted}.json", wanted))
