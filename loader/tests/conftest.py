"""Starts what the tests share; the environment of Airflow itself comes from whoever starts pytest."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from open_metadata import OpenMetadata, open_metadata
from openmetadata_managed_apis.workflows.workflow_factory import WorkflowFactory
from volume import Volume


@pytest.fixture(scope="session")
def server() -> Iterator[OpenMetadata]:
    with open_metadata() as started:
        yield started


@pytest.fixture
def volume(tmp_path: Path, server: OpenMetadata) -> Volume:
    return Volume(tmp_path / "dags", server.url)


@pytest.fixture
def built(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that the plugin's factory was given, which goes on as always."""
    names: list[str] = []
    create = WorkflowFactory.create

    def note(config: str) -> WorkflowFactory:
        names.append(Path(config).name)
        return create(config)

    monkeypatch.setattr(WorkflowFactory, "create", note)
    return names
