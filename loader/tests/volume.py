"""A DAGs folder with a volume of documents in it, and what Airflow makes of it."""

import json
from pathlib import Path
from typing import Any, Optional

try:
    from airflow.dag_processing.dagbag import DagBag
except ImportError:  # Airflow 2
    from airflow.models import DagBag

LOADER = Path(__file__).parents[1]
DOCUMENT = {
    "id": "11111111-2222-4333-8444-555555555555",
    "pipelineType": "metadata",
    "updatedAt": 1767225600000,
    "service": {"id": "66666666-7777-4888-9999-000000000000", "type": "databaseService", "name": "shop"},
    "sourceConfig": {"config": {"type": "DatabaseMetadata"}},
    "airflowConfig": {"scheduleInterval": "0 3 * * *", "pausePipeline": True},
}


def mark_of(name: str) -> str:
    return f"Orders [ingestion.open-metadata.org default/shop/{name} 0123456789ab]"


class Volume:
    """The mounted shards, laid out as by the kubelet."""

    def __init__(self, dags: Path, open_metadata_url: str) -> None:
        self.dags = dags
        self.directory = dags / "dag_generated_configs"
        self.data = self.directory / "..2026_11_23_13_05_01.123456789"
        self.data.mkdir(parents=True)
        (self.directory / "..data").symlink_to(self.data.name)
        self.open_metadata_url = open_metadata_url
        self.add_file(".airflowignore", (LOADER / "airflowignore").read_text())
        self.add_loader("07")

    def add_file(self, name: str, text: str) -> Path:
        (self.data / name).write_text(text)
        link = self.directory / name
        if not link.is_symlink():
            link.symlink_to(f"..data/{name}")
        return link

    def add_loader(self, shard: str) -> Path:
        return self.add_file(f"loader-{shard}.py", (LOADER / "dag_loader.py").read_text())

    def add(self, dag_id: str, shard: str = "07", **changes: Any) -> Path:
        return self.add_file(f"{shard}-{dag_id}.json", json.dumps(self.document(dag_id, **changes)))

    def document(self, dag_id: str, url: Optional[str] = None, token: str = "token-of-the-bot", **changes: Any) -> dict:
        return {
            **DOCUMENT,
            "name": dag_id,
            "displayName": dag_id,
            "description": mark_of(dag_id),
            "fullyQualifiedName": f"shop.{dag_id}",
            "openMetadataServerConnection": {
                "hostPort": url or self.open_metadata_url,
                "authProvider": "openmetadata",
                "securityConfig": {"jwtToken": token},
                "secretsManagerProvider": "db",
                "secretsManagerLoader": "noop",
                "verifySSL": "no-ssl",
            },
            **changes,
        }

    def vanish(self, name: str) -> None:
        """Leaves a link to nothing, as between two steps of the kubelet."""
        (self.data / name).unlink()

    def parse(self) -> DagBag:
        """Reads the whole DAGs folder as Airflow does."""
        return DagBag(dag_folder=str(self.dags))

    def parse_in_task(self) -> DagBag:
        """Reads the file of the DAG, as the process of a task does."""
        return DagBag(dag_folder=str(self.directory / "loader-07.py"))


def schedule_of(dag: Any) -> Any:
    return dag.schedule_interval if hasattr(dag, "schedule_interval") else dag.schedule


def is_stand_in(dag: Any) -> bool:
    return dag.description.startswith("Cannot be built: ") and dag.description.endswith(
        " [ingestion.open-metadata.org failed]"
    )
