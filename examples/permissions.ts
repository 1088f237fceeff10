/**
 * Least permission: a run needs its own directory and nothing else. What was not granted is left out, and said in one
 * line; nothing is ever asked.
 *
 *     deno run -A examples/permissions.ts
 *
 * Runs `examples/quickstart.ts` with the flags that it prints.
 *
 * @module
 */
// deno-lint-ignore-file no-console

import { fromFileUrl } from "@std/path";

const flags = [
  "--no-prompt",
  "--allow-read=.em",
  "--allow-write=.em",
  "--allow-env=EM_RUN_PARENT_DIR",
];
console.log(`deno run ${flags.join(" ")} examples/quickstart.ts\n`);

const script = fromFileUrl(new URL("quickstart.ts", import.meta.url));
const { code } = await new Deno.Command(Deno.execPath(), {
  args: ["run", ...flags, script],
  stdin: "null",
}).spawn().status;
Deno.exitCode = code;
