import {
  assertEquals,
  assertGreater,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { DamagedFileError } from "../../src/errors.ts";
import {
  type ArtifactMetadata,
  decodeArtifactMetadata,
  encodeArtifactMetadata,
} from "../../src/format/artifact_metadata.ts";
import { decodeKind } from "../../src/format/metadata_kind.ts";
import { parsedFixtures, readFixture } from "./fixtures.ts";

const files = parsedFixtures().filter((path) =>
  /\/artifacts\/[^/]+\/metadata\.yaml$/.test(path)
);

Deno.test("decodeArtifactMetadata() and encodeArtifactMetadata() give back every file of the Python SDK byte by byte", () => {
  assertGreater(files.length, 3);
  for (const path of files) {
    const text = readFixture(path);
    const metadata = decodeArtifactMetadata(text, path);
    assertEquals(encodeArtifactMetadata(metadata), text, path);
  }
});

const METADATA: ArtifactMetadata = {
  remote: [
    {
      path: "/demo/default/a",
      id: "7753c1ca",
      host: "https://t9k.example.com",
      timestamp: "2026-11-23T08:26:19.354244+00:00",
      action: "upload",
    },
    {
      id: "7753c1ca",
      path: "/demo/default/a",
      host: "https://t9k.example.com",
      timestamp: "2026-11-23T08:26:19.354244+00:00",
      action: "download",
    },
  ],
  alternativeName: "a_261123_082619_9m7it8",
  createdTimestamp: "2026-11-23T08:26:19.315029+00:00",
  description: "",
  labels: [],
  name: "a",
  kind: "Artifact",
};

Deno.test("encodeArtifactMetadata() writes the Python SDK's keys in its order: the id of an upload before its path", () => {
  assertEquals(
    encodeArtifactMetadata(METADATA),
    `kind: Artifact
name: a
labels: []
description: ''
createdTimestamp: '2026-11-23T08:26:19.315029+00:00'
alternativeName: a_261123_082619_9m7it8
remote:
- action: upload
  timestamp: '2026-11-23T08:26:19.354244+00:00'
  host: https://t9k.example.com
  id: 7753c1ca
  path: /demo/default/a
- action: download
  timestamp: '2026-11-23T08:26:19.354244+00:00'
  host: https://t9k.example.com
  path: /demo/default/a
  id: 7753c1ca
`,
  );
});

Deno.test("keys of an artifact's metadata that this version does not know are kept", () => {
  const text = encodeArtifactMetadata(METADATA).replace(
    "remote:\n- action: upload",
    "remote:\n- action: upload\n  by: demo",
  ) + "later:\n  a: 1\n";
  const again = encodeArtifactMetadata(decodeArtifactMetadata(text));
  assertStringIncludes(again, "  path: /demo/default/a\n  by: demo\n");
  assertStringIncludes(again, "later:\n  a: 1\n");
});

Deno.test("decodeArtifactMetadata() names the file and the key to blame", () => {
  const good = encodeArtifactMetadata(METADATA);
  const table: [string, string, string][] = [
    ["name: a\n", "", 'key "name" is missing'],
    ["name: a\n", "name: [a]\n", '"name" must be a string'],
    ["labels: []", "labels: CNN", '"labels" must be a list'],
    ["kind: Artifact", "kind: Run", '"kind" must be "Artifact"'],
    ["  id: 7753c1ca\n", "", 'key "remote[0].id" is missing'],
    ["action: download", "action: x", '"remote[1].action" must be "upload"'],
    [good, "- a\n", "the document must be a map"],
    [good, "a: [\n", "line"],
  ];
  for (const [from, to, message] of table) {
    const error = assertThrows(
      () => decodeArtifactMetadata(good.replace(from, to), "some/file.yaml"),
      DamagedFileError,
    );
    assertStringIncludes(error.message, message);
    assertEquals(error.path, "some/file.yaml");
  }
});

Deno.test("decodeKind() tells runs from artifacts, and from anything else", () => {
  assertEquals(decodeKind(encodeArtifactMetadata(METADATA)), "Artifact");
  assertEquals(decodeKind("kind: Run\n"), "Run");
  for (const text of ["kind: Model\n", "name: a\n", "", "[]"]) {
    assertThrows(() => decodeKind(text), DamagedFileError);
  }
});
