import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { parseGpus } from "../../src/system/gpus.ts";
import { isAlive } from "../support/is_alive.ts";
import { nvidiaSmiStandIn, TWO_GPUS } from "../support/nvidia_smi.ts";
import { ROOT, runScript, type ScriptResult } from "../support/script.ts";
import { tempDir } from "../support/temp_dir.ts";
import { waitFor } from "../support/wait_for.ts";

/** Asks a stand-in, and gives the answer. */
async function ask(
  dir: string,
  { script, flags = ["-A"] }: {
    readonly script: string;
    readonly flags?: readonly string[];
  },
): Promise<ScriptResult> {
  const env = nvidiaSmiStandIn(dir, script);
  const result = await runScript(
    `import { askGpus } from "${ROOT}src/system/gpus.ts";
    const answer = await askGpus({ timeoutMs: 700 });
    console.log(JSON.stringify(answer));`,
    { dir, env, flags },
  );
  assertEquals(result.code, 0, result.stderr);
  return result;
}

const GPU_0 = {
  gpu_0_percent: 37,
  gpu_0_memory_used_gib: 1,
  gpu_0_memory_percent: 6.25,
  gpu_0_temperature_celsius: 45,
  gpu_0_power_watts: 70.12,
};

Deno.test("parseGpus() leaves out what a GPU cannot tell, and takes nothing else for an answer", () => {
  assertEquals(parseGpus("3, [N/A], [N/A], [N/A], 41, [Not Supported]\n"), {
    gpu_3_temperature_celsius: 41,
  });
  const wrong = [
    "",
    "No devices were found",
    "0, 37, 1024, 16384, 45",
    "0, 37, 1024, 16384, 45, 70.12, 9",
    "GPU, 37, 1024, 16384, 45, 70.12",
    "0, 37, 1024, 16384, 45, 70.12\n<html>",
  ];
  for (const text of wrong) assertEquals(parseGpus(text), undefined, text);
});

Deno.test("askGpus() reads an answer, with no more permission than to run that program", async () => {
  for (const flags of [["-A"], ["--allow-run=nvidia-smi"]]) {
    using dir = tempDir();
    const script = `[ "$2" = --format=csv,noheader,nounits ] || exit 9
case "$1" in --query-gpu=index,*) printf '${TWO_GPUS}';; *) exit 9;; esac`;
    const { stdout } = await ask(dir.path, { script, flags });
    assertEquals(JSON.parse(stdout), {
      state: "answered",
      values: {
        ...GPU_0,
        gpu_1_percent: 0,
        gpu_1_memory_used_gib: 0.5,
        gpu_1_memory_percent: 3.125,
        gpu_1_temperature_celsius: 39,
      },
    });
  }
});

Deno.test("askGpus() says what is wrong with a program that fails, says something else, or says it without end", async () => {
  const table: [string, string][] = [
    [
      "echo 'NVIDIA-SMI has failed because it could not communicate with the NVIDIA driver.'; exit 9",
      'it ended with exit code 9 and said "NVIDIA-SMI has failed because',
    ],
    ["kill -SEGV $$", "it ended with SIGSEGV and said nothing"],
    ["echo 'No devices were found'", 'it said "No devices were found", which'],
    ["exit 0", "it said nothing, which is no answer"],
    ["while echo 0123456789abcdef; do :; done", '"0123456789abcdef"'],
  ];
  for (const [script, reason] of table) {
    using dir = tempDir();
    const { stdout } = await ask(dir.path, { script });
    const answer = JSON.parse(stdout);
    assertEquals(answer.state, "failed", script);
    assertStringIncludes(answer.reason, reason);
  }
});

Deno.test("askGpus() takes a machine without the program for one without GPUs", async () => {
  using dir = tempDir();
  const { stdout } = await runScript(
    `import { askGpus } from "${ROOT}src/system/gpus.ts";
    console.log(JSON.stringify(await askGpus()));`,
    { dir: dir.path, env: { PATH: dir.path } },
  );
  assertEquals(JSON.parse(stdout), { state: "missing" });
});

Deno.test("askGpus() ends a program that does not answer, and what that has started", async () => {
  using dir = tempDir();
  const { stdout } = await ask(dir.path, {
    script: `sleep 600 & echo "$$ $!" > ${join(dir.path, "pids")}; wait`,
  });
  assertEquals(JSON.parse(stdout), {
    state: "failed",
    reason: "it has not answered within 0.7 s",
  });
  const pids = Deno.readTextFileSync(join(dir.path, "pids")).trim().split(" ");
  assertEquals(pids.length, 2);
  await waitFor(
    `the end of ${pids}`,
    () => pids.some((pid) => isAlive(Number(pid))) ? undefined : true,
  );
});
