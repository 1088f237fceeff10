import { assertEquals } from "@std/assert";
import { copy } from "@std/fs";
import { join } from "@std/path";
import { DatabaseSync } from "node:sqlite";
import { EXCHANGE } from "../exchange/imported.ts";
import { makeCertificate } from "../support/certificate.ts";
import { startTestServer, type TestServer } from "../support/em_server.ts";
import { putNode, writeRun } from "../support/plain_run.ts";
import { ROOT, runScript } from "../support/script.ts";
import { tempDir } from "../support/temp_dir.ts";
import { EM_COMMAND, startCommand } from "./em_process.ts";
import type { Outcome } from "./fake_io.ts";

/** The runs on this machine. The first is on the server, too: as `default/cnn_mnist`, and in `cv/mnist`. */
export const RUNS = [
  "cnn_mnist_261123_082118_6fauz3",
  "cnn_mnist_261123_090000_k2m4p6",
] as const;

/** How {@linkcode EmScene.sh} runs a line. */
export interface ShellOptions {
  /** The text on stdout upon which it is stopped, as by Ctrl-C. Default: it ends by itself. */
  readonly stopAt?: string | undefined;
  /** The directory that it runs in, below the scene's; made if it is missing. Default: the scene's own. */
  readonly cwd?: string | undefined;
}

/** A machine on which somebody works: a server, runs, an artifact, and what else commands are given. */
export interface EmScene extends AsyncDisposable {
  /** The server, to which the machine is logged in. */
  readonly server: TestServer;
  /** The home directory, in which everything lies. */
  readonly dir: string;
  /**
   * Runs a line in a shell, `em` being this checkout. `$URL` and `$KEY` are the server's address and the key to it, `$PORT`
   * is its port.
   */
  readonly sh: (line: string, options?: ShellOptions) => Promise<Outcome>;
}

const SCRIPT = `
import { createArtifact, upload } from "${new URL("mod.ts", ROOT)}";
const data = await createArtifact({ name: "data" });
await data.addFile("data.txt");
const path = data.local + "/metadata.yaml";
const text = await Deno.readTextFile(path);
await Deno.writeTextFile(path, text.replace(/^createdTimestamp: .*$/m, "createdTimestamp: '2026-11-22T08:00:00.000001+00:00'"));
await upload(data.local, { makeFolder: true });
await upload(".em/runs/${RUNS[0]}");
`;

/** Programs that a line may call, which this machine need not have. */
const PROGRAMS = {
  em: `exec ${EM_COMMAND.map((part) => `'${part}'`).join(" ")} "$@"`,
  // Whatever stands behind, the program is a training.
  python3:
    `echo 'EM_METRICS {"type": "train", "step": 1, "metrics": {"loss": 0.3}}'; echo trained "$@"`,
  // The other machine is this one.
  ssh: 'shift 3; exec "$@"',
};

/** Makes a scene: `await using scene = await emScene()`. */
export async function emScene(): Promise<EmScene> {
  const temp = tempDir();
  const server = await startTestServer();
  const dir = temp.path;
  const env = {
    PATH: `${join(dir, "bin")}:${Deno.env.get("PATH")}`,
    TZ: "UTC",
    URL: server.url,
    KEY: server.apiKey,
    PORT: new URL(server.url).port,
  };
  await furnish(dir, server);
  const made = await runScript(SCRIPT, {
    dir,
    env: { T9K_CONFIG: join(dir, ".t9k", "t9k-config.yaml") },
  });
  assertEquals(made.code, 0, made.stderr);
  return {
    server,
    dir,
    async sh(line, { stopAt, cwd = "." } = {}) {
      Deno.mkdirSync(join(dir, cwd), { recursive: true });
      const text = stopAt === undefined ? line : `exec ${line}`;
      const command = ["sh", "-c", `cd '${cwd}' && ${text}`] as const;
      await using process = startCommand([...command], { dir, env });
      if (stopAt !== undefined) {
        await process.waitFor(stopAt);
        process.child.kill("SIGINT");
      }
      const { code } = await process.end();
      return { code, ...process.seen };
    },
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      temp[Symbol.dispose]();
    },
  };
}

async function furnish(dir: string, server: TestServer): Promise<void> {
  const at = (...parts: string[]) => join(dir, ...parts);
  const write = (path: string, text: string) =>
    Deno.writeTextFileSync(at(path), text);
  for (const folder of ["bin", ".t9k", ".zfunc"]) {
    Deno.mkdirSync(at(folder));
  }
  for (const [name, text] of Object.entries(PROGRAMS)) {
    write(`bin/${name}`, `#!/bin/sh\n${text}\n`);
    Deno.chmodSync(at("bin", name), 0o755);
  }
  const prod = server.config.replace(/[^]*- name: test/, "- name: prod");
  write(".t9k/t9k-config.yaml", server.config + prod);
  write("key.txt", `${server.apiKey}\n`);
  write("data.txt", "x".repeat(1000));
  write("train.py", "");
  write("train.sh", "echo trained\n");
  write("run.yaml", "name: cnn\nhparams: {lr: 0.1}\n");
  const { cert, key } = await makeCertificate();
  write("cert.pem", cert);
  write("key.pem", key);
  // Its server is running.
  Deno.symlinkSync(server.dataDir, at("em-data"));
  await copy(join(EXCHANGE, "tensorboard"), at("logs"));
  await copy(join(EXCHANGE, "wandb"), at("wandb"));
  await copy(join(EXCHANGE, "mlflow", "mlruns"), at("mlruns"));
  using database = new DatabaseSync(at("mlflow.db"));
  database.exec(
    Deno.readTextFileSync(join(EXCHANGE, "mlflow", "mlflow.sql")),
  );
  await addRuns(dir, server);
}

async function addRuns(dir: string, { client }: TestServer): Promise<void> {
  const parent = join(dir, ".em", "runs");
  for (const [at, name] of RUNS.entries()) {
    const made = writeRun(parent, {
      metadata: {
        name: "cnn_mnist",
        alternativeName: name,
        labels: ["cnn"],
        status: at === 0 ? "Error" : "Complete",
        startTimestamp: `2026-11-23T0${8 + at}:00:00.000001+00:00`,
        endTimestamp: `2026-11-23T0${8 + at}:01:05.000001+00:00`,
      },
      hparams: { lr: at === 0 ? 0.1 : 0.01, optimizer: "adam" },
      metrics: { train: { loss: [1, 0.5] }, val: { accuracy: [0.5, 1 - at] } },
      log: "one\ntwo\n",
    });
    Deno.renameSync(made, join(parent, name));
  }
  for (const name of ["cnn_mnist", "cnn_a", "cnn_b"]) {
    const folder = "/demo/cv/mnist";
    await putNode(client, join(parent, RUNS[0]), { folder, name });
  }
}
