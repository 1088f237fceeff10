/**
 * The whole of it in half a minute: starts a server, trains on MNIST with the upload running in the background, and
 * then compares every object on the server with the local file, byte for byte.
 *
 *     deno task demo
 *     deno task demo --images=2000 --epochs=1   # a short one
 *
 * Everything it makes lies in one new folder, `.em/demo-<time>`, and stays there to be looked at. Exits with 0 when all
 * bytes have arrived, otherwise with 1 and a list of what differs.
 *
 * @module
 */
// deno-lint-ignore-file no-console

import { join } from "@std/path";
import { login } from "@t9k/em";
import { compareNode } from "./demo/compare_node.ts";
import { demoReport } from "./demo/report.ts";
import { parseMnistArgs, runMnist } from "./mnist.ts";
import { startServerThread } from "./server_thread/mod.ts";

const options = parseMnistArgs(Deno.args);
const time = new Date().toISOString().replaceAll(/\D/g, "").slice(0, 14);
const root = join(".em", `demo-${time}`);
const dataDir = join(root, "server");
await Deno.mkdir(dataDir, { recursive: true });
Deno.env.set("EM_RUN_PARENT_DIR", join(root, "runs"));

console.log("Train on MNIST, track it, deliver it, compare every byte\n");
const server = await startServerThread(dataDir);
try {
  console.log(`  server on ${server.url}`);
  await login({ host: server.url, apiKey: server.apiKey });
  const { dir, training, result } = await runMnist({
    ...options,
    upload: true,
  });
  const received = await server.stats();
  const { upload } = result;
  const nodePath = "node" in upload ? upload.node?.path : undefined;
  if (nodePath === undefined) {
    throw new Error(`Nothing was uploaded: ${Deno.inspect(upload)}`);
  }

  const copy = {
    host: server.url,
    apiKey: server.apiKey,
    nodePath,
    localDir: dir,
  };
  const comparison = await compareNode(copy);
  console.log(
    demoReport({ ...copy, root, dataDir, training, received, comparison }),
  );
  const whole = upload.state === "complete" &&
    comparison.differences.length === 0;
  Deno.exitCode = whole ? 0 : 1;
} finally {
  await server.shutdown();
}
