"""What becomes of documents that cannot be built, and of those beside them."""

import json
import logging
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from open_metadata import closed_port, mute_server
from openmetadata_managed_apis.workflows.workflow_factory import WorkflowFactory
from volume import Volume, is_stand_in, mark_of, schedule_of

SECRET = "hunter2-and-more"
OTHERS = ["a_before", "z_after"]


@pytest.fixture
def beside(volume: Volume) -> Volume:
    """A shard with good documents; the bad one is read between them."""
    for name in OTHERS:
        volume.add(name)
    return volume


def source_config(**members: Any) -> dict:
    return {"config": {"type": "DatabaseMetadata", **members}}


REFUSED = {
    "a value of another type": {"sourceConfig": source_config(includeViews={"password": SECRET})},
    "a member that the plugin does not know": {"sourceConfig": source_config(passwort=SECRET)},
    "a source of no known type": {"sourceConfig": {"config": {"type": SECRET}}},
    "an unknown pipeline type": {"pipelineType": "nonsense"},
    "a service that OpenMetadata does not have": {
        "service": {"id": "66666666-7777-4888-9999-000000000001", "type": "databaseService", "name": "gone"}
    },
    "a service of no known type": {
        "service": {"id": "66666666-7777-4888-9999-000000000001", "type": "nonsense", "name": "shop"}
    },
    "no connection": {"openMetadataServerConnection": None},
    "a schedule that is none": {"airflowConfig": {"scheduleInterval": "61 3 * * *"}},
    "a name that is not that of its file": {"name": "other"},
    "the name of another document": {"name": "z_after"},
    "no name": {"name": None},
}


