"""Prints the JSON schema of a release's source configurations. Argument: the wheel of openmetadata-ingestion.

Only the models that upstream generates from its JSON schemas are loaded, with a stand-in for the two classes they extend,
so that pydantic is all that has to be installed.
"""

import json
import sys
import tempfile
import types
import zipfile

import pydantic


class CustomSecretStr(pydantic.SecretStr):
    pass


def stand_in() -> types.ModuleType:
    module = types.ModuleType("metadata.ingestion.models.custom_pydantic")
    module.BaseModel = pydantic.BaseModel
    module.CustomSecretStr = CustomSecretStr
    return module


def source_config_schema(directory: str) -> dict:
    sys.path.insert(0, directory)
    module = stand_in()
    sys.modules[module.__name__] = module
    from metadata.generated.schema.metadataIngestion.workflow import SourceConfig

    if hasattr(SourceConfig, "model_json_schema"):
        return SourceConfig.model_json_schema()
    return SourceConfig.schema()


with tempfile.TemporaryDirectory() as directory, zipfile.ZipFile(sys.argv[1]) as wheel:
    wheel.extractall(directory, [name for name in wheel.namelist() if name.startswith("metadata/generated/")])
    json.dump(source_config_schema(directory), sys.stdout)
