/**
 * Runs the whole suite: every check of the code, then every test. Each step is
 * a process of its own; a step that fails does not keep the others from
 * running. Ends in failure if anything failed, with the counts as last line.
 *
 * @module
 */

// deno-lint-ignore-file no-console

import { walkSync } from "@std/fs";
import { fromFileUrl, join, relative } from "@std/path";
import { type Count, countTests } from "./count.ts";
import { hasPython } from "../examples/python/has_python.ts";
import { provideBrowser } from "./support/provide_browser.ts";
import { NO_JUPYTER, provideJupyter } from "./support/provide_jupyter.ts";
import { NO_SHELLS, provideShells } from "./support/provide_shells.ts";
import { NO_PYTHON } from "./support/require_python.ts";

interface Step {
  readonly name: string;
  readonly args: readonly string[];
  /** More environment variables. */
  readonly env?: Readonly<Record<string, string>>;
  /** Reads the counts of a step that is more than one check. */
  readonly count?: (output: string, exitCode: number) => Count;
}

const root = fromFileUrl(new URL("../", import.meta.url));
/** A step that takes longer hangs. */
const stepLimitMs = 20 * 60 * 1_000;
const entryPoints = [
  "mod.ts",
  "src/server/mod.ts",
  "src/cli/main.ts",
  "src/tfjs/mod.ts",
];
const test = [
  "test",
  "--allow-all",
  "--no-prompt",
  "--sanitize-ops",
  "--sanitize-resources",
];
/** Tests that start and kill whole programs, or change this one's environment: one file at a time. */
export const processTests = [
  "tests/docs/",
  "tests/e2e/",
  "tests/examples/",
  "tests/download/hostile_server_test.ts",
  "tests/run/create_run_test.ts",
  "tests/run/exec_command_test.ts",
  "tests/run/mark_test.ts",
  "tests/system/sampler_test.ts",
  "tests/upload/following/unread_files_test.ts",
];

const steps = (
  runsDir: string,
  { files, browser, hasShells, hasJupyter }: {
    readonly files: TestFiles;
    readonly browser: string | undefined;
    readonly hasShells: boolean;
    readonly hasJupyter: boolean;
  },
): readonly Step[] => [
  { name: "lint", args: ["lint"] },
  { name: "format", args: ["fmt", "--check"] },
  {
    name: "types",
    args: ["check", "mod.ts", "src", "tests", "examples", "tools"],
  },
  { name: "docs", args: ["doc", "--lint", ...entryPoints] },
  { name: "publish", args: ["publish", "--dry-run", "--allow-dirty"] },
  {
    name: "tests",
    args: [...test, "--parallel", ...files.parallel],
    count: countTests,
  },
  { name: "e2e", args: [...test, ...files.alone], count: countTests },
  ...hasPython()
    ? [{ name: "python", args: [...test, ...files.python], count: countTests }]
    : [],
  ...hasShells
    ? [{ name: "shells", args: [...test, ...files.shells], count: countTests }]
    : [],
  ...hasJupyter
    ? [{
      name: "notebook",
      args: [...test, ...files.notebook],
      count: countTests,
    }]
    : [],
  ...browser === undefined ? [] : [{
    name: "browser",
    args: [...test, ...files.browser],
    env: { EM_TEST_CHROMIUM: browser },
    count: countTests,
  }],
  {
    name: "doc tests",
    // Without types: an example may name what it does not use.
    args: [...test, "--doc", "--no-check", ...documentedFiles()],
    env: { EM_RUN_PARENT_DIR: runsDir, EM_ARTIFACT_PARENT_DIR: runsDir },
    count: countTests,
  },
];

if (import.meta.main) Deno.exit(await main());

