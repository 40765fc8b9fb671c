"""Checks manifests, a JSON list on standard input, against the schemas of Kubernetes.

Strict: a field that a schema does not know is refused, as a misspelt one would be ignored by a cluster.
"""

import json
import pathlib
import sys

import jsonschema
import kubernetes_validate

# From the first version that knows every field that we use to the newest whose schemas are at hand.
VERSIONS = [f"1.{minor}" for minor in range(27, 38)]

# What a cluster learns from an operator has no schema in Kubernetes.
OWN_SCHEMAS = {("monitoring.coreos.com/v1", "ServiceMonitor"): "service_monitor.schema.json"}


def schema_of(manifest):
    name = OWN_SCHEMAS.get((manifest.get("apiVersion"), manifest.get("kind")))
    if name is None:
        return None
    return json.loads(pathlib.Path(__file__).with_name(name).read_text())


def errors(manifest):
    schema = schema_of(manifest)
    if schema is not None:
        for error in jsonschema.Draft202012Validator(schema).iter_errors(manifest):
            yield error.json_path, error.message
        return
    for version in VERSIONS:
        try:
            kubernetes_validate.validate(manifest, version, strict=True)
        except kubernetes_validate.ValidationError as error:
            path = ".".join(str(part) for part in error.path)
            yield f"{version} {path}", error.message
        except kubernetes_validate.SchemaNotFoundError as error:
            yield version, str(error)


def main():
    refused = False
    for manifest in json.load(sys.stdin):
        for place, message in errors(manifest):
            refused = True
            name = manifest.get("metadata", {}).get("name")
            print(f"{manifest.get('kind')}/{name}: {place}: {message}", file=sys.stderr)
    return 1 if refused else 0


sys.exit(main())
