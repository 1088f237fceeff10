import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { copy, emptyDir } from "@std/fs";
import { dirname, fromFileUrl, join } from "@std/path";

const here = dirname(fromFileUrl(import.meta.url));
const packages = ["assert", "async", "fs", "path", "yaml"];
const listing = { versions: { "1.0.0": {} } };

Deno.test("setup fills vendor/ where JSR is out of reach, so that imports work", async () => {
  await inCheckout(async (root) => {
    const jsr = closedUrl();
    const { stderr } = await setUp(root, jsr);
    assertMatch(stderr, /^setup: .*stand-ins.*delete vendor\/\n$/);
    assertEquals(await runProgram(root, jsr), "a\n1:30\ntrue\n");
    const vendored = join(root, "vendor", vendorName(jsr), "@std");
    for (const name of packages) {
      const meta = await readJson(join(vendored, name, "1.999.0_meta.json"));
      for (const [path, entry] of Object.entries(meta.manifest)) {
        const bytes = await Deno.readFile(
          join(vendored, name, "1.999.0", path),
        );
        const digest = await crypto.subtle.digest("SHA-256", bytes);
        const checksum = `sha256-${new Uint8Array(digest).toHex()}`;
        assertEquals(entry, { size: bytes.length, checksum }, name + path);
      }
      for (const path of Object.values(meta.exports)) {
        assertEquals(path.slice(1) in meta.manifest, true, name + path);
      }
    }
  });
});

Deno.test("setup asks and changes nothing when stand-ins are in place", async () => {
  await inCheckout(async (root) => {
    await using live = serveJsr(() => new Response(null, { status: 503 }));
    await setUp(root, live.url);
    assertEquals(live.requests, 1);
    const before = await snapshot(join(root, "vendor"));
    const { stderr } = await setUp(root, live.url);
    assertEquals(stderr, "");
    assertEquals(await snapshot(join(root, "vendor")), before);
    assertEquals(live.requests, 1);
  });
});

Deno.test("setup does nothing where JSR answers", async () => {
  await inCheckout(async (root) => {
    await using live = serveJsr();
    const { stderr } = await setUp(root, live.url);
    assertEquals(stderr, "");
    assertEquals(live.requests, 1);
    assertEquals(names(root), ["deno.json", "program.ts", "tests"]);
  });
});

Deno.test("setup takes an answer that is not JSR's for none", async () => {
  const answers: Record<string, () => Response> = {
    "a portal's page": () => new Response("<html>Sign in</html>"),
    "a refusal": () => Response.json(listing, { status: 403 }),
    "another service": () => Response.json({ ok: true }),
  };
  for (const [what, answer] of Object.entries(answers)) {
    await inCheckout(async (root) => {
      await using live = serveJsr(answer);
      const { stderr } = await setUp(root, live.url);
      assertStringIncludes(stderr, "stand-ins", what);
    });
  }
});

Deno.test("setup removes stand-ins when JSR is back, and asks once a day", async () => {
  await inCheckout(async (root) => {
    await using live = serveJsr(() => new Response(null, { status: 503 }));
    await setUp(root, live.url);
    const scope = join(root, "vendor", vendorName(live.url), "@std");
    assertEquals(names(scope), packages);
    const marker = join(root, "vendor", ".stand-ins.json");
    const yesterday = new Date(Date.now() - 25 * 60 * 60 * 1_000);

    await Deno.utime(marker, yesterday, yesterday);
    assertEquals((await setUp(root, live.url)).stderr, "");
    assertEquals(live.requests, 2);
    await setUp(root, live.url);
    assertEquals(live.requests, 2);

    live.answer = () => Response.json(listing);
    await Deno.utime(marker, yesterday, yesterday);
    assertEquals((await setUp(root, live.url)).stderr, "");
    assertEquals(names(scope), []);
    assertEquals(names(join(root, "vendor")), [vendorName(live.url)]);
  });
});

Deno.test("setup never touches real packages or other parts of vendor/", async () => {
  await inCheckout(async (root) => {
    const jsr = closedUrl();
    const vendor = join(root, "vendor");
    const yaml = join(vendor, vendorName(jsr), "@std", "yaml");
    const real = join(yaml, "meta.json");
    await Deno.mkdir(yaml, { recursive: true });
    await Deno.mkdir(join(yaml, "..", "path"));
    await Deno.writeTextFile(real, JSON.stringify(listing));
    await Deno.writeTextFile(join(vendor, "manifest.json"), "{}");
    await setUp(root, jsr);
    assertEquals(JSON.parse(await Deno.readTextFile(real)), listing);
    assertEquals(names(yaml), ["meta.json"]);
    assertEquals(await Deno.readTextFile(join(vendor, "manifest.json")), "{}");
    assertEquals(names(join(yaml, "..", "path")), [
      "1.999.0",
      "1.999.0_meta.json",
      "meta.json",
    ]);

    for (const name of packages) {
      const dir = join(yaml, "..", name);
      await emptyDir(dir);
      await Deno.writeTextFile(
        join(dir, "meta.json"),
        JSON.stringify(listing),
      );
    }
    const before = await snapshot(vendor);
    assertEquals((await setUp(root, jsr)).stderr, "");
    assertEquals(await snapshot(vendor), before);
  });
});

