import {
  assert,
  assertEquals,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { DamagedFileError } from "../../src/errors.ts";
import {
  decodeRunMetadata,
  encodeRunMetadata,
  type RunMetadata,
} from "../../src/format/metadata.ts";
import { parsedFixtures, readFixture } from "./fixtures.ts";

const files = parsedFixtures().filter((path) =>
  /\/runs\/[^/]+\/metadata\.yaml$/.test(path)
);

Deno.test("decodeRunMetadata() and encodeRunMetadata() give back every file of the Python SDK byte by byte", () => {
  assert(files.length > 20);
  for (const path of files) {
    const text = readFixture(path);
    assertEquals(encodeRunMetadata(decodeRunMetadata(text, path)), text, path);
  }
});

Deno.test("encodeRunMetadata() writes the Python SDK's keys in its order, whatever the order given", () => {
  const metadata: RunMetadata = {
    remote: [{
      id: "a46ce04a",
      path: "/demo/default/r",
      host: "https://t9k.example.com",
      timestamp: "2026-11-23T08:26:19.354244+00:00",
      action: "upload",
    }],
    associations: {
      output: [{ path: "/demo/model:main", id: "2222:main", kind: "branch" }],
      input: [{ localDir: ".em/artifacts/d", name: "d", kind: "Artifact" }],
    },
    alternativeName: "r_261123_082619_9m7it8",
    status: "Running",
    endTimestamp: null,
    startTimestamp: "2026-11-23T08:26:19.315029+00:00",
    description: "",
    labels: ["CNN"],
    name: "r",
    kind: "Run",
  };
  assertEquals(
    encodeRunMetadata(metadata),
    `kind: Run
name: r
labels:
- CNN
description: ''
startTimestamp: '2026-11-23T08:26:19.315029+00:00'
endTimestamp: null
status: Running
alternativeName: r_261123_082619_9m7it8
associations:
  input:
  - kind: Artifact
    name: d
    localDir: .em/artifacts/d
  output:
  - kind: branch
    id: 2222:main
    path: /demo/model:main
remote:
- action: upload
  timestamp: '2026-11-23T08:26:19.354244+00:00'
  host: https://t9k.example.com
  path: /demo/default/r
  id: a46ce04a
`,
  );
  assertEquals(decodeRunMetadata(encodeRunMetadata(metadata)), metadata);
});

const GOOD = readFixture(files.find((path) => path.startsWith("c18")) ?? "");

Deno.test("decodeRunMetadata() keeps the keys that it does not know, and encodeRunMetadata() writes them back", () => {
  const text = GOOD
    .replace("  output:", "  future: [1]\n  output:")
    .replace("    localDir:", "    checksum: abc\n    localDir:") +
    "  node: 5\npriority:\n  level: 1\n";
  const metadata = decodeRunMetadata(text);
  const again = encodeRunMetadata({ ...metadata, status: "Error" });
  for (
    const part of [
      "future:\n  - 1\n",
      "checksum: abc\n",
      "node: 5\n",
      "priority:\n  level: 1\n",
      "status: Error\n",
    ]
  ) {
    assertStringIncludes(again, part);
  }
});

Deno.test("decodeRunMetadata() takes labels and a description that the Python SDK did not check", () => {
  const metadata = decodeRunMetadata(
    GOOD.replace("labels: []", "labels: [2026, true, a]")
      .replace("description: ''", "description: null"),
  );
  assertEquals(metadata.labels, ["2026", "true", "a"]);
  assertEquals(metadata.description, "");
});

Deno.test("decodeRunMetadata() names file, key and line of what is damaged", () => {
  const cases: readonly (readonly [string, string])[] = [
    ["", 'Cannot read "x/metadata.yaml": the document must be a map'],
    ["[]", "the document must be a map"],
    [GOOD.replace("kind: Run", "kind: Artifact"), '"kind" must be "Run"'],
    [GOOD.replace(/^name: .*$/m, "name: 5"), '"name" must be a string'],
    [GOOD.replace(/^status: .*\n/m, ""), 'key "status" is missing'],
    [
      GOOD.replace(/^status: .*$/m, "status: Done"),
      '"status" must be "Running", "Complete", "Error"',
    ],
    [GOOD.replace("labels: []", "labels: a"), '"labels" must be a list'],
    [
      GOOD.replace(/^endTimestamp: .*$/m, "endTimestamp: 5"),
      '"endTimestamp" must be a string',
    ],
    [
      GOOD.replace("kind: Artifact", "kind: Thing"),
      '"associations.input[0].kind" must be "Artifact"',
    ],
    [
      GOOD.replace(/ {4}localDir: .*\n/, ""),
      'key "associations.input[0].localDir" is missing',
    ],
    [
      GOOD.replace("  output:", "  outputs:"),
      'key "associations.output" is missing',
    ],
    [
      GOOD.replace("action: upload", "action: move"),
      '"remote[0].action" must be "upload", "download"',
    ],
    [
      GOOD.slice(0, GOOD.indexOf("+00:00'") + 3),
      'Cannot read "x/metadata.yaml", line 5: ',
    ],
    ["\0".repeat(400), "null byte"],
  ];
  for (const [text, message] of cases) {
    const error = assertThrows(
      () => decodeRunMetadata(text, "x/metadata.yaml"),
      DamagedFileError,
    );
    assertStringIncludes(error.message, message);
    assertEquals(error.path, "x/metadata.yaml");
  }
});
