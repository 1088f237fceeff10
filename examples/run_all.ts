/**
 * Runs every example of this folder, each as a process of its own in a temporary directory, and says which failed.
 *
 *     deno task examples
 *
 * @module
 */
// deno-lint-ignore-file no-console

import { fromFileUrl } from "@std/path";

const ARGUMENTS: Readonly<Record<string, readonly string[]>> = {
  "mnist.ts": ["--images=2000", "--epochs=1"],
  "demo.ts": ["--images=2000", "--epochs=1"],
};

const here = new URL(".", import.meta.url);
const names = [...Deno.readDirSync(here)].map(({ name }) => name)
  .filter((name) => name.endsWith(".ts") && name !== "run_all.ts").sort();
const cwd = await Deno.makeTempDir({ prefix: "em-examples-" });
const failed: string[] = [];
for (const name of names) {
  const started = performance.now();
  const { success, code, stdout, stderr } = await new Deno.Command(
    Deno.execPath(),
    {
      args: [
        "run",
        "-A",
        fromFileUrl(new URL(name, here)),
        ...ARGUMENTS[name] ?? [],
      ],
      cwd,
    },
  ).output();
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(
    `${success ? "ok    " : "FAILED"}  ${name.padEnd(18)} ${
      seconds.padStart(5)
    } s`,
  );
  if (success) continue;
  failed.push(name);
  console.log(
    `exit code ${code}\n${
      [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes)).join(
        "\n",
      )
    }`,
  );
}
await Deno.remove(cwd, { recursive: true });
console.log(`${names.length - failed.length} passed, ${failed.length} failed`);
Deno.exitCode = failed.length === 0 ? 0 : 1;
