import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { Command } from "commander";
import { processIo } from "../../src/cli/io.ts";
import { makeProgram } from "../../src/cli/program.ts";
import { startEm } from "./em_process.ts";
import { emScene, RUNS } from "./em_scene.ts";

/** The commands without `--json`, and why. */
const WITHOUT_JSON: Readonly<Record<string, string>> = {
  exec: "stdout is the program's own",
  completions: "it prints a script for a shell",
  import: "only its commands do something",
  context: "only its commands do something",
  "serve user": "only its commands do something",
  "serve key": "only its commands do something",
  "serve trash": "only its commands do something",
};

Deno.test("every command has --json, or a reason to have none", () => {
  const found: string[] = [];
  const visit = (command: Command, path: readonly string[]) => {
    for (const child of command.commands) {
      const way = [...path, child.name()];
      const option = child.options.find(({ long }) => long === "--json");
      if (option === undefined) found.push(way.join(" "));
      visit(child, way);
    }
  };
  visit(makeProgram(processIo), []);
  assertEquals(found.sort(), Object.keys(WITHOUT_JSON).sort());
});

Deno.test("em sync --watch --json says on a line each what it begins, follows, uploads and ends", async () => {
  await using scene = await emScene();
  const { dir, server: { url } } = scene;
  await using watcher = startEm(["sync", "--watch", "--json", ".em/runs"], {
    dir,
  });
  await watcher.waitFor('"event":"watch"');
  const more = await scene.sh(`echo three >> .em/runs/${RUNS[0]}/stdout.log`);
  assertEquals(more.code, 0);
  await watcher.waitFor('"event":"upload"');
  watcher.child.kill("SIGINT");
  assertEquals((await watcher.end()).code, 0);
  const events = watcher.seen.stdout.trimEnd().split("\n")
    .map((line) => JSON.parse(line));
  assertEquals(events.map(({ event }) => event), ["watch", "upload", "stop"]);
  assertEquals(events[0].pid, watcher.child.pid);
  const { path, state, host, node, sentObjects, error } = events[1];
  assert(path.endsWith(RUNS[0]), path);
  assertEquals([state, host, node, error], [
    "complete",
    url,
    "/demo/default/cnn_mnist",
    null,
  ]);
  assert(sentObjects > 0);
});

Deno.test("em sync --watch --json says what it follows while a run goes on, and what could not be uploaded", async () => {
  await using scene = await emScene();
  const { dir, server } = scene;
  const env = { EM_RUN_PARENT_DIR: "live" };
  const line = "echo started; while test ! -e end; do sleep 0.05; done";
  await using run = startEm(["exec", "-n", "live", "sh", "-c", line], {
    dir,
    env,
  });
  await run.waitFor("started");
  const flags = ["--watch", "--json", "--all", "-f", "live", "-m"];
  await using watcher = startEm(["sync", ...flags, "live"], { dir });
  await watcher.waitFor('"event":"follow"');
  Deno.writeTextFileSync(`${dir}/end`, "");
  assertEquals((await run.end()).code, 0);
  await watcher.waitFor('"state":"complete"');
  watcher.child.kill("SIGTERM");
  await watcher.end();
  const events = watcher.seen.stdout.trimEnd().split("\n")
    .map((line) => JSON.parse(line));
  assertEquals(events[1], {
    event: "follow",
    path: events[1].path,
    host: server.url,
  });
  const last = events.findLast(({ event }) => event === "upload");
  assertEquals(last.node, "/demo/live/live");
  assertEquals(events.at(-1), { event: "stop" });

  const wrong = ["--watch", "--json", "--all", "-f", "no/such/folder"];
  await using failing = startEm(["sync", ...wrong, `.em/runs/${RUNS[1]}`], {
    dir,
  });
  await failing.waitFor('"event":"upload"');
  failing.child.kill("SIGINT");
  await failing.end();
  const { state, error } = JSON.parse(failing.seen.stdout.split("\n")[1] ?? "");
  assertEquals(state, "failed");
  assertStringIncludes(error, 'Folder "/demo/no/such/folder" does not exist');
});

Deno.test("em serve --json and em ui --json say on one line where and what they are", async () => {
  await using scene = await emScene();
  const { dir } = scene;
  const flags = ["--port", "0", "--json"];
  await using served = startEm(["serve", "--data", "new", ...flags], { dir });
  await served.waitFor("\n");
  const server = JSON.parse(served.seen.stdout);
  assertEquals([server.pid, server.user], [served.child.pid, "demo"]);
  const login = await scene.sh(
    `em login --host ${server.url} --api-key ${server.apiKey} --json`,
  );
  const { host, user, previousHost } = JSON.parse(login.stdout);
  assertEquals([host, user, previousHost], [
    server.url,
    "demo",
    scene.server.url,
  ]);
  await using shown = startEm(["ui", "--no-open", ...flags], { dir });
  await shown.waitFor("\n");
  const viewer = JSON.parse(shown.seen.stdout);
  assertEquals([viewer.pid, viewer.root], [shown.child.pid, `${dir}/.em`]);
  assertEquals(
    (await (await fetch(`${viewer.url}session`)).json()).mode,
    "local",
  );
});
