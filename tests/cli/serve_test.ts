import {
  assert,
  assertEquals,
  assertFalse,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { join } from "@std/path";
import { makeCertificate } from "../support/certificate.ts";
import { tempDir } from "../support/temp_dir.ts";
import { runEm, startEm } from "./em_process.ts";
import { runWith } from "./fake_io.ts";
import { webRoot } from "../../src/aistore/protocol.ts";

const KEY = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/;

/** What the first start of a server printed. */
function readFirstStart(stdout: string): { url: string; apiKey: string } {
  const url = /^AIStore server at (\S+)$/m.exec(stdout)?.[1];
  const apiKey = KEY.exec(stdout)?.[0];
  assert(url !== undefined && apiKey !== undefined, stdout);
  return { url, apiKey };
}

Deno.test("em serve shows user, key and login line at its first start, and the key never again", async () => {
  using dir = tempDir();
  const data = join(dir.path, "em-data");
  const args = ["serve", "--port", "0", "--user", "ada"];
  let first: { url: string; apiKey: string };
  {
    await using em = startEm(args, { dir: dir.path });
    await em.waitFor("Data in");
    first = readFirstStart(em.seen.stdout);
    const { url, apiKey } = first;
    assertMatch(url, /^http:\/\/127\.0\.0\.1:\d+\/t9k\/aistore\/server$/);
    assertEquals(
      em.seen.stdout,
      `AIStore server at ${url}
Pages:   ${webRoot(url)}
User:    ada
API key: ${apiKey} (shown only this once)
Log in:  deno run -A jsr:@t9k/em/cli login --host ${url} --api-key ${apiKey}
Data in  ${data}
`,
    );
    assertEquals(await userOf(url, apiKey), "ada");
    em.child.kill("SIGKILL");
    await em.end();
    assertEquals(em.seen.stderr, "");
  }
  await using em = startEm(args, { dir: dir.path });
  await em.waitFor("Data in");
  const url = /at (\S+)/.exec(em.seen.stdout)?.[1] ?? "";
  assertEquals(
    em.seen.stdout,
    `AIStore server at ${url}\nPages:   ${webRoot(url)}\nData in  ${data}\n`,
  );
  assertEquals(await userOf(url, first.apiKey), "ada");
});

Deno.test("em serve ends with exit code 0 on SIGINT and SIGTERM, after the requests under way", async () => {
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    using dir = tempDir();
    await using em = startEm(["serve", "--port", "0"], { dir: dir.path });
    await em.waitFor("Data in");
    const { url, apiKey } = readFirstStart(em.seen.stdout);
    const host = new URL(url).host;
    // A request whose body is not all there yet.
    const conn = await Deno.connect({
      hostname: "127.0.0.1",
      port: Number(new URL(url).port),
    });
    const body = JSON.stringify({
      parent: "/demo",
      name: "late",
      labels: [],
      description: "",
      type: "Folder",
      storageType: 0,
      extra: "{}",
    });
    const encoder = new TextEncoder();
    await conn.write(encoder.encode(
      `POST /t9k/aistore/server/apis/v1/nodes?apikey=${apiKey} HTTP/1.1\r\n` +
        `Host: ${host}\r\nContent-Type: application/json\r\nConnection: close\r\n` +
        `Content-Length: ${body.length}\r\n\r\n${body.slice(0, 9)}`,
    ));
    assertEquals(await userOf(url, apiKey), "demo");
    em.child.kill(signal);
    await conn.write(encoder.encode(body.slice(9)));
    const answer = await new Response(conn.readable).text();
    assertMatch(answer, /^HTTP\/1\.1 20[01] /, signal);
    const status = await em.end();
    assertEquals([status.code, status.signal], [0, null], signal);
    assertEquals(em.seen.stderr, "");
  }
});

