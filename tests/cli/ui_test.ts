import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { tempDir } from "../support/temp_dir.ts";
import { waitFor } from "../support/wait_for.ts";
import { copyFixture } from "../viewer/support.ts";
import { runEm, startEm } from "./em_process.ts";

Deno.test("em ui shows .em of the working directory until it is stopped, and leaves nothing behind", async () => {
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    using dir = tempDir();
    const em = join(dir.path, ".em");
    const temp = join(dir.path, "temp");
    Deno.mkdirSync(temp);
    copyFixture("c01_plain", em);
    const env = { TMPDIR: temp };
    await using ui = startEm(["ui", "--port", "0"], { dir: dir.path, env });
    await ui.waitFor("/web/\n");
    assertMatch(
      ui.seen.stdout,
      /^Showing (\S+)\nOpen {4}http:\/\/127\.0\.0\.1:\d+\/t9k\/em\/web\/\n$/,
    );
    assertStringIncludes(ui.seen.stdout, `Showing ${em}\n`);
    const url = /http:\S+/.exec(ui.seen.stdout)?.[0] ?? "";
    const session = await (await fetch(`${url}session`)).json();
    assertEquals([session.mode, session.directory], ["local", em]);
    // A page that looks on must not hold up the end.
    const api = new URL("/t9k/aistore/server", url).href;
    const stream = await fetch(`${api}/em/v1/events?node=/${session.user}`);
    assertEquals(stream.status, 200);
    ui.child.kill(signal);
    const { code } = await ui.end();
    assertEquals([code, ui.seen.stderr], [0, ""], signal);
    await stream.text().catch(() => {});
    assertEquals([...Deno.readDirSync(temp)], [], signal);
  }
});

Deno.test("em ui tells pages of other names from its own, whatever leads them here", async () => {
  using dir = tempDir();
  Deno.mkdirSync(join(dir.path, ".em"));
  const env = { TMPDIR: dir.path };
  await using ui = startEm(["ui", "--port=0"], { dir: dir.path, env });
  await ui.waitFor("/web/\n");
  const port = Number(/:(\d+)\//.exec(ui.seen.stdout)?.[1]);
  const ask = async (host: string): Promise<string> => {
    const conn = await Deno.connect({ hostname: "127.0.0.1", port });
    await conn.write(new TextEncoder().encode(
      `GET /t9k/aistore/server/oauth2/userinfo HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`,
    ));
    return await new Response(conn.readable).text();
  };
  assertMatch(await ask(`127.0.0.1:${port}`), /^HTTP\/1\.1 200 /);
  assertMatch(await ask("localhost:9999"), /^HTTP\/1\.1 200 /);
  const foreign = await ask(`evil.example:${port}`);
  assertMatch(foreign, /^HTTP\/1\.1 403 /);
  assertStringIncludes(foreign, 'this server is not known as "evil.example"');
});

Deno.test("em ui says what an open address means", async () => {
  using dir = tempDir();
  Deno.mkdirSync(join(dir.path, ".em"));
  const args = ["ui", "--port=0", "--hostname=0.0.0.0"];
  const env = { TMPDIR: dir.path };
  await using ui = startEm(args, { dir: dir.path, env });
  await ui.waitFor("/web/\n");
  await waitFor("the notice", () => ui.seen.stderr.includes("\n") || undefined);
  assertMatch(
    ui.seen.stderr,
    /^em: listening on 0\.0\.0\.0: [^\n]+ without any key [^\n]+\n$/,
  );
});

Deno.test("em ui says what is wrong with a directory, or a port that is taken", async () => {
  using dir = tempDir();
  const { path } = dir;
  assertEquals(await runEm(["ui"], { dir: path }), {
    code: 1,
    stdout: "",
    stderr:
      'em: Cannot show ".em": there is no such directory, name one or start where .em is\n',
  });
  Deno.mkdirSync(join(path, "empty"));
  assertEquals(await runEm(["ui", "empty"], { dir: path }), {
    code: 1,
    stdout: "",
    stderr:
      'em: Cannot show "empty": it holds no runs and no artifacts, name .em, a directory of runs, or a run\n',
  });
  Deno.mkdirSync(join(path, ".em"));
  using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = taken.addr as Deno.NetAddr;
  assertEquals(await runEm(["ui", `--port=${port}`], { dir: path }), {
    code: 1,
    stdout: "",
    stderr:
      `em: port ${port} on 127.0.0.1 is taken: choose another with --port, or leave it out for a free one\n`,
  });
});

Deno.test("em ui --open that cannot open a browser shows the pages all the same", async () => {
  using dir = tempDir();
  Deno.mkdirSync(join(dir.path, ".em"));
  const env = { PATH: dir.path, TMPDIR: dir.path };
  await using ui = startEm(["ui", "--port=0", "--open"], {
    dir: dir.path,
    env,
  });
  await ui.waitFor("/web/\n");
  await waitFor("the reason", () => ui.seen.stderr.includes("\n") || undefined);
  assertMatch(ui.seen.stderr, /^em: cannot open a browser: [^\n]+\n$/);
  const url = /http:\S+/.exec(ui.seen.stdout)?.[0] ?? "";
  assertEquals((await (await fetch(`${url}session`)).json()).mode, "local");
});

Deno.test("em ui clears away what one that was killed has left, and nothing of one that runs", async () => {
  using dir = tempDir();
  const em = join(dir.path, ".em");
  Deno.mkdirSync(em);
  const env = { TMPDIR: join(dir.path, "temp") };
  Deno.mkdirSync(env.TMPDIR);
  const left = () => [...Deno.readDirSync(env.TMPDIR)].map(({ name }) => name);
  const start = () => startEm(["ui", "--port=0"], { dir: dir.path, env });
  await using killed = start();
  await killed.waitFor("/web/\n");
  const [first = ""] = left();
  killed.child.kill("SIGKILL");
  await killed.end();
  await using running = start();
  await running.waitFor("/web/\n");
  // Both are too young to be told from one that has just begun.
  assertEquals(left().length, 2);
  const old = new Date("2026-11-23T08:21:18Z");
  for (const name of left()) Deno.utimeSync(join(env.TMPDIR, name), old, old);
  await using other = start();
  await other.waitFor("/web/\n");
  assertEquals([left().length, left().includes(first)], [2, false]);
});
