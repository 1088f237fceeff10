import { assertEquals } from "@std/assert";
import { basename, join } from "@std/path";
import { startTestServer, type TestServer } from "../support/em_server.ts";
import { ROOT, runScript } from "../support/script.ts";
import { tempDir } from "../support/temp_dir.ts";
import { runEm } from "./em_process.ts";
import { type Given, type Outcome, runWith } from "./fake_io.ts";

/** A server, and on this machine runs and an artifact as a script has left them. */
export interface KeptScene extends AsyncDisposable {
  /** The server. */
  readonly server: TestServer;
  /** The script's directory. */
  readonly dir: string;
  /** The run that is on the server, as `/demo/default/whole`. */
  readonly whole: string;
  /** The run that was never to be uploaded. */
  readonly alone: string;
  /** The artifact that is on the server, as `/demo/default/data`. */
  readonly artifact: string;
  /** Runs `em` against the server. */
  readonly em: (line: string, answer?: Given["answer"]) => Promise<Outcome>;
  /** The same in a process of its own, as those need that upload. */
  readonly process: (line: string) => Promise<Outcome>;
  /** The same for a command that prints JSON. */
  // deno-lint-ignore no-explicit-any -- tests say what they expect
  readonly json: (line: string) => Promise<any>;
}

const SCRIPT = `
import { createArtifact, createRun, upload } from "${new URL("mod.ts", ROOT)}";
const whole = await createRun({ name: "whole", labels: ["a"], autoUpload: true, makeFolder: true });
whole.log("train", { loss: 0.5 }, { step: 1 });
await Deno.writeFile(whole.local + "/model.bin", new Uint8Array(200_000).fill(7));
await whole.finish();
const alone = await createRun({ name: "alone" });
await alone.finish();
await Deno.writeTextFile("data.txt", "x".repeat(1000));
const data = await createArtifact({ name: "data" });
await data.addFile("data.txt");
await upload(data.local, { makeFolder: true });
`;

/** Makes a scene: `await using scene = await keptScene()`. */
export async function keptScene(): Promise<KeptScene> {
  const temp = tempDir();
  const server = await startTestServer();
  const dir = temp.path;
  const config = join(dir, "t9k.yaml");
  Deno.writeTextFileSync(config, server.config);
  const env = { T9K_CONFIG: config };
  const made = await runScript(SCRIPT, { dir, env });
  assertEquals(made.code, 0, made.stderr);
  const all = ["runs", "artifacts"].flatMap((kind) =>
    [...Deno.readDirSync(join(dir, ".em", kind))].map(({ name }) =>
      join(dir, ".em", kind, name)
    )
  );
  const named = (name: string) =>
    all.find((path) => basename(path).startsWith(`${name}_`)) ?? "";
  const em = (line: string, answer?: Given["answer"]) =>
    runWith(line.split(" "), {
      env,
      ...(answer === undefined ? {} : { answer }),
    });
  return {
    server,
    dir,
    whole: named("whole"),
    alone: named("alone"),
    artifact: named("data"),
    em,
    process: (line) => runEm(line.split(" "), { dir, env }),
    async json(line) {
      const { stdout, stderr } = await em(`${line} --json`);
      try {
        return JSON.parse(stdout);
      } catch (cause) {
        throw new Error(`em ${line}: ${stdout}${stderr}`, { cause });
      }
    },
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      temp[Symbol.dispose]();
    },
  };
}
