import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { Worker } from "node:worker_threads";
import { startDelivery } from "../../../src/upload/delivering/delivery.ts";
import {
  ROOT,
  runScript,
  type ScriptOptions,
  spawnScript,
} from "../../support/script.ts";
import { API_KEY, StandIn } from "../support/stand_in.ts";
import {
  deliveryOptions,
  INTENT,
  NODE,
  NODE_PATH,
  RunDir,
  until,
} from "../support/support.ts";

/** A script that starts a delivery of `dir` and then does what a test wants. */
function script(
  server: StandIn,
  dir: RunDir,
  then: string,
  source: string | URL = ROOT,
): string {
  const options = {
    dir: dir.path,
    node: NODE,
    intent: INTENT,
    target: { host: server.host, apiKey: API_KEY },
  };
  return `
    import { startDelivery } from ${
    JSON.stringify(new URL("src/upload/delivering/delivery.ts", source).href)
  };
    const delivery = await startDelivery(${JSON.stringify(options)});
    const path = ${JSON.stringify(dir.path)};
    ${then}
  `;
}

function options(
  server: StandIn,
  dir: RunDir,
  readSource = true,
): ScriptOptions {
  const read = readSource ? [dir.parent, ROOT.pathname] : [dir.parent];
  return {
    dir: dir.parent,
    flags: [
      `--allow-read=${read}`,
      `--allow-write=${dir.parent}`,
      `--allow-net=${new URL(server.host).host}`,
    ],
  };
}

const TRAIN = `${NODE_PATH}/metrics/train.yaml`;

Deno.test("a worker delivers what a thread writes that never yields", async () => {
  await using server = new StandIn();
  using dir = new RunDir({ "metrics/train.yaml": "- 0\n" });
  const child = spawnScript(
    script(
      server,
      dir,
      `
      const end = Date.now() + 3000;
      let i = 0;
      while (Date.now() < end) {
        Deno.writeTextFileSync(path + "/metrics/train.yaml", "- " + ++i + "\\n", { append: true });
        const pause = Date.now() + 20;
        while (Date.now() < pause);
      }
      console.log("loop over");
      console.log((await delivery.finish({ timeoutMs: 10_000 })).state);
    `,
    ),
    options(server, dir),
  );
  let looping = true;
  const output = child.output().then((result) => {
    looping = false;
    return new TextDecoder().decode(result.stdout);
  });
  let during = 0;
  await until("the loop's records arrive while it runs", () => {
    during = server.text(TRAIN)?.split("\n").length ?? 0;
    return !looping || during > 20;
  });
  assert(looping, `${during} records before the end`);
  assertEquals(await output, "loop over\ncomplete\n");
  assertEquals(
    server.text(TRAIN),
    Deno.readTextFileSync(`${dir.path}/metrics/train.yaml`),
  );
});

Deno.test("a delivery that nobody finishes lets the process end by itself", async () => {
  for (const mode of ["worker", "main"]) {
    for (const state of ["idle", "down"]) {
      await using server = new StandIn();
      using dir = new RunDir({ "a.txt": "a" });
      if (state === "down") await server.down();
      const code = script(
        server,
        dir,
        state === "idle" ? `await delivery.flush({ timeoutMs: 5000 });` : "",
      )
        .replace(
          "startDelivery({",
          `startDelivery({ mode: ${JSON.stringify(mode)},`,
        );
      const start = performance.now();
      const { code: exit, stderr } = await runScript(
        code,
        options(server, dir),
      );
      assertEquals(exit, 0, `${mode} ${state}: ${stderr}`);
      assert(performance.now() - start < 8000, `${mode} ${state}`);
    }
  }
});

Deno.test("finishBlocking() delivers what is there while the process ends", async () => {
  const endings = [
    "",
    "Deno.exit(3);",
    "for (;;) { if (Date.now() > start + 300) Deno.exit(3); }",
  ];
  for (const ending of endings) {
    await using server = new StandIn();
    using dir = new RunDir({ "metrics/train.yaml": "- 0\n" });
    const { stdout, code, stderr } = await runScript(
      script(
        server,
        dir,
        `
        const start = Date.now();
        addEventListener("unload", () => {
          Deno.writeTextFileSync(path + "/metadata.yaml", "status: Error\\n");
          console.log(delivery.finishBlocking(10_000));
        });
        ${ending}
      `,
      ),
      options(server, dir),
    );
    assertEquals(stdout, "true\n", stderr);
    assertEquals(code, ending === "" ? 0 : 3);
    assertEquals(server.text(`${NODE_PATH}/metadata.yaml`), "status: Error\n");
    assertEquals(server.text(TRAIN), "- 0\n");
  }
});

Deno.test("finishBlocking() gives up when its time is over", async () => {
  await using server = new StandIn();
  using dir = new RunDir({ "a.txt": "a" });
  await server.down();
  const start = performance.now();
  const { stdout } = await runScript(
    script(
      server,
      dir,
      `addEventListener("unload", () => console.log(delivery.finishBlocking(500)));`,
    ),
    options(server, dir),
  );
  assertEquals(stdout, "false\n");
  assert(performance.now() - start < 6000);
});

Deno.test("without read permission for the module the main thread delivers, and says so once", async () => {
  await using server = new StandIn();
  using dir = new RunDir({ "a.txt": "a" });
  const { stdout, stderr, code } = await runScript(
    script(
      server,
      dir,
      `console.log((await delivery.finish({ timeoutMs: 10_000 })).state);`,
    ),
    options(server, dir, false),
  );
  assertEquals(stdout, "complete\n", stderr);
  assertEquals(code, 0);
  assertStringIncludes(stderr, `--allow-read=${ROOT.pathname}`);
  assertEquals(stderr.trim().split("\n").length, 1, stderr);
});

