import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { decodeRunMetadata } from "../../src/format/metadata.ts";
import { filesOf, startTestServer } from "../support/em_server.ts";
import { onlyRun } from "../support/script.ts";
import { tempDir } from "../support/temp_dir.ts";
import { IMPORT, runWith } from "../support/run_with.ts";

Deno.test("createRun() with autoUpload follows folder and conflict strategy", async (t) => {
  await using server = await startTestServer();
  const create = (options: string, body = "") =>
    `${IMPORT}
    try {
      const run = await createRun({ autoUpload: true, ${options} });
      ${body}
      const { upload } = await run.finish();
      if (upload.state === "off") throw new Error("off");
      console.error("RESULT", upload.state, upload.node?.path.replace(run.alternativeName, "ALTERNATIVE"));
    } catch (error) { console.error("RESULT", error.name, error.message); }`;
  const table:
    readonly (readonly [name: string, options: string, result: string])[] = [
      ["the default folder is made", `name: "a"`, "complete /demo/default/a"],
      [
        "a missing folder is refused",
        `name: "a", folder: "x/y"`,
        `FolderNotFoundError Folder "/demo/x/y" does not exist`,
      ],
      [
        "a missing folder is made when told to",
        `name: "a", folder: "x/y", makeFolder: true`,
        "complete /demo/x/y/a",
      ],
      [
        "an absolute folder",
        `name: "b", folder: "/demo/x/"`,
        "complete /demo/x/b",
      ],
      [
        "another user's folder",
        `name: "b", folder: "/other/x"`,
        "permission denied",
      ],
      [
        "new",
        `name: "a", conflictStrategy: "new"`,
        "complete /demo/default/ALTERNATIVE",
      ],
      ["skip", `name: "a", conflictStrategy: "skip"`, "skipped"],
      [
        "error",
        `name: "a", conflictStrategy: "error"`,
        `NodeExistsError Run "/demo/default/a" already exists`,
      ],
      [
        "replace",
        `name: "a", conflictStrategy: "replace"`,
        "complete /demo/default/a",
      ],
      [
        "replace does not touch a folder",
        `name: "y", folder: "x", conflictStrategy: "replace"`,
        "NodeExistsError Folder",
      ],
      [
        "a strategy that does not exist",
        `name: "a", conflictStrategy: "no" as "new"`,
        "RangeError",
      ],
    ];
  for (const [name, options, wanted] of table) {
    await t.step(name, async () => {
      using dir = tempDir();
      const result = await runWith(server, create(options), dir.path);
      const line = result.stderr.split("\n").find((text) =>
        text.startsWith("RESULT")
      ) ?? "";
      assertStringIncludes(line, wanted, result.stderr);
      assertEquals(result.code, 0);
      if (line.includes("Error")) {
        assertEquals(
          runsIn(dir.path),
          [],
          "a refused run leaves nothing behind",
        );
      }
    });
  }
  await t.step("replace removed the first run's objects", async () => {
    const metadata =
      (await server.objects("/demo/default/a")).get("metadata.yaml") ?? "";
    assertEquals(decodeRunMetadata(metadata).remote.length, 1);
    const names: string[] = [];
    for await (const node of server.client.listNodes("/demo/default")) {
      names.push(node.name);
    }
    assertEquals(names.filter((name) => name.startsWith("a")).length, 2);
  });
});

function runsIn(dir: string): string[] {
  try {
    return [...Deno.readDirSync(join(dir, ".em/runs"))].map((entry) =>
      entry.name
    ).filter((name) => name !== ".state");
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

Deno.test("createRun() with autoUpload: a definite refusal rejects, an unreachable server does not", async (t) => {
  await using server = await startTestServer();
  const gone = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = gone.addr;
  gone.close();
  const loginPage = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    () =>
      new Response(null, {
        status: 302,
        headers: { location: "https://login.example.com/?next=/t9k" },
      }),
  );
  const failing = Deno.serve({
    hostname: "127.0.0.1",
    port: 0,
    onListen: () => {},
  }, () => new Response("no", { status: 503 }));
  const leadTo = (from: string, to: string) => ({
    config: server.config.replace(from, to),
  });
  const host = new URL(server.url).host;
  const table = [
    ["nobody has logged in", { config: "" }, "NotLoggedInError"],
    [
      "wrong key",
      leadTo(server.apiKey, "00000000-0000-0000-0000-000000000000"),
      "AuthenticationError",
    ],
    ["malformed key", leadTo(server.apiKey, "SECRET"), "TypeError"],
    [
      "redirect",
      leadTo(host, `127.0.0.1:${loginPage.addr.port}`),
      "RedirectError",
    ],
    [
      "refused connection",
      leadTo(host, `127.0.0.1:${port}`),
      "created Complete pending",
    ],
    [
      "failing server",
      leadTo(host, `127.0.0.1:${failing.addr.port}`),
      "created Complete pending",
    ],
  ] as const;
  const code = `${IMPORT}
    const start = performance.now();
    try {
      const run = await createRun({ name: "a", autoUpload: true });
      run.log("train", { loss: 1 }, { step: 1 });
      const { status, upload } = await run.finish({ timeoutMs: 300 });
      console.error("RESULT", "created", status, upload.state);
    } catch (error) { console.error("RESULT", error.name, error.message); }`;
  for (const [name, config, wanted] of table) {
    await t.step(name, async () => {
      using dir = tempDir();
      const result = await runWith(config, code, dir.path);
      assertStringIncludes(result.stderr, `RESULT ${wanted}`);
      assertEquals(result.code, 0, result.stderr);
      assertEquals(
        result.stderr.includes(server.apiKey),
        false,
        "the key is secret",
      );
      const created = wanted.startsWith("created");
      assertEquals(runsIn(dir.path).length, created ? 1 : 0);
      if (!created) return;
      assertEquals(filesOf(onlyRun(dir.path)).has("metrics/train.yaml"), true);
      const warnings = result.stderr.split("\n").filter((line) =>
        line.startsWith("EM WARNING:")
      );
      assertEquals(warnings.length, 2, result.stderr);
      assertStringIncludes(warnings[1] ?? "", "em/cli upload .em/runs/a_");
    });
  }
  await loginPage.shutdown();
  await failing.shutdown();
});
