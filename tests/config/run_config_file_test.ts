import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { loadRunConfigFile } from "../../src/config/run_config_file.ts";
import { ConfigError, PermissionError } from "../../src/errors.ts";
import type { Reporter } from "../../src/reporter.ts";
import { withDir } from "./with_dir.ts";

/** Loads a text as a config file, and gives back the warnings too. */
async function load(
  text: string,
): Promise<{ config: unknown; warnings: string[]; path: string }> {
  const warnings: string[] = [];
  const reporter: Reporter = {
    info: () => {},
    warn: (_kind, message) => warnings.push(message),
  };
  let config: unknown;
  let path = "";
  await withDir(async (dir) => {
    path = join(dir, "run_config.yaml");
    await Deno.writeTextFile(path, text);
    config = await loadRunConfigFile(path, { reporter });
  });
  return { config, warnings, path };
}

Deno.test("loadRunConfigFile() gives the values that stand in the file, and only those", async () => {
  const { config, warnings } = await load(`
name: cnn_keras
hparams:
  batch_size: 32
  learning_rate: 0.001
  layers: [{units: 16}, {units: 8}]
  optimizer: null
labels:
- Keras
description: Train a simple CNN model.
auto_upload: true
folder: cv/mnist
make_folder: false
conflict_strategy: replace
`);
  assertEquals(config, {
    name: "cnn_keras",
    hparams: {
      batch_size: 32,
      learning_rate: 0.001,
      layers: [{ units: 16 }, { units: 8 }],
      optimizer: null,
    },
    labels: ["Keras"],
    description: "Train a simple CNN model.",
    autoUpload: true,
    folder: "cv/mnist",
    makeFolder: false,
    conflictStrategy: "replace",
  });
  assertEquals(warnings, []);
  assertEquals((await load("name: a\n")).config, { name: "a" });
  assertEquals((await load("{}\n")).config, {});
});

Deno.test("loadRunConfigFile() takes nothing as no hyperparameters, no labels, no description", async () => {
  const { config } = await load("hparams:\nlabels: null\ndescription: ~\n");
  assertEquals(config, { hparams: {}, labels: [], description: "" });
});