Deno.test("em serve on other addresses says what that means", async () => {
  using dir = tempDir();
  const args = ["serve", "--port", "0", "--hostname", "0.0.0.0"];
  await using em = startEm(args, { dir: dir.path });
  await em.waitFor("Data in");
  assertMatch(
    em.seen.stderr,
    /^em: listening on 0\.0\.0\.0: [^\n]+\nem: this is plain HTTP: [^\n]+\n$/,
  );
});

Deno.test("em serve with a public address prints that, and where it listens", async () => {
  using dir = tempDir();
  await using em = startEm([
    "serve",
    "--port",
    "0",
    "--public-url",
    "https://lab.example.org/em/",
  ], { dir: dir.path });
  await em.waitFor("Data in");
  const url = "https://lab.example.org/em/t9k/aistore/server";
  const [first, second] = em.seen.stdout.split("\n");
  assertEquals(first, `AIStore server at ${url}`);
  assertMatch(
    second ?? "",
    /^Listening at http:\/\/127\.0\.0\.1:\d+\/t9k\/aistore\/server$/,
  );
  assertStringIncludes(em.seen.stdout, ` login --host ${url} --api-key `);
});

Deno.test("em serve speaks HTTPS with --tls-cert and --tls-key", async () => {
  using dir = tempDir();
  const { cert, key } = await makeCertificate();
  await Deno.writeTextFile(join(dir.path, "c.pem"), cert);
  await Deno.writeTextFile(join(dir.path, "k.pem"), key);
  const tls = ["--tls-cert", "c.pem", "--tls-key", "k.pem"];
  await using em = startEm(["serve", "--port", "0", ...tls], { dir: dir.path });
  await em.waitFor("Data in");
  const { url, apiKey } = readFirstStart(em.seen.stdout);
  assertMatch(url, /^https:/);
  using client = Deno.createHttpClient({ caCerts: [cert] });
  const answer = await fetch(`${url}/oauth2/userinfo?apikey=${apiKey}`, {
    client,
  });
  assertEquals(await answer.json(), { preferred_username: "demo" });
});

Deno.test("em serve says what is wrong with a certificate or a public address", async () => {
  using dir = tempDir();
  const file = join(dir.path, "x.pem");
  await Deno.writeTextFile(file, "x");
  const none = join(dir.path, "none.pem");
  const table: [args: string[], code: number, text: string][] = [
    [["--tls-cert", file], 2, "--tls-cert and --tls-key are given together"],
    [["--tls-key", file], 2, "--tls-cert and --tls-key are given together"],
    [
      ["--tls-cert", none, "--tls-key", file],
      1,
      `cannot read TLS file "${none}": `,
    ],
    [["--tls-cert", file, "--tls-key", file], 1, "No certificates found"],
    [["--public-url", "lab"], 2, 'Cannot use public address "lab"'],
  ];
  for (const [args, wanted, text] of table) {
    const { code, stdout, stderr } = await runWith(
      ["serve", "--port", "0", "--data", join(dir.path, "data"), ...args],
    );
    assertEquals([code, stdout], [wanted, ""], stderr);
    assertMatch(stderr, /^em: [^\n]+\n$/);
    assertStringIncludes(stderr, text);
  }
});

Deno.test("em serve names a taken port, ends with 1, and keeps the first start for later", async () => {
  using dir = tempDir();
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  const data = join(dir.path, "data");
  assertEquals(
    await runWith(["serve", "--data", data, "--port", `${port}`]),
    {
      code: 1,
      stdout: "",
      stderr:
        `em: port ${port} on 127.0.0.1 is taken: choose another with --port, or any free one with --port 0\n`,
    },
  );
  await using em = startEm(["serve", "--data", data, "--port", "0"], {
    dir: dir.path,
  });
  await em.waitFor("Data in");
  readFirstStart(em.seen.stdout);
});

