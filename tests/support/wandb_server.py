# SPDX-License-Identifier: GPL-3.0-or-later
# ruff: noqa: N802 (answers are named like the operations that they answer)
"""A server of the tests' own that answers as Weights & Biases does, as far as the client asks: the login, runs, their
history and files, artifacts and their use. It keeps what it was told, and can fail in the ways that servers do."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from support.wandb_http import Fault, QuietServer, handler_of

ENTITY = "team"


@dataclass
class Version:
    """One version of an artifact."""

    id: str
    name: str
    kind: str
    metadata: Any
    digest: str
    files: dict[str, bytes] = field(default_factory=dict)
    manifest: dict[str, Any] = field(default_factory=dict)
    committed: bool = False


class WandbServer:
    """Listens on a free port of this machine while it is a context.

    Attributes:
        calls: how often each GraphQL operation, and each other path, was asked for.
        unknown: operations that it has no answer to, with their variables and their text.
        runs: by name, what was last told of each run.
        history: by run, the rows that were streamed.
        uploads: by path, the bytes that were put there.
        versions: of artifacts, in order.
        used: pairs of a run and the id of an artifact that it used.
        keys: with which the client came.
    """

    def __init__(self, fault: Fault | None = None, cut_after: int = 8) -> None:
        self.fault = fault
        self.calls: Counter[str] = Counter()
        self.unknown: list[tuple[str, Any, str]] = []
        self.runs: dict[str, dict[str, Any]] = {}
        self.history: dict[str, list[dict[str, Any]]] = {}
        self.uploads: dict[str, bytes] = {}
        self.versions: list[Version] = []
        self.used: list[tuple[str, str]] = []
        self.keys: set[str] = set()
        self._cut_after = cut_after
        self._count = 0
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._server = QuietServer(("127.0.0.1", 0), handler_of(self))

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> WandbServer:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._ended.set()
        self._server.shutdown()
        self._server.server_close()

    def committed(self, kind: str) -> list[Version]:
        """The complete versions of artifacts of a kind."""
        return [version for version in self.versions if version.kind == kind and version.committed]

    def content(self, version: Version) -> dict[str, str]:
        """Name -> digest (MD5, base64) of what a version's manifest lists."""
        return {name: entry["digest"] for name, entry in version.manifest["contents"].items()}

    def publish(self, name: str, kind: str, files: dict[str, bytes]) -> str:
        """Have an artifact that nobody has logged here; its name for those who want it."""
        contents = {}
        for path, content in files.items():
            digest = base64.b64encode(hashlib.md5(content).digest()).decode()
            contents[path] = {"digest": digest, "size": len(content), "birthArtifactID": "published"}
        version = Version(f"artifact-{len(self.versions)}", name, kind, {}, hashlib.md5(name.encode()).hexdigest())
        version.files = dict(files)
        version.manifest = _manifest(contents)
        version.committed = True
        self.versions.append(version)
        return f"{ENTITY}/SkyAR/{name}:v0"

    # --- answers ---------------------------------------------------------------------------------------------------

    def broken(self) -> Fault | None:
        """The fault that this request is to meet."""
        with self._lock:
            self._count += 1
            if self.fault == "cut":
                return "cut" if self._count > self._cut_after else None
            return None if self.fault == "bad_key" else self.fault

    def hang(self) -> None:
        """Until the end of the test."""
        self._ended.wait(600)

    def graphql(self, operation: str, variables: dict[str, Any], query: str) -> Any:
        """Data for one GraphQL request."""
        with self._lock:
            self.calls[operation] += 1
            answer = getattr(self, f"_on_{operation}", None)
            if answer is None:
                self.unknown.append((operation, variables, query))
                return {}
            return answer(variables, query)

    def _on_Viewer(self, _variables: dict[str, Any], _query: str) -> Any:
        if self.fault == "bad_key":
            return {"viewer": None}
        teams = {"edges": [{"node": {"name": ENTITY}}]}
        person = {"id": "u", "entity": ENTITY, "username": "artist", "email": "a@example.org", "flags": "{}"}
        return {"viewer": {**person, "teams": teams}}

    def _on_GetDefaultEntity(self, _variables: dict[str, Any], _query: str) -> Any:
        return {"viewer": {"id": "u", "entity": ENTITY}}

    def _on_UpsertBucket(self, variables: dict[str, Any], _query: str) -> Any:
        run = self.runs.setdefault(variables["name"], {})
        run.update({key: value for key, value in variables.items() if value is not None})
        project = {"id": "p", "name": variables["project"], "entity": {"id": "e", "name": ENTITY}}
        bucket = {
            "id": f"id-{variables['name']}",
            "name": variables["name"],
            "displayName": run.get("displayName"),
            "description": None,
            "config": run.get("config"),
            "sweepName": None,
            "project": project,
            "historyLineCount": 0,
        }
        return {"upsertBucket": {"bucket": bucket, "inserted": True}}

    def _on_CreateRunFiles(self, variables: dict[str, Any], _query: str) -> Any:
        files = [self._place(f"runs/{variables['run']}/{name}", name) for name in variables["files"]]
        return {"createRunFiles": {"runID": variables["run"], "uploadHeaders": [], "files": files}}

    def _on_ArtifactType(self, variables: dict[str, Any], _query: str) -> Any:
        version = self._find(variables["name"])
        return {"project": {"artifact": version and {"artifactType": {"name": version.kind}}}}

    def _on_ServerFeaturesQuery(self, _variables: dict[str, Any], _query: str) -> Any:
        return {"serverInfo": {"features": []}}

    def _on_CreateArtifact(self, variables: dict[str, Any], _query: str) -> Any:
        reported = variables["input"]
        name = reported["artifactCollectionName"]
        same = [each for each in self.versions if each.name == name and each.digest == reported["digest"]]
        if same and same[-1].committed:
            version, state = same[-1], "COMMITTED"
        else:
            metadata = json.loads(reported.get("metadata") or "{}")
            state = "PENDING"
            version = Version(
                f"artifact-{len(self.versions)}", name, reported["artifactTypeName"], metadata, reported["digest"]
            )
            self.versions.append(version)
        known = [each for each in self.versions if each.name == name and each.committed]
        sequence = {"latestArtifact": {"id": known[-1].id} if known else None}
        return {"createArtifact": {"artifact": {"id": version.id, "state": state, "artifactSequence": sequence}}}

    def _on_CreateArtifactManifest(self, variables: dict[str, Any], _query: str) -> Any:
        return {"createArtifactManifest": {"artifactManifest": self._manifest_place(variables["artifactID"])}}

    def _on_UpdateArtifactManifest(self, variables: dict[str, Any], _query: str) -> Any:
        version = variables["artifactManifestID"].removeprefix("manifest-")
        return {"updateArtifactManifest": {"artifactManifest": self._manifest_place(version)}}

    def _manifest_place(self, version: str) -> dict[str, Any]:
        place = f"{self.url}/upload/manifests/{version}"
        file = {"id": f"file-{version}", "uploadUrl": place, "uploadHeaders": []}
        return {"id": f"manifest-{version}", "file": file}

    def _on_CreateArtifactFiles(self, variables: dict[str, Any], _query: str) -> Any:
        edges = []
        for spec in variables["input"]["artifactFiles"] if "input" in variables else variables["artifactFiles"]:
            path = f"artifacts/{spec['artifactID']}/{spec['name']}"
            node = {
                "id": path,
                "name": spec["name"],
                "displayName": spec["name"],
                "uploadUrl": f"{self.url}/upload/{path}",
                "uploadHeaders": [],
                "uploadMultipartUrls": None,
                "storagePath": path,
                "artifact": {"id": spec["artifactID"]},
            }
            edges.append({"node": node})
        return {"createArtifactFiles": {"files": {"edges": edges}}}

    def _on_CommitArtifact(self, variables: dict[str, Any], _query: str) -> Any:
        (version,) = [each for each in self.versions if each.id == variables["artifactID"]]
        version.manifest = json.loads(self.uploads[f"manifests/{version.id}"])
        start = f"artifacts/{version.id}/"
        version.files = {
            path.removeprefix(start): content for path, content in self.uploads.items() if path.startswith(start)
        }
        version.committed = True
        return {"commitArtifact": {"artifact": {"id": version.id, "digest": version.digest}}}

    def _on_UseArtifact(self, variables: dict[str, Any], _query: str) -> Any:
        reported = variables.get("input", variables)
        self.used.append((reported["runName"], reported["artifactID"]))
        return {"useArtifact": {"artifact": {"id": reported["artifactID"]}}}

    def _on_ArtifactMembershipByName(self, variables: dict[str, Any], _query: str) -> Any:
        version = self._find(variables["name"])
        return {"project": {"artifactCollectionMembership": version and self._membership(version)}}

    def _on_ArtifactByID(self, variables: dict[str, Any], _query: str) -> Any:
        found = [each for each in self.versions if each.id == variables["id"] and each.committed]
        return {"artifact": self._membership(found[0])["artifact"] if found else None}

    def _on_FetchArtifactManifest(self, variables: dict[str, Any], _query: str) -> Any:
        file = {"directUrl": f"{self.url}/manifest/{variables['id']}"}
        return {"artifact": {"currentManifest": {"file": file, "id": f"manifest-{variables['id']}"}}}

    def _on_GetArtifactMembershipFileUrls(self, variables: dict[str, Any], _query: str) -> Any:
        version = self._find(f"{variables['collection']}:{variables['alias']}")
        names = version.files if version is not None else ()
        place = f"{self.url}/file/{version.id}" if version is not None else ""
        edges = [{"node": {"__typename": "File", "name": each, "directUrl": f"{place}/{each}"}} for each in names]
        page = {"__typename": "PageInfo", "endCursor": None, "hasNextPage": False}
        membership = {"files": {"pageInfo": page, "edges": edges}}
        return {
            "project": {"artifactCollection": {"__typename": "ArtifactSequence", "artifactMembership": membership}}
        }

    def _membership(self, version: Version) -> dict[str, Any]:
        """A version as its collection has it."""
        project = {"id": "p", "internalId": "p", "name": "SkyAR", "entity": {"name": ENTITY}}
        collection = {"__typename": "ArtifactSequence", "name": version.name, "project": project}
        known = [each for each in self.versions if each.name == version.name and each.committed]
        index, moment = known.index(version), "2026-01-01T00:00:00Z"
        alias = {"id": f"alias-{version.id}", "alias": "latest", "artifactCollection": collection}
        artifact = {
            "__typename": "Artifact",
            "id": version.id,
            "artifactSequence": collection,
            "versionIndex": index,
            "artifactType": {"name": version.kind},
            "description": None,
            "metadata": json.dumps(version.metadata),
            "ttlDurationSeconds": -2,
            "ttlIsInherited": True,
            "tags": [],
            "historyStep": None,
            "state": "COMMITTED",
            "size": sum(map(len, version.files.values())),
            "digest": version.digest,
            "digestAlgorithm": "MANIFEST_MD5",
            "commitHash": None,
            "fileCount": len(version.files),
            "createdAt": moment,
            "updatedAt": None,
            "aliases": [alias],
        }
        return {
            "__typename": "ArtifactCollectionMembership",
            "id": f"membership-{version.id}",
            "versionIndex": index,
            "createdAt": moment,
            "aliases": [alias],
            "artifactCollection": collection,
            "artifact": artifact,
        }

    def _find(self, name: str) -> Version | None:
        """The committed version that ``name:alias`` stands for."""
        name, _, alias = name.rpartition("/")[2].partition(":")
        known = [version for version in self.versions if version.name == name and version.committed]
        if alias.startswith("v") and alias[1:].isdigit():
            return known[int(alias[1:])] if int(alias[1:]) < len(known) else None
        return known[-1] if known else None

    def stream(self, run: str, reported: dict[str, Any]) -> None:
        """Rows of a run's history."""
        rows = self.history.setdefault(run, [])
        for name, file in reported.get("files", {}).items():
            if name == "wandb-history.jsonl":
                rows += [json.loads(line) for line in file["content"]]

    def download(self, path: str) -> bytes:
        """A file that was put, or is published."""
        path = path.split("?")[0]
        if path.startswith("/manifest/"):
            (version,) = [each for each in self.versions if each.id == path.removeprefix("/manifest/")]
            return json.dumps(version.manifest).encode()
        if path.startswith("/file/"):
            artifact, name = path.removeprefix("/file/").split("/", 1)
            (version,) = [each for each in self.versions if each.id == artifact]
            return version.files[name]
        return self.uploads[path.removeprefix("/upload/")]

    def _place(self, path: str, name: str) -> dict[str, Any]:
        return {"name": name, "uploadUrl": f"{self.url}/upload/{path}"}


def _manifest(contents: dict[str, Any]) -> dict[str, Any]:
    return {
        "version": 1,
        "storagePolicy": "wandb-storage-policy-v1",
        "storagePolicyConfig": {"storageLayout": "V2"},
        "contents": contents,
    }
