import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import {
  decodeRunMetadata,
  type RunStatus,
} from "../../src/format/metadata.ts";
import { readOwner } from "../../src/local/owner.ts";
import { onlyRun, runScript, type ScriptResult } from "../support/script.ts";
import { tempDir } from "../support/temp_dir.ts";

interface Ending {
  readonly name: string;
  readonly body: string;
  readonly status: RunStatus;
  /** The exit code; 128 and the number for a signal. */
  readonly code: number;
}

const never = "await new Promise(() => {});";
const later = "await new Promise((resolve) => setTimeout(resolve, 5_000));";
const kill = (signal: string) => `Deno.kill(Deno.pid, "${signal}"); ${later}`;

/** Every way in which a Deno program ends; `run` is undefined when the script runs without the module. */
const ENDINGS: readonly Ending[] = [
  {
    name: "finish() and normal end",
    body: "await run?.finish();",
    status: "Complete",
    code: 0,
  },
  {
    name: "await using",
    body: "{ await using _ = run; }",
    status: "Complete",
    code: 0,
  },
  { name: "normal end without finish()", body: "", status: "Error", code: 0 },
  {
    name: "exitCode set, normal end",
    body: "Deno.exitCode = 7;",
    status: "Error",
    code: 7,
  },
  { name: "Deno.exit(0)", body: "Deno.exit(0);", status: "Error", code: 0 },
  { name: "Deno.exit(3)", body: "Deno.exit(3);", status: "Error", code: 3 },
  {
    name: "process.exit(4)",
    body: `(await import("node:process")).default.exit(4);`,
    status: "Error",
    code: 4,
  },
  {
    name: "uncaught throw",
    body: `throw new Error("boom");`,
    status: "Error",
    code: 1,
  },
  {
    name: "throw in a timer",
    body: `setTimeout(() => { throw new Error("boom"); }, 0); ${later}`,
    status: "Error",
    code: 1,
  },
  {
    name: "unhandled rejection",
    body: `Promise.reject(new Error("boom")); ${later}`,
    status: "Error",
    code: 1,
  },
  {
    name: "rejected top-level await",
    body: `await Promise.reject(new Error("boom"));`,
    status: "Error",
    code: 1,
  },
  {
    name: "reportError",
    body: `reportError(new Error("boom")); ${later}`,
    status: "Error",
    code: 1,
  },
  {
    name: "stack overflow",
    body: "(function f() { f(); })();",
    status: "Error",
    code: 1,
  },
  {
    name: "uncaught error in a worker",
    body:
      `new Worker("data:text/javascript,throw new Error('boom')", { type: "module" }); ${later}`,
    status: "Error",
    code: 1,
  },
  { name: "SIGINT", body: kill("SIGINT"), status: "Error", code: 130 },
  { name: "SIGTERM", body: kill("SIGTERM"), status: "Error", code: 143 },
  { name: "SIGHUP", body: kill("SIGHUP"), status: "Error", code: 129 },
  {
    name: "SIGINT with a listener that exits",
    body: `Deno.addSignalListener("SIGINT", () => Deno.exit(130)); ${
      kill("SIGINT")
    }`,
    status: "Error",
    code: 130,
  },
  {
    name: "SIGINT with a node listener that exits",
    body:
      `(await import("node:process")).default.on("SIGINT", () => Deno.exit(128)); ${
        kill("SIGINT")
      }`,
    status: "Error",
    code: 128,
  },
  {
    name: "SIGTERM with a listener that finishes",
    body:
      `Deno.addSignalListener("SIGTERM", async () => { await run?.finish(); Deno.exit(5); }); ${
        kill("SIGTERM")
      }`,
    status: "Complete",
    code: 5,
  },
  {
    name: "SIGINT with a listener that counts, heard once",
    body:
      `let heard = 0; const hear = () => heard++; Deno.addSignalListener("SIGINT", hear);
      Deno.kill(Deno.pid, "SIGINT"); while (heard === 0) await new Promise((resolve) => setTimeout(resolve, 10));
      Deno.removeSignalListener("SIGINT", hear); await run?.finish(); Deno.exit(heard);`,
    status: "Complete",
    code: 1,
  },
  {
    name: "uncaught error, handled, then finish()",
    body:
      `(await import("node:process")).default.on("uncaughtException", () => {});
      setTimeout(() => { throw new Error("boom"); }, 0);
      await new Promise((resolve) => setTimeout(resolve, 50)); await run?.finish();`,
    status: "Complete",
    code: 0,
  },
  {
    name: "unhandled rejection, prevented, then still running",
    body:
      `addEventListener("unhandledrejection", (event) => event.preventDefault()); Promise.reject(new Error("boom"));
      const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
      await wait(50);
      for (let i = 0; i < 500 && run && run.status !== "Running"; i++) await wait(10);
      if (run && run.status !== "Running") Deno.exit(99); await run?.finish();`,
    status: "Complete",
    code: 0,
  },
  { name: "SIGKILL", body: kill("SIGKILL"), status: "Running", code: 137 },
  {
    name: "top-level await that never settles",
    body: never,
    status: "Running",
    code: 1,
  },
];

async function runEnding(
  ending: Ending,
  dir: string,
  withModule: boolean,
): Promise<ScriptResult> {
  const prelude = withModule
    ? `import { createRun, type Run } from "@t9k/em";
       const run: Run | undefined = await createRun({ name: "ending" }); run.log("train", { loss: 1 }, { step: 1 });`
    : `const run: { finish(): Promise<unknown>; status: string; [Symbol.asyncDispose](): Promise<void> } | undefined = undefined;`;
  return await runScript(`${prelude}\n${ending.body}\n`, { dir });
}

/** What a program says of its end, without this module's own lines, and without positions, which the prelude shifts. */
function message(result: ScriptResult): string {
  return result.stderr.split("\n").filter((line) => !line.startsWith("EM "))
    .join("\n").replaceAll(/:\d+:\d+/g, "");
}

Deno.test("every ending of a process leaves the right status, and the exit code, signal and message it would have had", async (t) => {
  for (const ending of ENDINGS) {
    await t.step(ending.name, async () => {
      using tracked = tempDir();
      using plain = tempDir();
      const [actual, expected] = await Promise.all([
        runEnding(ending, tracked.path, true),
        runEnding(ending, plain.path, false),
      ]);
      assertEquals(expected.code, ending.code, expected.stderr);
      assertEquals([actual.code, actual.signal], [
        expected.code,
        expected.signal,
      ], actual.stderr);
      assertEquals(
        message(actual).replaceAll(tracked.path, "DIR"),
        message(expected).replaceAll(plain.path, "DIR"),
      );
      const dir = onlyRun(tracked.path);
      const metadata = decodeRunMetadata(
        Deno.readTextFileSync(join(dir, "metadata.yaml")),
      );
      assertEquals(metadata.status, ending.status);
      assertEquals(metadata.endTimestamp === null, ending.status === "Running");
      if (ending.status === "Running") {
        assertEquals(readOwner(dir)?.alive, false);
      }
    });
  }
});

Deno.test("a run directory that was deleted under the run does not change how the process ends", async () => {
  using dir = tempDir();
  const result = await runScript(
    `import { createRun } from "@t9k/em";
     await createRun({ name: "gone" }); Deno.removeSync(".em", { recursive: true });`,
    { dir: dir.path },
  );
  assertEquals(result.code, 0, result.stderr);
  assertEquals(
    result.stderr.split("\n").filter((line) => line.startsWith("EM WARNING:"))
      .length,
    1,
    result.stderr,
  );
});