Deno.test("setup brings changed stand-ins up to date", async () => {
  await inCheckout(async (root) => {
    const jsr = closedUrl();
    await setUp(root, jsr);
    const source = join(root, "tests", "offline", "std", "path", "mod.ts");
    const text = await Deno.readTextFile(source);
    await Deno.writeTextFile(source, text + "export const news = 1;\n");
    assertStringIncludes((await setUp(root, jsr)).stderr, "stand-ins");
    const scope = join(root, "vendor", vendorName(jsr), "@std");
    const copied = join(scope, "path", "1.999.0", "mod.ts");
    assertStringIncludes(await Deno.readTextFile(copied), "news");
    await Deno.remove(join(scope, "fs"), { recursive: true });
    assertStringIncludes((await setUp(root, jsr)).stderr, "stand-ins");
    assertEquals(names(scope), packages);
  });
});

Deno.test("setup runs that overlap leave a whole vendor/", async () => {
  await inCheckout(async (root) => {
    const jsr = closedUrl();
    await Promise.all(Array.from({ length: 4 }, () => setUp(root, jsr)));
    assertEquals(await runProgram(root, jsr), "a\n1:30\ntrue\n");
    const paths = (await snapshot(join(root, "vendor"))).map(([path]) => path);
    assertEquals(paths.filter((path) => path.endsWith(".tmp")), []);
  });
});

async function inCheckout(use: (root: string) => Promise<void>): Promise<void> {
  const root = await Deno.realPath(await Deno.makeTempDir());
  try {
    const offline = join(root, "tests", "offline");
    await copy(join(here, "setup.ts"), await made(offline, "setup.ts"));
    await copy(join(here, "std"), join(offline, "std"));
    const imports = Object.fromEntries(
      packages.map((name) => [`@std/${name}`, `jsr:@std/${name}@^1`]),
    );
    const config = { imports, vendor: true, nodeModulesDir: "none" };
    await Deno.writeTextFile(
      join(root, "deno.json"),
      JSON.stringify({ ...config, lock: false }),
    );
    await Deno.writeTextFile(join(root, "program.ts"), program);
    await use(root);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

const program = `import { join } from "@std/path";
import { parse } from "@std/yaml";
import { walk } from "@std/fs/walk";
import * as fs from "@std/fs";
import { assert } from "@std/assert";
import { delay } from "@std/async/delay";
await delay(1);
assert(true);
console.log(join("x", "..", "a"));
console.log(parse("1:30"));
console.log(walk === fs.walk);
`;

async function made(dir: string, name: string): Promise<string> {
  await Deno.mkdir(dir, { recursive: true });
  return join(dir, name);
}

function setUp(root: string, jsr: string): Promise<{ stderr: string }> {
  return deno(["-A", join(root, "tests", "offline", "setup.ts")], root, jsr);
}

async function runProgram(root: string, jsr: string): Promise<string> {
  return (await deno(["--check", "program.ts"], root, jsr)).stdout;
}

async function deno(
  args: string[],
  cwd: string,
  jsr: string,
): Promise<{ stdout: string; stderr: string }> {
  const output = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", ...args],
    cwd,
    env: { JSR_URL: jsr, NO_COLOR: "1" },
  }).output();
  const [stdout, stderr] = [output.stdout, output.stderr]
    .map((bytes) => new TextDecoder().decode(bytes)) as [string, string];
  assertEquals(output.code, 0, stderr);
  return { stdout, stderr };
}

/** An address where nothing listens. */
function closedUrl(): string {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  return `http://127.0.0.1:${port}/`;
}

interface FakeJsr extends AsyncDisposable {
  readonly url: string;
  requests: number;
  answer: () => Response;
}

function serveJsr(answer = () => Response.json(listing)): FakeJsr {
  const options = { hostname: "127.0.0.1", port: 0, onListen: () => {} };
  const server = Deno.serve(options, (): Response => {
    fake.requests++;
    return fake.answer();
  });
  const fake: FakeJsr = {
    url: `http://127.0.0.1:${server.addr.port}/`,
    requests: 0,
    answer,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
  return fake;
}

/** Deno's name for the folder of a server below vendor/. */
function vendorName(jsr: string): string {
  return `http_127.0.0.1_${new URL(jsr).port}`;
}

function names(dir: string): string[] {
  return [...Deno.readDirSync(dir)].map((entry) => entry.name).sort();
}

async function snapshot(dir: string): Promise<[path: string, text: string][]> {
  const found: [string, string][] = [];
  for (const { name, isDirectory } of Deno.readDirSync(dir)) {
    const path = join(dir, name);
    if (isDirectory) found.push(...await snapshot(path));
    else {
      const { mtime } = await Deno.stat(path);
      found.push([
        path,
        `${mtime?.getTime()} ${await Deno.readTextFile(path)}`,
      ]);
    }
  }
  return found.sort(([a], [b]) => a < b ? -1 : 1);
}

interface VersionMeta {
  readonly manifest: Record<string, { size: number; checksum: string }>;
  readonly exports: Record<string, string>;
}

async function readJson(path: string): Promise<VersionMeta> {
  return JSON.parse(await Deno.readTextFile(path));
}