Deno.test("without net permission startDelivery() names the flag and never asks", async () => {
  await using server = new StandIn();
  using dir = new RunDir({ "a.txt": "a" });
  const { flags = [], ...rest } = options(server, dir);
  const { stderr, code } = await runScript(script(server, dir, ""), {
    ...rest,
    flags: flags.slice(0, 2),
  });
  assertEquals(code, 1);
  assertStringIncludes(
    stderr,
    `PermissionError: Cannot reach AIStore server "${server.host}"`,
  );
  assertStringIncludes(stderr, `--allow-net=${new URL(server.host).host}`);
});

Deno.test("a module from the net starts its worker without read permission", async () => {
  await using server = new StandIn();
  using dir = new RunDir({ "metrics/train.yaml": "- 0\n" });
  const { origin, stop } = serveSources();
  try {
    const imports = {
      "@std/path": `${origin}std_path.ts`,
      "@std/yaml": `${origin}std_path.ts`,
    };
    Deno.writeTextFileSync(
      `${dir.parent}/import_map.json`,
      JSON.stringify({ imports }),
    );
    const code = script(
      server,
      dir,
      `
        const end = Date.now() + 1500;
        while (Date.now() < end);
        console.log((await delivery.finish({ timeoutMs: 10_000 })).state);
      `,
      origin,
    );
    Deno.writeTextFileSync(`${dir.parent}/main.ts`, code);
    const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "--no-prompt",
        "--no-check",
        "--no-config",
        "--allow-import=127.0.0.1",
        `--import-map=${dir.parent}/import_map.json`,
        ...options(server, dir, false).flags ?? [],
        "main.ts",
      ],
      cwd: dir.parent,
      env: { DENO_DIR: `${dir.parent}/cache`, NO_COLOR: "1" },
    }).output();
    const said = new TextDecoder().decode(stderr);
    assertEquals(new TextDecoder().decode(stdout), "complete\n", said);
    assert(!said.includes("EM WARNING"), said);
    assertEquals(server.text(TRAIN), "- 0\n");
  } finally {
    await stop();
  }
});

Deno.test("when the worker dies the main thread takes over, for those who wait too", async () => {
  const workers = new Set<Worker>();
  const post = Worker.prototype.postMessage;
  Worker.prototype.postMessage = function (this: Worker, ...args) {
    workers.add(this);
    return post.apply(this, args);
  };
  try {
    await using server = new StandIn();
    using dir = new RunDir({ "a.txt": "a" });
    let held = 0;
    let isDown = true;
    server.intercept = ({ query }) => {
      if (!isDown || !query.get("path")?.endsWith("b.txt")) return undefined;
      held++;
      return new Response("later", { status: 503 });
    };
    const options = deliveryOptions(dir, server, { mode: "worker" });
    const delivery = await startDelivery(options);
    assertEquals(
      (await delivery.flush({ timeoutMs: 10_000 })).state,
      "complete",
    );
    dir.write("b.txt", "b");
    const waiting = delivery.finish({ timeoutMs: 20_000 });
    await until("a first attempt", () => held > 0);
    assertEquals(workers.size, 1);
    for (const worker of workers) await worker.terminate();
    isDown = false;
    const report = await waiting;
    assertEquals(report.state, "complete", JSON.stringify(report));
    assertEquals(server.text(`${NODE_PATH}/b.txt`), "b");
    assertEquals(report.node?.reused, true);
    assert(options.reporter.warnings.has("worker lost"));
  } finally {
    Worker.prototype.postMessage = post;
  }
});

Deno.test("deliveries of one process share one worker, and it ends with the last", async () => {
  const workers = new Set<Worker>();
  const post = Worker.prototype.postMessage;
  Worker.prototype.postMessage = function (this: Worker, ...args) {
    workers.add(this);
    return post.apply(this, args);
  };
  try {
    await using server = new StandIn();
    using dir = new RunDir({ "a.txt": "a" });
    using other = new RunDir({ "a.txt": "b" });
    const start = (of: RunDir, name: string) =>
      startDelivery({
        ...deliveryOptions(of, server),
        mode: "worker",
        node: { ...NODE, name, alternativeName: name },
      });
    const deliveries = await Promise.all([
      start(dir, "one"),
      start(other, "two"),
    ]);
    const reports = await Promise.all(
      deliveries.map((delivery) => delivery.finish({ timeoutMs: 10_000 })),
    );
    assertEquals(reports.map(({ state }) => state), ["complete", "complete"]);
    assertEquals(workers.size, 1);
    const again = await start(dir, "one");
    assertEquals((await again.finish({ timeoutMs: 10_000 })).state, "complete");
    assertEquals(workers.size, 2);
    assertEquals(server.text("/demo/default/one/a.txt"), "a");
    assertEquals(server.text("/demo/default/two/a.txt"), "b");
  } finally {
    Worker.prototype.postMessage = post;
  }
});

/** Serves this repository's sources, as a registry would. */
function serveSources(): {
  readonly origin: string;
  readonly stop: () => Promise<void>;
} {
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen() {} },
    async (request) => {
      const { pathname } = new URL(request.url);
      const text = pathname === "/std_path.ts"
        ? `export { basename, dirname, join } from "node:path"; export { fileURLToPath as fromFileUrl } from "node:url";`
        : await Deno.readTextFile(new URL(`.${pathname}`, ROOT));
      return new Response(text, {
        headers: { "content-type": "application/typescript" },
      });
    },
  );
  return {
    origin: `http://127.0.0.1:${server.addr.port}/`,
    stop: () => server.shutdown(),
  };
}
