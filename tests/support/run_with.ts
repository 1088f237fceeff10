import { join } from "@std/path";
import type { TestServer } from "./em_server.ts";
import { runScript, type ScriptResult } from "./script.ts";

/** What scripts that upload begin with. */
export const IMPORT = `import { createRun, upload } from "@t9k/em";`;

/** Runs a script whose t9k config file leads to a server. */
export function runWith(
  server: Pick<TestServer, "config">,
  code: string,
  dir: string,
): Promise<ScriptResult> {
  return runScript(code, prepare(server, dir));
}

/** Makes ready to run a script whose t9k config file leads to a server. */
export function prepare(server: Pick<TestServer, "config">, dir: string) {
  const path = join(dir, "t9k-config.yaml");
  Deno.writeTextFileSync(path, server.config);
  return { dir, env: { T9K_CONFIG: path } };
}