@pytest.mark.parametrize("changes", REFUSED.values(), ids=REFUSED.keys())
def test_a_refused_document_gets_a_stand_in_and_leaves_the_others_alone(
    beside: Volume, changes: dict, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        beside.add("middle", **{"token": SECRET, **changes})
        bag = beside.parse()
    assert bag.import_errors == {}
    assert set(bag.dags) == {*OTHERS, "middle"}
    assert [bag.dags[name].description for name in OTHERS] == [mark_of(name) for name in OTHERS]
    assert is_stand_in(bag.dags["middle"])
    assert SECRET not in bag.dags["middle"].description
    [message] = [record.getMessage() for record in caplog.records if record.filename == "loader-07.py"]
    assert message.startswith("07-middle.json cannot be built: ")
    assert SECRET not in message


TEXTS = {
    "nothing": "",
    "half of a document": '{"name": "mid',
    "no object": "[1]",
    "what an unescaped value leaves of it": '{"name": "middle", "token": "' + SECRET + '" "}',
    "no text": "\udcff",
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_a_file_that_is_no_document_gets_a_stand_in_and_leaves_the_others_alone(beside: Volume, text: str) -> None:
    (beside.add_file("07-middle.json", "")).write_bytes(text.encode("utf-8", "surrogateescape"))
    bag = beside.parse()
    assert bag.import_errors == {}
    assert [name for name in bag.dags if is_stand_in(bag.dags[name])] == ["middle"]
    assert set(bag.dags) == {*OTHERS, "middle"}
    assert SECRET not in bag.dags["middle"].description


def test_a_running_task_keeps_its_place_where_a_value_broke_the_document(
    volume: Volume, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHOP_BOT_TOKEN", 'with a " in it')
    volume.add("first", token="${SHOP_BOT_TOKEN}")
    dag = volume.parse().dags["first"]
    assert dag.description.startswith("Cannot be built: JSONDecodeError: ")
    assert [task.task_id for task in dag.tasks] == ["ingestion_task"]


def test_a_stand_in_tells_the_place_and_the_fault_and_does_nothing(volume: Volume) -> None:
    volume.add("first", sourceConfig=source_config(includeViews={"password": SECRET}))
    dag = volume.parse().dags["first"]
    assert "includeViews" in dag.description
    assert "\n" not in dag.description
    assert schedule_of(dag) is None
    assert set(dag.tags) == {"OpenMetadata"}
    assert dag.is_paused_upon_creation


@pytest.fixture
def refusal(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Lets the plugin refuse every document with this text."""

    def refuse(text: str) -> None:
        def fail(_: Any) -> None:
            raise ValueError(text)

        monkeypatch.setattr(WorkflowFactory, "build_dag", fail)

    return refuse


def test_a_value_is_hidden_also_where_an_error_quotes_it(volume: Volume, refusal: Callable[[str], None]) -> None:
    secret = "-----BEGIN KEY-----\nAbC\n"
    refusal(f"no good: {secret} or {secret!r}")
    volume.add("first", token=secret)
    assert (
        volume.parse().dags["first"].description
        == "Cannot be built: ValueError: no good: *** or '***' [ingestion.open-metadata.org failed]"
    )


def test_a_reason_has_an_end_and_nothing_that_is_new_in_every_process(
    volume: Volume, refusal: Callable[[str], None]
) -> None:
    refusal(f"no function in {{'usage': {object()!r}}} {'and so on ' * 100}")
    volume.add("first")
    description = volume.parse().dags["first"].description
    assert description.startswith("Cannot be built: ValueError: no function in {'usage': <object object>} and so on")
    assert len(description) < 600


def test_a_stand_in_is_the_same_at_every_parse(volume: Volume) -> None:
    volume.add("first", url=closed_port())
    volume.add("second", service={"id": "6", "type": "nonsense", "name": "shop"})
    descriptions = [{id: dag.description for id, dag in volume.parse().dags.items()} for _ in range(2)]
    assert descriptions[0] == descriptions[1]


def test_a_file_that_is_gone_again_is_passed_over(beside: Volume) -> None:
    beside.add("middle")
    beside.vanish("07-middle.json")
    bag = beside.parse()
    assert (set(bag.dags), bag.import_errors) == (set(OTHERS), {})


def test_a_file_that_goes_while_it_is_read_is_passed_over(beside: Volume, monkeypatch: pytest.MonkeyPatch) -> None:
    beside.add("middle")
    create = "openmetadata_managed_apis.workflows.workflow_factory.load_config_file"
    load = __import__("openmetadata_managed_apis.workflows.config", fromlist=["load_config_file"]).load_config_file

    def load_late(path: Path) -> dict:
        if path.name == "07-middle.json":
            beside.vanish(path.name)
        return load(path)

    monkeypatch.setattr(create, load_late)
    bag = beside.parse()
    assert (set(bag.dags), bag.import_errors) == (set(OTHERS), {})


def test_without_openmetadata_each_document_gets_the_same_stand_in_after_one_attempt(
    volume: Volume, built: list[str]
) -> None:
    url = closed_port()
    for number in range(60):
        volume.add(f"p{number:02}", url=url)
    bag = volume.parse()
    assert len(bag.dags) == 60
    assert {dag.description for dag in bag.dags.values()} == {
        "Cannot be built: OpenMetadata cannot be reached: [Errno 111] Connection refused "
        "[ingestion.open-metadata.org failed]"
    }
    assert built == ["07-p00.json"]


def test_an_openmetadata_that_never_answers_is_waited_for_once_and_not_for_long(
    volume: Volume, built: list[str]
) -> None:
    with mute_server() as url:
        for number in range(60):
            volume.add(f"p{number:02}", url=url)
        started = time.monotonic()
        bag = volume.parse()
    assert time.monotonic() - started < 25
    assert (len(bag.dags), bag.import_errors) == (60, {})
    assert all(is_stand_in(dag) for dag in bag.dags.values())
    assert built == ["07-p00.json"]


def test_it_is_not_waited_for_longer_than_airflow_waits_for_the_file(
    volume: Volume, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIRFLOW__CORE__DAGBAG_IMPORT_TIMEOUT", "5")
    with mute_server() as url:
        volume.add("first", url=url)
        bag = volume.parse()
    assert bag.import_errors == {}
    assert bag.dags["first"].description.startswith("Cannot be built: not built in time: OpenMetadata does not")


@pytest.mark.parametrize("seconds", ["0", "-1"])
def test_an_airflow_that_waits_for_ever_gets_its_dags(
    volume: Volume, monkeypatch: pytest.MonkeyPatch, seconds: str
) -> None:
    monkeypatch.setenv("AIRFLOW__CORE__DAGBAG_IMPORT_TIMEOUT", seconds)
    volume.add("first")
    assert volume.parse().dags["first"].description == mark_of("first")


def test_what_was_built_before_openmetadata_went_away_stays(volume: Volume) -> None:
    volume.add("a")
    volume.add("b", url=closed_port())
    volume.add("c")
    dags = volume.parse().dags
    assert [is_stand_in(dags[name]) for name in ("a", "b", "c")] == [False, True, True]


def test_a_dag_is_itself_again_once_its_document_can_be_built(volume: Volume) -> None:
    volume.add("first", url=closed_port())
    assert is_stand_in(volume.parse().dags["first"])
    volume.add("first")
    assert volume.parse().dags["first"].description == mark_of("first")


def test_the_process_of_a_task_fails_with_the_reason_and_without_the_values(
    volume: Volume, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    volume.add("first", sourceConfig=source_config(includeViews={"password": SECRET}))
    monkeypatch.setenv("_AIRFLOW_PARSING_CONTEXT_DAG_ID", "first")
    bag = volume.parse_in_task()
    assert bag.dags == {}
    [error] = bag.import_errors.values()
    assert "includeViews" in str(error)
    assert SECRET not in str(error) + json.dumps([record.getMessage() for record in caplog.records])
