import {
  assert,
  assertEquals,
  assertGreater,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { parse } from "@std/yaml";
import { MNIST_DIR } from "../../examples/mnist/dataset.ts";
import { type EmProcess, runEm, startEm } from "../cli/em_process.ts";
import { startTestServer } from "../support/em_server.ts";
import { requirePython } from "../support/require_python.ts";
import { isAlive } from "../support/is_alive.ts";
import { onlyRun, ROOT } from "../support/script.ts";
import { tempDir } from "../support/temp_dir.ts";
import { waitFor } from "../support/wait_for.ts";

const EXEC = ["exec", "-n", "digits", "--"];
const PYTHON = [
  "python3",
  fromFileUrl(new URL("examples/python/train.py", ROOT)),
  `--data=${MNIST_DIR}`,
  "--images=200",
] as const;

/** Says the number of the process that becomes Python. */
const SAY_PID = 'echo "pid $$"; exec "$0" "$@"';

interface Entry {
  readonly value: Readonly<Record<string, number>>;
  readonly sequence: { readonly step: number; readonly epoch: number };
}

function metricsOf(run: string, type: string): Entry[] {
  return parse(
    Deno.readTextFileSync(join(run, "metrics", `${type}.yaml`)),
  ) as Entry[];
}

function statusOf(run: string): unknown {
  const text = Deno.readTextFileSync(join(run, "metadata.yaml"));
  return (parse(text) as { status: unknown }).status;
}

Deno.test("em exec records a real training in Python: output, metrics, model", async () => {
  requirePython();
  using dir = tempDir();
  const { code, stdout, stderr } = await runEm(
    [...EXEC, ...PYTHON, "--epochs=2"],
    { dir: dir.path },
  );
  assertEquals(code, 0, stderr);
  assertMatch(
    stdout,
    /^200 images to train with, 500 to test with\nepoch 1: accuracy 0\.\d+\nepoch 2: accuracy 0\.\d+\n$/,
  );
  const run = onlyRun(dir.path);
  assertEquals(statusOf(run), "Complete");
  assertEquals(Deno.readTextFileSync(join(run, "stdout.log")), stdout);
  assertEquals(
    metricsOf(run, "train").map(({ sequence: { step, epoch } }) => [
      step,
      epoch,
    ]),
    Array.from({ length: 20 }, (_, i) => [(i + 1) * 20, i < 10 ? 1 : 2]),
  );
  const test = metricsOf(run, "test");
  assertEquals(test.length, 2);
  assertGreater(test.at(-1)?.value.accuracy ?? 0, 0.3);
  const model = JSON.parse(Deno.readTextFileSync(join(run, "model.json")));
  assertEquals([model.length, model[0].length], [10, 50]);
});

Deno.test("em exec: each example of its help runs", async () => {
  requirePython();
  using dir = tempDir();
  await using server = await startTestServer();
  const files = {
    "t9k.yaml": server.config,
    "run.yaml": "name: from_file\nhparams: {lr: 0.1}\n",
    "train.py": "print('trained')\n",
    "train.sh": "python3 train.py\n",
  };
  for (const [name, text] of Object.entries(files)) {
    Deno.writeTextFileSync(join(dir.path, name), text);
  }
  const env = { T9K_CONFIG: join(dir.path, "t9k.yaml") };
  const help = await runEm(["exec", "--help"], { dir: dir.path });
  const examples = [...help.stdout.matchAll(/^ {2}em (exec .*)$/gm)];
  assertEquals(examples.length, 4);
  for (const [, line = ""] of examples) {
    const args = line.split(" ");
    const { code, stdout, stderr } = await runEm(args, { dir: dir.path, env });
    assertEquals([code, stdout], [0, "trained\n"], `${line}\n${stderr}`);
  }
  const objects = await server.objects("/demo/cv/mnist/from_file");
  assertEquals(objects.get("stdout.log"), "trained\n");
});

/** Starts a training without end, and waits until it has said how its first epoch went. */
async function startTraining(
  dir: string,
): Promise<{ em: EmProcess; run: string; python: number }> {
  const [program, ...args] = PYTHON;
  const em = startEm(
    [...EXEC, "sh", "-c", SAY_PID, program, ...args, "--epochs=1000000"],
    { dir },
  );
  await em.waitFor("epoch 1:");
  const python = Number(/^pid (\d+)$/m.exec(em.seen.stdout)?.[1]);
  return { em, run: onlyRun(dir), python };
}

Deno.test("em exec: a training that is killed in any way leaves a run with status Error and all that it had logged", async () => {
  requirePython();
  // Whom the signal is sent to, and the exit code of em.
  const table: [Deno.Signal, "em" | "python", number][] = [
    ["SIGINT", "em", 130],
    ["SIGTERM", "em", 143],
    ["SIGHUP", "em", 129],
    ["SIGTERM", "python", 143],
    ["SIGKILL", "python", 137],
  ];
  for (const [signal, whom, code] of table) {
    using dir = tempDir();
    const { em, run, python } = await startTraining(dir.path);
    await using _ = em;
    Deno.kill(whom === "em" ? em.child.pid : python, signal);
    assertEquals((await em.end()).code, code, `${signal} to ${whom}`);
    assert(!isAlive(python));
    assertEquals(statusOf(run), "Error");
    assertGreater(metricsOf(run, "train").length, 9);
    assertStringIncludes(em.seen.stderr, `ended by ${signal}; run "digits"`);
  }
});

Deno.test("em exec: SIGKILL of em itself ends the training, and em sync makes the run Error and whole on the server", async () => {
  requirePython();
  using dir = tempDir();
  await using server = await startTestServer();
  Deno.writeTextFileSync(join(dir.path, "t9k.yaml"), server.config);
  const env = { T9K_CONFIG: join(dir.path, "t9k.yaml") };
  const { em, run, python } = await startTraining(dir.path);
  await using _ = em;
  em.child.kill("SIGKILL");
  await em.end();
  await waitFor("the end of the training", () => !isAlive(python) || undefined);
  assertEquals(statusOf(run), "Running");
  const { code, stdout } = await runEm(["sync", "--all"], {
    dir: dir.path,
    env,
  });
  assertEquals(code, 0, stdout);
  assertEquals(statusOf(run), "Error");
  const objects = await server.objects("/demo/default/digits");
  assertEquals(
    objects.get("metrics/train.yaml"),
    Deno.readTextFileSync(join(run, "metrics/train.yaml")),
  );
});