Deno.test("loadRunConfigFile() names file, key, wanted type and the key that was meant", async () => {
  const keys = "name, hparams, labels, description, auto_upload, folder, " +
    "make_folder, conflict_strategy";
  const table: [text: string, key: string | undefined, problem: string][] = [
    [
      "",
      undefined,
      `it is empty, and must hold a map with any of the keys ${keys}`,
    ],
    ["# only a comment\n", undefined, "it is empty, and"],
    ["---\n", undefined, "it is empty, and"],
    [
      "- name\n",
      undefined,
      `it holds a list, and must hold a map with any of the keys ${keys}`,
    ],
    ["name\n", undefined, "it holds a text, and must"],
    ["5\n", undefined, "it holds a number, and must"],
    [
      "nmae: a\n",
      "nmae",
      `the key "nmae" is unknown, did you mean "name"; known are ${keys}`,
    ],
    ["autoUpload: true\n", "autoUpload", `did you mean "auto_upload"`],
    [
      "config_path: x\n",
      "config_path",
      `the key "config_path" is unknown; known are ${keys}`,
    ],
    ["constructor: x\n", "constructor", `the key "constructor" is unknown`],
    ["__proto__: x\n", "__proto__", `the key "__proto__" is unknown`],
    ["name: 5\n", "name", "name must be a text, and is 5; put it in quotes"],
    [
      "name: true\n",
      "name",
      "name must be a text, and is true; put it in quotes",
    ],
    ["name: null\n", "name", "name must be a text, and is nothing"],
    ["name: [a]\n", "name", "name must be a text, and is a list"],
    ["description: 5\n", "description", "description must be a text, and is 5"],
    ["folder:\n", "folder", "folder must be a text, and is nothing"],
    ["hparams: [a]\n", "hparams", "hparams must be a map, and is a list"],
    ["hparams: a\n", "hparams", `hparams must be a map, and is the text "a"`],
    [
      "labels: abc\n",
      "labels",
      `labels must be a list of texts, and is the text "abc"`,
    ],
    [
      "labels: [a, 5]\n",
      "labels[1]",
      "labels[1] must be a text, and is 5; put it in quotes",
    ],
    [
      "labels: [a, null]\n",
      "labels[1]",
      "labels[1] must be a text, and is nothing",
    ],
    [
      "auto_upload: 1\n",
      "auto_upload",
      "auto_upload must be true or false, and is 1",
    ],
    [
      "auto_upload: yes\n",
      "auto_upload",
      `and is the text "yes"; only those two words count`,
    ],
    ["auto_upload:\n", "auto_upload", "must be true or false, and is nothing"],
    [
      "make_folder: 'true'\n",
      "make_folder",
      `must be true or false, and is the text "true"`,
    ],
    [
      "conflict_strategy: repalce\n",
      "conflict_strategy",
      `must be one of skip, error, new, replace, and is the text "repalce", did you mean "replace"`,
    ],
    [
      "conflict_strategy: null\n",
      "conflict_strategy",
      "one of skip, error, new, replace, and is nothing",
    ],
    ["hparams: {a: !!binary aGk=}\n", "hparams.a", "and is binary data"],
    [
      "hparams: {a: [1, !!timestamp 2020-01-01]}\n",
      "hparams.a[1]",
      "hparams.a[1] must be a text, a number",
    ],
    [
      "hparams: &a {b: {c: *a}}\n",
      "hparams.b.c",
      "and is a map that contains itself",
    ],
    [
      "name: a\nlabels: []\nname: b\n",
      "name",
      `the key "name" stands there twice, the second time in line 3`,
    ],
    [
      "hparams:\n  lr: 1\n  lr: 2\n",
      "lr",
      `the key "lr" stands there twice, the second time in line 3`,
    ],
    [
      "hparams:\n  - {'a': 1, b: 2, \"a\": 3}\n",
      "a",
      `the key "a" stands there twice, the second time in line 2`,
    ],
    [
      "hparams: {0x1f: a, 31: b}\n",
      "31",
      `the key "31" stands there twice, the second time in line 1`,
    ],
    [
      "hparams: {2020-01-01: a, '2020-01-01': b}\n",
      "2020-01-01",
      `the key "2020-01-01" stands there twice`,
    ],
    ["name: [a\nlabels: b\n", undefined, "it is not valid YAML: "],
    ["name: a\nlabels: [a\n  b: c]]\n", undefined, " in line 3"],
    ["name: a\n---\nname: b\n", undefined, "it is not valid YAML: "],
    ["name: !unheard a\n", undefined, "it is not valid YAML: unknown tag"],
    ["\tname: a\n", undefined, "it is not valid YAML: "],
    ["name: *a\n", undefined, "it is not valid YAML: "],
  ];
  for (const [text, key, problem] of table) {
    const error = await assertRejects(
      () => load(text),
      ConfigError,
      problem,
      text,
    );
    assertEquals(error.key, key, text);
    assertStringIncludes(error.message, `config file "${error.path}"`);
    assertStringIncludes(error.path, "run_config.yaml");
  }
});

Deno.test("loadRunConfigFile() says which file is missing, unreadable or not text", async () => {
  await withDir(async (dir) => {
    const missing = join(dir, "nowhere.yaml");
    await assertRejects(
      () => loadRunConfigFile(missing),
      ConfigError,
      `"${missing}": there is no such file`,
    );
    await assertRejects(
      () => loadRunConfigFile(dir),
      ConfigError,
      "it cannot be read (Is a directory)",
    );
    const binary = join(dir, "binary.yaml");
    await Deno.writeFile(binary, new Uint8Array([0xff, 0x00, 0x80]));
    await assertRejects(
      () => loadRunConfigFile(binary),
      ConfigError,
      "it is not UTF-8 text",
    );
  });
});

Deno.test({
  name: "loadRunConfigFile() names the flag that is missing",
  permissions: { read: false },
  fn: async () => {
    await assertRejects(
      () => loadRunConfigFile("run.yaml"),
      PermissionError,
      `Cannot read config file "run.yaml": run again with --allow-read=run.yaml`,
    );
  },
});

