import { assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { parseYaml } from "../../src/format/yaml_reader.ts";
import { onlyRun, runScript } from "../support/script.ts";
import { tempDir } from "../support/temp_dir.ts";

const FIXTURES = new URL("../fixtures/", import.meta.url);

/** A run that the Python SDK wrote, and the same calls here. */
interface Twin {
  /** The fixture. */
  readonly fixture: string;
  /** The calls of its `make.py`, after the import. */
  readonly script: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Documented differences: parts of the Python files, and what stands here in their place. */
  readonly differences?:
    readonly (readonly [file: string, python: string, here: string])[];
  /** Files in which PyYAML folds lines, which we do not: they are compared by value. */
  readonly folded?: readonly string[];
  /** Files that exist on one side only. */
  readonly only?: readonly string[];
}

const strings = new URL("c03_strings/strings.json", FIXTURES).pathname;
const config = new URL("c06_config/run_config.yaml", FIXTURES).pathname;

const TWINS: readonly Twin[] = [
  {
    fixture: "c01_plain",
    script: `const run = await createRun(); await run.finish();`,
  },
  {
    fixture: "c02_hparams",
    script: `
      const hparams = {
        int: 32, neg: -7, zero: 0, big_int: 9007199254740993n, huge_int: 10n ** 30n,
        f_tenth: 0.1, f_sum: 0.1 + 0.2, f_small: 1e-7, f_big: 1e21, f_1e16: 1e16, f_1e15: 1e15, f_whole: 1.0, f_neg_zero: -0.0,
        f_min: 5e-324, f_max: 1.7976931348623157e308, f_1e5: 1e5, "f_1e-4": 0.0001, "f_1e-5": 0.00001, "f_123e-9": 1.23e-9,
        f_pi: 3.141592653589793, nan: NaN, inf: Infinity, ninf: -Infinity, true: true, false: false, none: null,
        str: "Adam", empty_str: "", unicode: "学习率 – naïve", emoji: "run \\u{1F680}",
        list: [1, 2.5, "a", null, true], empty_list: [], list_of_list: [[1, 2], [3, [4, 5]]],
        list_of_dict: [{ a: 1, b: 2 }, { c: [] }],
        dict: { lr: 0.001, betas: [0.9, 0.999], nested: { deep: { deeper: "x" } } }, empty_dict: {},
        "键": "unicode key", "key with space": 1, "key.with.dot": 2, "key/slash": 3,
        "2.5": "float key", null: "none key",
      };
      const run = await createRun<Record<string, unknown>>({ name: "hparams", hparams });
      run.hparams.added = 1;
      run.hparams.update({ int: 64, more: "x" });
      run.hparams.update({ int: 128, only_if_absent: 1 }, { override: false });
      delete run.hparams.zero;
      await run.finish();`,
    differences: [
      // JavaScript has one type of number: whole ones are written as integers.
      [
        "hyperparameters.yaml",
        "f_1e15: 1000000000000000.0\n",
        "f_1e15: 1000000000000000\n",
      ],
      ["hyperparameters.yaml", "f_whole: 1.0\n", "f_whole: 1\n"],
      ["hyperparameters.yaml", "f_1e5: 100000.0\n", "f_1e5: 100000\n"],
      // Its keys are strings.
      ["hyperparameters.yaml", "1: bool key\n", ""],
      ["hyperparameters.yaml", "2.5: float key\n", "'2.5': float key\n"],
      ["hyperparameters.yaml", "null: none key\n", "'null': none key\n"],
    ],
  },
  {
    fixture: "c03_strings",
    script: `
      const strings: string[] = JSON.parse(Deno.readTextFileSync(${
      JSON.stringify(strings)
    }));
      const name = (index: number) => "s" + String(index).padStart(3, "0");
      const run = await createRun<Record<string, unknown>>({
        name: "strings",
        hparams: Object.fromEntries(strings.map((text, index) => [name(index), text])),
      });
      run.hparams.keys = Object.fromEntries(strings.map((text, index) => [text, index]));
      run.hparams.list = strings.slice(0, 20);
      await run.finish();`,
    folded: ["hyperparameters.yaml"],
  },
  {
    fixture: "c06_config",
    script: `
      const run = await createRun({
        configPath: ${
      JSON.stringify(config)
    }, name: "ignored", labels: ["ignored"], hparams: { ignored: 1 },
      });
      run.log("train", { loss: 1 }, { step: 1, epoch: 1 });
      await run.finish();`,
    // What people write is read as YAML 1.2, with one warning.
    differences: [[
      "hyperparameters.yaml",
      "learning_rate: 1e-3\n",
      "learning_rate: 0.001\n",
    ]],
  },
  {
    fixture: "c07_metrics",
    script: `
      const run = await createRun({ name: "metrics", hparams: { epochs: 3 } });
      let g = 0;
      for (let epoch = 1; epoch <= 3; epoch++) {
        for (let i = 0; i < 4; i++) {
          g++;
          run.log("train", { loss: 1 / g, accuracy: 1 - 1 / (g + 1) }, { step: g, epoch });
        }
        run.log("val", { loss: 1.1 / g, accuracy: 1 - 1.1 / (g + 1) }, { step: g, epoch });
      }
      run.log("test", { loss: 0.05, accuracy: 0.98 }, { step: g });
      run.log("custom", { "gpu util (%)": 97, "学习率": 1e-7, ints: 3n, bool: true, np32: Math.fround(0.1), str: 0.5 }, { step: 0 });
      run.log("custom", { nan: NaN, inf: Infinity, ninf: -Infinity, huge: 1e21, tiny: 5e-324, sum: 0.1 + 0.2 }, { step: 1 });
      run.log("custom", {}, { step: 2 });
      run.log("a b.c", { loss: 0.5 }, { step: 1 });
      run.log("train", { loss: 0.01 }, { step: 1 });
      run.log("training", { loss: 0.01 }, { step: 1.5 });
      await run.finish();`,
    // "training" is "train" here.
    differences: [["index.yaml", "  training: metrics/training.yaml\n", ""]],
    only: ["metrics/training.yaml"],
  },
  {
    fixture: "c09_stdout",
    script: `
      console.log("before createRun");
      const bytes = (text: string) => new TextEncoder().encode(text);
      const run = await createRun({ name: "stdout" });
      console.log("hello"); console.log("unicode 中文 \\u{1F680}");
      Deno.stdout.writeSync(bytes("no newline")); console.log();
      Deno.stdout.writeSync(bytes("progress 1\\rprogress 2\\rprogress 3\\n")); Deno.stdout.writeSync(bytes("back\\b\\b\\bspace\\n"));
      console.error("stderr");
      await new Deno.Command("echo", { args: ["child process"], stdout: "inherit" }).output();
      console.log("isatty True"); console.log("\\x1b[31mred\\x1b[0m"); console.log("encoding None");
      console.log("no buffer: AttributeError(\\"'NoneType' object has no attribute 'write'\\")");
      console.log("no fileno: ValueError('I/O operation on uninitialized object')");
      await run.finish();
      console.log("after finish");`,
  },
  {
    fixture: "c10_crash",
    script: `
      const run = await createRun({ name: "crash", hparams: { lr: 0.1 } });
      console.log("about to fail");
      for (let i = 0; i < 3; i++) run.log("train", { loss: 1 / (i + 1) }, { step: i });
      throw new Error("boom");`,
  },
  {
    fixture: "c11_nofinish",
    script: `
      const run = await createRun({ name: "no-finish" });
      run.log("train", { loss: 1 }, { step: 1 }); console.log("end of script");`,
  },
  {
    fixture: "c12_kill9",
    script: `
      const run = await createRun({ name: "killed" });
      console.log("line printed before kill");
      for (let i = 0; i < 3; i++) run.log("train", { loss: 1 / (i + 1) }, { step: i });
      Deno.kill(Deno.pid, "SIGKILL");`,
    // The Python SDK loses what was printed in the last 8 KiB.
    differences: [["stdout.log", "", "line printed before kill\n"]],
  },
  {
    fixture: "c15_tz",
    script: `
      const run = await createRun({ name: "tz-shanghai" });
      run.log("train", { loss: 1 }, { step: 1 });
      await run.finish();`,
    env: { TZ: "Asia/Shanghai" },
  },
  {
    fixture: "c20_long_run",
    script: `
      const run = await createRun({ name: "auto", hparams: { lr: 1 } });
      for (let i = 1; i <= 1000; i++) run.log("train", { loss: 1 / i, accuracy: 1 - 1 / i }, { step: i, epoch: 1 });
      await run.finish();`,
  },
];

/** Host facts, compared by their keys alone. */
const HOST_FACTS = ["platform.yaml", "git.yaml"];
const ADDED_PLATFORM_KEYS = ["deno", "v8", "typescript"];

function files(dir: string, below = ""): string[] {
  return [...Deno.readDirSync(join(dir, below))]
    .flatMap((entry) =>
      entry.isDirectory
        ? files(dir, `${below}${entry.name}/`)
        : [below + entry.name]
    ).sort();
}

/** Takes out what differs between any two runs: times, the random suffix, and uploads. */
function neutral(text: string): string {
  return text
    .replaceAll(
      /'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?([+-]\d\d:\d\d)'/g,
      "TIME$2",
    )
    .replaceAll(/_\d{6}_\d{6}_[a-z0-9]{6}/g, "_SUFFIX")
    .replace(/remote:\n(- .*\n( {2}.*\n)*)+/, "remote: []\n");
}

function keys(text: string): string[] {
  return Object.keys(parseYaml(text) as object);
}

function compare(twin: Twin, python: string, here: string): void {
  const name = (file: string) => `${twin.fixture} ${file}`;
  const left = (dir: string) =>
    files(dir).filter((file) => !(twin.only ?? []).includes(file));
  assertEquals(left(here), left(python), twin.fixture);
  for (const file of left(here)) {
    let expected = Deno.readTextFileSync(join(python, file));
    const actual = Deno.readTextFileSync(join(here, file));
    if (HOST_FACTS.includes(file)) {
      const added = file === "platform.yaml" ? ADDED_PLATFORM_KEYS : [];
      assertEquals(keys(actual), [...keys(expected), ...added], name(file));
      continue;
    }
    for (const [inFile, theirs, ours] of twin.differences ?? []) {
      if (inFile !== file) continue;
      assertEquals(expected.includes(theirs), true, `${name(file)}: ${theirs}`);
      expected = expected.replace(theirs, ours);
    }
    if (twin.folded?.includes(file)) {
      assertEquals(parseYaml(actual), parseYaml(expected), name(file));
    } else assertEquals(neutral(actual), neutral(expected), name(file));
  }
}

Deno.test("a run directory made here equals what the Python SDK writes from the same calls", async (t) => {
  for (const twin of TWINS) {
    await t.step(twin.fixture, async () => {
      using dir = tempDir();
      const result = await runScript(
        `import { createRun } from "@t9k/em";\n${twin.script}`,
        {
          dir: dir.path,
          env: { TZ: "UTC", ...twin.env },
        },
      );
      const parent = new URL(`${twin.fixture}/runs/`, FIXTURES).pathname;
      const [python = ""] = [...Deno.readDirSync(parent)].map((entry) =>
        join(parent, entry.name)
      );
      compare(twin, python, onlyRun(dir.path));
      assertEquals([0, 1, 137].includes(result.code), true, result.stderr);
    });
  }
});

Deno.test("git.yaml describes the user's script and its repository, without secrets", async () => {
  using dir = tempDir();
  const git = (...args: string[]) =>
    new Deno.Command("git", {
      args: [
        "-C",
        dir.path,
        "-c",
        "user.name=x",
        "-c",
        "user.email=x@x",
        ...args,
      ],
    }).outputSync();
  git("init", "--initial-branch=main");
  git(
    "remote",
    "add",
    "origin",
    "https://someone:secret-token@git.example.com/demo/project.git",
  );
  Deno.writeTextFileSync(join(dir.path, ".gitignore"), ".em\n");
  Deno.writeTextFileSync(join(dir.path, "tracked.txt"), "1");
  Deno.mkdirSync(join(dir.path, "train"));
  git("add", ".");
  git("commit", "-m", "first");
  const script =
    `import { createRun } from "@t9k/em"; const run = await createRun(); await run.finish();
    console.log(JSON.stringify(run.git));`;
  const clean = JSON.parse(
    (await runScript(script, { dir: join(dir.path, "train") })).stdout,
  );
  assertEquals(clean, {
    repo_path: dir.path,
    remote_url: "https://git.example.com/demo/project.git",
    branch: "main",
    commit: clean.commit,
    is_dirty: false,
    entrypoint: "train/main.ts",
  });
  assertMatch(clean.commit, /^[0-9a-f]{40}$/);
  Deno.writeTextFileSync(join(dir.path, "tracked.txt"), "2");
  git("checkout", "--detach");
  const dirty = JSON.parse(
    (await runScript(script, { dir: join(dir.path, "train") })).stdout,
  );
  assertEquals([dirty.is_dirty, dirty.branch, dirty.commit], [
    true,
    null,
    clean.commit,
  ]);
});
