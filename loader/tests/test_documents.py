"""What becomes of good documents."""

import fnmatch
import importlib.util
import inspect
import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from open_metadata import OpenMetadata
from openmetadata_managed_apis.workflows.ingestion.registry import build_registry
from volume import LOADER, Volume, mark_of, schedule_of

NAMES = ["shop_orders", "shop_customers", "load", "metadata-2026_11_x"]
PATTERNS = (LOADER / "airflowignore").read_text().split()


def test_every_document_of_the_shard_becomes_a_dag_with_its_mark_and_its_schedule(volume: Volume) -> None:
    for name in NAMES:
        volume.add(name)
    bag = volume.parse()
    assert bag.import_errors == {}
    assert {dag_id: (dag.description, schedule_of(dag)) for dag_id, dag in bag.dags.items()} == {
        name: (mark_of(name), "0 3 * * *") for name in NAMES
    }
    assert all([task.task_id for task in dag.tasks] == ["ingestion_task"] for dag in bag.dags.values())


def test_a_dag_comes_from_the_loader_of_its_own_shard_and_is_built_once(volume: Volume, built: list[str]) -> None:
    volume.add("first")
    volume.add("second", shard="08")
    loader = volume.add_loader("08")
    bag = volume.parse()
    assert bag.dags["first"].fileloc == str(volume.directory / "loader-07.py")
    assert bag.dags["second"].fileloc == str(loader)
    assert sorted(built) == ["07-first.json", "08-second.json"]


def test_documents_of_a_shard_without_loader_are_left_alone(volume: Volume) -> None:
    volume.add("first")
    volume.add("second", shard="08")
    assert set(volume.parse().dags) == {"first"}


def test_the_loader_can_be_imported(volume: Volume) -> None:
    volume.add("first")
    spec = importlib.util.spec_from_file_location("loader", volume.directory / "loader-07.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert [dag.dag_id for dag in vars(module).values() if isinstance(dag, module.DAG)] == ["first"]


def test_a_placeholder_takes_its_value_from_the_environment(
    volume: Volume, server: OpenMetadata, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHOP_BOT_TOKEN", "value-from-the-environment")
    volume.add("first", token="${SHOP_BOT_TOKEN}")
    assert "first" in volume.parse().dags
    assert "value-from-the-environment" in server.tokens


def test_an_escaped_dollar_is_not_expanded(volume: Volume, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/not/this")
    path = volume.add("first", description="costs $HOME")
    volume.add_file(path.name, path.read_text().replace("$", "\\u0024"))
    assert volume.parse().dags["first"].description == "costs $HOME"


@pytest.mark.parametrize("read", [re.search, lambda pattern, name: fnmatch.fnmatch(name, pattern)])
def test_airflow_ignores_the_versions_of_the_volume_and_no_loader(
    read: Callable[[str, str], object],
) -> None:
    def is_ignored(name: str) -> bool:
        return any(read(pattern, name) for pattern in PATTERNS)

    assert is_ignored("..data")
    assert is_ignored("..2026_11_23_13_05_01.123456789")
    assert not any(is_ignored(f"loader-{shard:02}.py") for shard in range(100))


def test_a_document_whose_name_airflow_ignores_is_loaded_all_the_same(volume: Volume) -> None:
    volume.add("my_metadata_2026_11_x")
    assert set(volume.parse().dags) == {"my_metadata_2026_11_x"}


def test_a_document_of_the_plugin_is_left_to_the_plugin(volume: Volume, built: list[str]) -> None:
    volume.add("first")
    volume.add("second")
    (volume.dags / "first.py").write_text("# of the plugin\n")
    assert set(volume.parse().dags) == {"second"}
    assert built == ["07-second.json"]


@pytest.fixture
def opened() -> list[str]:
    """The JSON files that are opened, whoever opens them."""
    names: list[str] = []
    sys.addaudithook(
        lambda event, details: (
            names.append(Path(details[0]).name) if event == "open" and str(details[0]).endswith(".json") else None
        )
    )
    return names


@pytest.mark.parametrize("is_deployed", [False, True])
def test_the_process_of_a_task_reads_and_builds_only_its_own_document(
    volume: Volume, built: list[str], opened: list[str], monkeypatch: pytest.MonkeyPatch, is_deployed: bool
) -> None:
    for name in NAMES:
        volume.add(name)
    if is_deployed:
        (volume.dags / "shop_orders.py").write_text("# of the plugin\n")
    monkeypatch.setenv("_AIRFLOW_PARSING_CONTEXT_DAG_ID", "shop_orders")
    opened.clear()
    assert set(volume.parse_in_task().dags) == {"shop_orders"}
    assert built == ["07-shop_orders.json"]
    assert {name for name in opened if name.startswith("07-")} == {"07-shop_orders.json"}


def test_the_process_of_a_task_of_another_shard_builds_nothing(
    volume: Volume, built: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    volume.add("first")
    monkeypatch.setenv("_AIRFLOW_PARSING_CONTEXT_DAG_ID", "second")
    assert (volume.parse_in_task().dags, built) == ({}, [])


@pytest.mark.parametrize("kind", sorted(build_registry.registry))
def test_a_stand_in_has_the_task_that_the_plugin_gives_to_its_type(volume: Volume, kind: str) -> None:
    volume.add("first", pipelineType=kind, service=None)
    source = inspect.getsource(sys.modules[build_registry.registry[kind].__module__])
    [task] = volume.parse().dags["first"].tasks
    assert f'task_name="{task.task_id}"' in source