Deno.test("loadRunConfigFile() warns once, of all values that the Python SDK reads otherwise", async () => {
  const { config, warnings, path } = await load(`
name: on
description: 1:30
labels: [yes, 'yes', "no", fine]
hparams:
  lr: 1e-3
  deep: [{oct: 010, hex: 0x1F, big: 9007199254740993, y: y}]
  yes: 1
  -.5: x
  plain: [1, 1.0, -0.0, .nan, .inf, -.inf, 1_000, ~, text, 08, 0o17, 1.0e-3, nan]
  quoted: '1e-3'
  tagged: !!str 1e-3
  block: |
    yes
`);
  assertEquals(config, {
    name: "on",
    description: "1:30",
    labels: ["yes", "yes", "no", "fine"],
    hparams: {
      lr: 0.001,
      deep: [{ oct: 8, hex: 31, big: 9007199254740992, y: "y" }],
      yes: 1,
      "-.5": "x",
      plain: [
        1,
        1,
        -0,
        NaN,
        Infinity,
        -Infinity,
        1000,
        null,
        "text",
        "08",
        "0o17",
        0.001,
        "nan",
      ],
      quoted: "1e-3",
      tagged: "1e-3",
      block: "yes\n",
    },
  });
  assertEquals(warnings, [
    `Config file "${path}" holds values that the Python SDK reads otherwise: ` +
    `name: on is the text "on" here and true there; ` +
    `description: 1:30 is the text "1:30" here and 90 there; ` +
    `labels[0]: yes is the text "yes" here and true there; ` +
    `hparams.lr: 1e-3 is 0.001 here and the text "1e-3" there; ` +
    `hparams.deep[0].big: 9007199254740993 is 9007199254740992 here and 9007199254740993 there; ` +
    `hparams.yes: yes is the text "yes" here and true there ` +
    `(put a text in quotes; write a number like 1.0e-3, a flag as true or false)`,
  ]);
});

Deno.test("loadRunConfigFile() reads lists of pairs, aliases, equal keys of different maps, and texts of several lines", async () => {
  const { config, warnings } = await load(`
description: first line
  of a text

  last line
labels: [a b, &l "c", *l]
hparams:
  pairs: [a: 1, a: 2, {a: 3}]
  base: &b {a: 1}
  ? deep
  : a: {a: {~: 1, "~": 2}}
  alias: *b
  again: {<<: *b, yes: {a: no}}
  empty:
`);
  assertEquals(config, {
    description: "first line of a text\nlast line",
    labels: ["a b", "c", "c"],
    hparams: {
      pairs: [{ a: 1 }, { a: 2 }, { a: 3 }],
      base: { a: 1 },
      deep: { a: { a: { null: 1, "~": 2 } } },
      alias: { a: 1 },
      again: { a: 1, yes: { a: "no" } },
      empty: null,
    },
  });
  assertEquals(warnings.length, 1);
  assertStringIncludes(
    warnings[0] ?? "",
    `: hparams.again.yes: yes is the text "yes" here and true there; ` +
      `hparams.again.yes.a: no is the text "no" here and false there (put`,
  );
});

Deno.test("loadRunConfigFile() takes a date as the text that stands there", async () => {
  const { config, warnings } = await load(`
name: 2020-01-01   # a date
labels: [2020-01-01, x, 2021-02-03 04:05:06, '2020-01-01']
hparams:
  day: 2020-01-01T10:00:00Z
  2020-01-02: key
  base: &b {start: 2020-01-03}
  more: {<<: *b, end: 2020-01-04}
`);
  assertEquals(config, {
    name: "2020-01-01",
    labels: ["2020-01-01", "x", "2021-02-03 04:05:06", "2020-01-01"],
    hparams: {
      day: "2020-01-01T10:00:00Z",
      "2020-01-02": "key",
      base: { start: "2020-01-03" },
      more: { start: "2020-01-03", end: "2020-01-04" },
    },
  });
  assertEquals(warnings, []);
});

Deno.test("loadRunConfigFile() reads 1e-3 of the Python SDK's own example as a number, and says so", async () => {
  const path =
    new URL("../fixtures/c06_config/run_config.yaml", import.meta.url)
      .pathname;
  const warnings: string[] = [];
  const config = await loadRunConfigFile(path, {
    reporter: { info: () => {}, warn: (_, text) => warnings.push(text) },
  });
  assertEquals(config.hparams, {
    batch_size: 32,
    learning_rate: 0.001,
    epochs: 1,
  });
  assertEquals(warnings.length, 1);
});
