import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { join, toFileUrl } from "@std/path";
import { parseTarGzip } from "nanotar";
import { type NpmPackage, packNpm } from "../../tools/pack_npm.ts";
import { startLocalNpm } from "../support/local_npm.ts";
import { meetStranger } from "../support/stranger.ts";
import {
  deliversFromLoop,
  installEm,
  tellStory,
} from "../support/stranger_story.ts";
import { tempDir } from "../support/temp_dir.ts";

const PACKAGE = { name: "npm:@t9k/em" };

/** Made once: the tests read it. */
let made: Promise<NpmPackage> | undefined;
const temporary = tempDir();
Deno.test.afterAll(() => temporary[Symbol.dispose]());

function pack(): Promise<NpmPackage> {
  return made ??= packNpm(temporary.path);
}

/** A registry where nothing is, and where being asked is noted. */
function emptyRegistry() {
  const asked: string[] = [];
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen() {} },
    ({ url }) => {
      asked.push(url);
      return new Response("not found", { status: 404 });
    },
  );
  return {
    asked,
    url: `http://127.0.0.1:${server.addr.port}/`,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

Deno.test("from npm, a stranger records, serves and looks, and nothing is asked of JSR", async () => {
  const { path } = await pack();
  await using npm = startLocalNpm(path);
  await using jsr = emptyRegistry();
  await using stranger = await meetStranger({
    env: { JSR_URL: jsr.url },
    npmrc: npm.npmrc,
  });
  await installEm(stranger, PACKAGE);
  await tellStory(stranger, { ...PACKAGE, em: ["em"] });
  await deliversFromLoop(stranger, PACKAGE);
  const short = await stranger.run("deno", "run", "-A", PACKAGE.name, "--help");
  assertMatch(short.stdout, /^Usage: em /m, short.stderr);
  assertEquals(jsr.asked, []);
});

Deno.test("from the npm package's file alone, a stranger records, serves and looks", async () => {
  const { path } = await pack();
  await using jsr = emptyRegistry();
  await using npm = emptyRegistry();
  await using stranger = await meetStranger({
    env: { JSR_URL: jsr.url },
    npmrc: `@t9k:registry=${npm.url}\n`,
  });
  await unpack(path, stranger.dir);
  stranger.write(
    "deno.json",
    JSON.stringify({ nodeModulesDir: "auto", links: ["./package"] }),
  );
  await tellStory(stranger, PACKAGE);
  await deliversFromLoop(stranger, PACKAGE);
  assertEquals(jsr.asked, []);
});

Deno.test("outside of Deno the npm package says that it needs Deno", async () => {
  using dir = tempDir();
  await unpack((await pack()).path, dir.path);
  const root = join(dir.path, "package");
  const { exports, bin } = JSON.parse(
    Deno.readTextFileSync(join(root, "package.json")),
  );
  for (const conditions of Object.values<Record<string, string>>(exports)) {
    assertEquals(Object.keys(conditions), ["types", "deno", "default"]);
    const { default: elsewhere = "" } = conditions;
    const module = toFileUrl(join(root, elsewhere)).href;
    await assertRejects(() => import(module), Error, "runs in Deno");
  }
  for (
    const args of [[bin.em, "--version"], [
      "--input-type=module",
      "-e",
      `
      import "@t9k/em";
    `,
    ]]
  ) {
    const said = await node(root, args);
    if (said !== undefined) assertMatch(said, /Error: @t9k\/em runs in Deno/);
  }
});

async function unpack(path: string, into: string): Promise<void> {
  for (const { name, data } of await parseTarGzip(Deno.readFileSync(path))) {
    const target = join(into, name);
    await Deno.mkdir(join(target, ".."), { recursive: true });
    await Deno.writeFile(target, data ?? new Uint8Array());
  }
}

/** What Node complains of; undefined, and said, where there is no Node. */
async function node(
  cwd: string,
  args: readonly string[],
): Promise<string | undefined> {
  try {
    const { success, stderr } = await new Deno.Command("node", {
      args: [...args],
      cwd,
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).output();
    assertEquals(success, false);
    return new TextDecoder().decode(stderr);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    // deno-lint-ignore no-console -- a test must not be left out in silence
    console.warn("There is no Node here: what it says is not looked at");
    return undefined;
  }
}
