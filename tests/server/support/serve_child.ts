/** A server in a process of its own: `serve_child.ts DATA_DIR [DURABILITY]` prints its address and first key as a line of JSON. */
import { startServer } from "../../../src/server/mod.ts";

const server = await startServer({
  dataDir: Deno.args[0] ?? "",
  durability: Deno.args[1] === "process" ? "process" : "full",
  port: 0,
});
const line = JSON.stringify({
  url: server.url,
  pid: Deno.pid,
  apiKey: server.firstStart?.apiKey,
});
Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