Deno.test("em serve refuses a data folder that is in use or no folder, and a bad user name", async () => {
  using dir = tempDir();
  await using em = startEm(["serve", "--port", "0", "--data", "a"], {
    dir: dir.path,
  });
  await em.waitFor("Data in");
  await Deno.writeTextFile(join(dir.path, "file"), "");
  const table: [args: string[], code: number, stderr: string][] = [
    [
      ["--data", join(dir.path, "a")],
      1,
      `Cannot use data folder "${dir.path}/a"`,
    ],
    [["--data", join(dir.path, "file")], 1, ""],
    [["--data", join(dir.path, "b"), "--user", "/"], 2, 'Cannot make user "/"'],
    [
      ["--data", join(dir.path, "c"), "--hostname", "192.0.2.1"],
      1,
      "192.0.2.1",
    ],
  ];
  for (const [args, wanted, text] of table) {
    const { code, stdout, stderr } = await runWith(
      ["serve", "--port", "0", ...args],
    );
    assertEquals([code, stdout], [wanted, ""], stderr);
    assertMatch(stderr, /^em: [^\n]+\n$/);
    assertStringIncludes(stderr, text);
  }
});

Deno.test("em login and logout work against em serve with one config file", async () => {
  using dir = tempDir();
  await using em = startEm(["serve", "--port", "0"], { dir: dir.path });
  await em.waitFor("Data in");
  const { url, apiKey } = readFirstStart(em.seen.stdout);
  const config = join(dir.path, ".t9k", "t9k-config.yaml");
  const saved = `Logged in to AIStore server ${url} as user demo\n` +
    `Saved in ${config}, context "default-context"\n`;

  const wrong = await runEm(
    ["login", "--host", url, "--api-key", crypto.randomUUID()],
    { dir: dir.path },
  );
  assertEquals([wrong.code, wrong.stdout], [1, ""]);
  assertEquals(
    wrong.stderr,
    `em: AIStore server "${url}" refused the API key: the key is not known there\n`,
  );
  assertFalse(await exists(config));

  const ways: {
    args: string[];
    stdin?: string;
    env?: Record<string, string>;
  }[] = [
    { args: ["--api-key", apiKey] },
    { args: ["--api-key", "-"], stdin: `${apiKey}\n` },
    { args: [], env: { EM_API_KEY: apiKey } },
  ];
  for (const { args, ...given } of ways) {
    const result = await runEm(["login", "--host", `${url}/`, ...args], {
      dir: dir.path,
      ...given,
    });
    assertEquals(result, { code: 0, stdout: saved, stderr: "" });
    assertStringIncludes(await Deno.readTextFile(config), apiKey);
    assertEquals(((await Deno.stat(config)).mode ?? 0) & 0o777, 0o600);
    const out = await runEm(["logout"], { dir: dir.path });
    assertEquals(out, {
      code: 0,
      stdout:
        `Logged out: ${config}, context "default-context" holds no API key any more\n`,
      stderr: "",
    });
    assertFalse((await Deno.readTextFile(config)).includes(apiKey));
  }
});

async function userOf(url: string, apiKey: string): Promise<string> {
  const response = await fetch(`${url}/oauth2/userinfo?apikey=${apiKey}`);
  assertEquals(response.status, 200);
  return (await response.json()).preferred_username;
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

Deno.test("em serve without all permissions says that it needs them, and why", async () => {
  using dir = tempDir();
  const main = new URL("../../src/cli/main.ts", import.meta.url).pathname;
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--no-prompt",
      "--no-check",
      "--allow-read",
      "--allow-write",
      "--allow-net=127.0.0.1",
      "--allow-env",
      "--allow-sys",
      main,
      "serve",
      "--port=0",
      `--data=${dir.path}`,
    ],
    stdout: "null",
    stderr: "piped",
  }).output();
  const said = new TextDecoder().decode(stderr);
  assertEquals(code, 1, said);
  assertStringIncludes(said, "needs all permissions");
  assertStringIncludes(said, "run it with -A");
});
