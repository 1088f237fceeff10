/**
 * Runs the whole suite: every check of the code, then every test. Each step is
 * a process of its own; a step that fails does not keep the others from
 * running. Ends in failure if anything failed, with the counts as last line.
 *
 * @module
 */

// deno-lint-ignore-file no-console

import { fileURLToPath } from "node:url";
import { type Count, countTests } from "./count.ts";

interface Step {
  readonly name: string;
  readonly args: readonly string[];
  /** Reads the counts of a step that is more than one check. */
  readonly count?: (output: string, exitCode: number) => Count;
}

const root = fileURLToPath(new URL("../", import.meta.url));
/** A step that takes longer hangs. */
const stepLimitMs = 20 * 60 * 1_000;
const entryPoints = ["mod.ts", "src/server/mod.ts", "src/cli/main.ts"];
const test = [
  "test",
  "--allow-all",
  "--no-prompt",
  "--sanitize-ops",
  "--sanitize-resources",
];
/** Tests that start and kill whole programs: one file at a time. */
const processTests = ["tests/e2e/", "tests/examples/"];

const steps: readonly Step[] = [
  { name: "lint", args: ["lint"] },
  { name: "format", args: ["fmt", "--check"] },
  { name: "types", args: ["check", "mod.ts", "src", "tests", "examples"] },
  { name: "docs", args: ["doc", "--lint", ...entryPoints] },
  { name: "publish", args: ["publish", "--dry-run", "--allow-dirty"] },
  {
    name: "tests",
    args: [...test, "--parallel", `--ignore=${processTests}`, "tests/"],
    count: countTests,
  },
  { name: "e2e", args: [...test, ...processTests], count: countTests },
];

if (import.meta.main) Deno.exit(await main());

async function main(): Promise<number> {
  const rows: string[] = [];
  const total = { passed: 0, failed: 0 };
  for (const step of steps) {
    console.log(`\n=== ${step.name}: deno ${step.args.join(" ")}`);
    const start = performance.now();
    const { passed, failed } = await run(step);
    const seconds = ((performance.now() - start) / 1_000).toFixed(1);
    const verdict = failed > 0 ? "FAILED" : "ok";
    const detail = step.count ? `  ${passed} passed, ${failed} failed` : "";
    rows.push(
      `${step.name.padEnd(8)} ${verdict.padEnd(6)} ${seconds.padStart(6)} s` +
        detail,
    );
    total.passed += passed;
    total.failed += failed;
  }
  console.log(`\n=== summary\n${rows.join("\n")}\n`);
  console.log(`${total.passed} passed, ${total.failed} failed`);
  return total.failed > 0 ? 1 : 0;
}

async function run({ args, count }: Step): Promise<Count> {
  const child = new Deno.Command(Deno.execPath(), {
    args: [...args],
    cwd: root,
    env: { NO_COLOR: "1" },
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