async function main(): Promise<number> {
  const rows: string[] = [];
  const total = { passed: 0, failed: 0 };
  const before = rootNames();
  const runsDir = Deno.makeTempDirSync({ prefix: "em-test-" });
  const browserDir = Deno.makeTempDirSync({ prefix: "em-test-browser-" });
  const browser = await provideBrowser(browserDir);
  const hasShells = await provideShells();
  const hasJupyter = await provideJupyter();
  const files = testFiles();
  console.log(
    browser === undefined
      ? NO_BROWSER
      : `Browser: ${browser.path} (from ${browser.from})`,
  );
  try {
    for (
      const step of steps(runsDir, {
        files,
        hasShells,
        hasJupyter,
        browser: browser?.path,
      })
    ) {
      console.log(`\n=== ${step.name}: deno ${step.args.join(" ")}`);
      const start = performance.now();
      const { passed, failed } = await run(step);
      const seconds = ((performance.now() - start) / 1_000).toFixed(1);
      const detail = step.count ? `  ${passed} passed, ${failed} failed` : "";
      rows.push(`${row(step.name, failed)} ${seconds.padStart(6)} s${detail}`);
      total.passed += passed;
      total.failed += failed;
    }
  } finally {
    Deno.removeSync(runsDir, { recursive: true });
    Deno.removeSync(browserDir, { recursive: true });
  }
  const left = rootNames().filter((name) => !before.includes(name));
  total[left.length > 0 ? "failed" : "passed"]++;
  rows.push(
    `${row("leftovers", left.length)} ${left.join(", ") || "   none"}`,
  );
  console.log(`\n=== summary\n${rows.join("\n")}\n`);
  if (browser === undefined) {
    console.log(`${NO_BROWSER}\nNot run: ${files.browser.join(", ")}\n`);
    // Where nobody reads the output, tests that did not run must not pass.
    if (Deno.env.get("CI")) total.failed++;
  }
  if (!hasShells) {
    console.log(`${NO_SHELLS}\nNot run: ${files.shells.join(", ")}\n`);
    if (Deno.env.get("CI")) total.failed++;
  }
  if (!hasJupyter) {
    console.log(`${NO_JUPYTER}\nNot run: ${files.notebook.join(", ")}\n`);
    if (Deno.env.get("CI")) total.failed++;
  }
  if (!hasPython()) {
    console.log(`${NO_PYTHON}\nNot run: ${files.python.join(", ")}\n`);
    if (Deno.env.get("CI")) total.failed++;
  }
  console.log(`${total.passed} passed, ${total.failed} failed`);
  return total.failed > 0 ? 1 : 0;
}

const NO_BROWSER =
  "NO BROWSER: there is no Chromium, and none could be installed. The tests of the web pages DO NOT RUN. Install Chromium, " +
  "or name one in EM_TEST_CHROMIUM.";

/** The files with tests, each in one group. */
interface TestFiles {
  /** Those that can run beside others. */
  readonly parallel: readonly string[];
  /** Those that are named in {@linkcode processTests}. */
  readonly alone: readonly string[];
  /** Those that train with Python: one at a time. */
  readonly python: readonly string[];
  /** Those that need shells that not every system has. */
  readonly shells: readonly string[];
  /** Those that run notebooks in a kernel: one at a time. */
  readonly notebook: readonly string[];
  /** Those that start a browser: one at a time. */
  readonly browser: readonly string[];
}

/** By name, one and all: a folder as an argument leaves out what a nested configuration hides. */
function testFiles(): TestFiles {
  const files = [...walkSync(join(root, "tests"), { exts: [".ts"] })]
    .filter(({ isFile, name }) => isFile && name.endsWith("_test.ts"))
    .map(({ path }) => relative(root, path).replaceAll("\\", "/")).sort();
  const groups = Object.groupBy(files, (path) => {
    const text = Deno.readTextFileSync(join(root, path));
    if (/\b(?:openPages|startBrowser)\(/.test(text)) return "browser";
    if (/\bstartKernel\(/.test(text)) return "notebook";
    if (/\brequirePython\(/.test(text)) return "python";
    if (/\brequireShell\(/.test(text)) return "shells";
    return processTests.some((name) => path.startsWith(name))
      ? "alone"
      : "parallel";
  });
  return {
    parallel: [],
    alone: [],
    python: [],
    shells: [],
    notebook: [],
    browser: [],
    ...groups,
  };
}

function row(name: string, failed: number): string {
  return `${name.padEnd(9)} ${(failed > 0 ? "FAILED" : "ok").padEnd(6)}`;
}

/** What lies in the root; the tests must leave nothing there. */
function rootNames(): string[] {
  return [...Deno.readDirSync(root)].map(({ name }) => name);
}

/** The sources whose documentation has examples. */
function documentedFiles(): string[] {
  const sources = [...walkSync(join(root, "src"), { exts: [".ts", ".tsx"] })]
    .filter(({ isFile }) => isFile).map(({ path }) => relative(root, path));
  return ["mod.ts", ...sources.sort()].filter((path) =>
    Deno.readTextFileSync(join(root, path)).includes("@example")
  );
}

async function run({ args, env, count }: Step): Promise<Count> {
  const child = new Deno.Command(Deno.execPath(), {
    args: [...args],
    cwd: root,
    env: { ...env, NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    signal: AbortSignal.timeout(stepLimitMs),
  }).spawn();
  const [output, , { code }] = await Promise.all([
    pass(child.stdout, Deno.stdout),
    pass(child.stderr, Deno.stderr),
    child.status,
  ]);
  if (count) return count(output, code);
  return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

/** Shows what a child prints while it prints it, and gives back all of it. */
async function pass(
  from: ReadableStream<Uint8Array>,
  to: typeof Deno.stdout,
): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of from) {
    for (let rest = chunk; rest.length > 0;) {
      rest = rest.subarray(await to.write(rest));
    }
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}
