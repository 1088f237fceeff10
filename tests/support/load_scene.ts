import { join } from "@std/path";
import { runScript, type ScriptResult } from "./script.ts";

/** What each script begins with. */
export const IMPORT =
  `import { createArtifact, createRun, loadArtifact, loadRun, upload } from "@t9k/em";
  const say = (what) => Deno.stdout.writeSync(new TextEncoder().encode(JSON.stringify(what) + "\\n"));
  const attempt = async (path, options) => {
    try { return await loadRun(path, options); } catch (error) { say([error.name, error.message]); Deno.exit(3); }
  };
  const attemptArtifact = async (path, options) => {
    try { return await loadArtifact(path, options); } catch (error) { say([error.name, error.message]); Deno.exit(3); }
  };
`;

/** Runs a script with a t9k config file. */
export function run(
  code: string,
  dir: string,
  config: string,
  env: Readonly<Record<string, string>> = {},
): Promise<ScriptResult> {
  return runScript(IMPORT + code, {
    dir,
    env: { ...environment(dir, config), ...env },
  });
}

/** Writes the t9k config file, and names it. */
export function environment(dir: string, config: string) {
  const path = join(dir, "t9k-config.yaml");
  Deno.writeTextFileSync(path, config);
  return { T9K_CONFIG: path, T9K_CONFIG_CONTEXT: "" };
}

/** Makes a run and uploads it to `cv/trip`. */
export const CREATE = (options = "") =>
  `const run = await createRun({ name: "trip", hparams: { lr: 0.1 }, ${options} });
  console.log("first part");
  for (let step = 1; step <= 300; step++) run.log(step % 5 ? "train" : "val", { loss: 1 / step }, { step });
  Deno.mkdirSync(run.local + "/checkpoints/1", { recursive: true });
  Deno.writeFileSync(run.local + "/checkpoints/1/学 习.bin", new Uint8Array(2_000_000).fill(7));
  Deno.writeFileSync(run.local + "/checkpoints/empty", new Uint8Array());
  const { upload: { state } } = await run.finish();
  if (state === "off") await upload(run.local, { folder: "cv/trip", makeFolder: true });`;

/** Where artifacts are. */
export const ARTIFACTS = ".em/artifacts";

/** Makes an artifact and uploads it to `cv/data`. */
export const CREATE_ARTIFACT = (name: string) =>
  `Deno.mkdirSync("data/sub", { recursive: true });
  Deno.writeTextFileSync("data/a.txt", "alpha\\n");
  Deno.writeFileSync("data/sub/学 习.bin", new Uint8Array(2_000_000).fill(7));
  Deno.writeTextFileSync("data/empty", "");
  const artifact = await createArtifact({ name: ${
    JSON.stringify(name)
  }, labels: ["x"] });
  await artifact.addDir("data");
  await artifact.addReference("s3://bucket/key/file.bin");
  await artifact.upload({ folder: "cv/data", makeFolder: true });
`;

/** A metadata document without its records, and these. */
export function metadataOf(dir: string) {
  const text = Deno.readTextFileSync(join(dir, "metadata.yaml"));
  const at = text.indexOf("remote:");
  return { head: text.slice(0, at), records: text.slice(at) };
}

/** What lies in a directory, but for the state directory. */
export function existing(dir: string): string[] {
  try {
    return [...Deno.readDirSync(dir)].map(({ name }) => name)
      .filter((name) => name !== ".state").sort();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}
