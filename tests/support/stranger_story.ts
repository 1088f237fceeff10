import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { VERSION } from "../../src/server/version.ts";
import { startBrowser } from "./browser.ts";
import { startTestServer } from "./em_server.ts";
import { onlyRun } from "./script.ts";
import { note, type Stranger } from "./stranger.ts";
import { waitFor } from "./wait_for.ts";

/** What a run needs that stays on this machine. */
export const LOCAL_RUN = [
  "--no-prompt",
  "--allow-read=.em",
  "--allow-write=.em",
  "--allow-env=EM_RUN_PARENT_DIR",
];

/** What a stranger calls things. */
export interface Words {
  /** The package: `jsr:@t9k/em` or `npm:@t9k/em`. */
  readonly name: string;
  /** The command. Default: that of the package. */
  readonly em?: readonly string[];
}

/** A server that a stranger has started. */
interface StrangersServer {
  readonly url: string;
  readonly pages: string;
  readonly key: string;
}

/**
 * Installs the command `em`.
 *
 * @param stranger Who.
 * @param words What they call the package.
 */
export async function installEm(
  stranger: Stranger,
  { name }: Words,
): Promise<void> {
  const installed = await stranger.run(
    ...["deno", "install", "-g", "-A", "-n", "em", `${name}/cli`] as const,
  );
  assertEquals(installed.code, 0, installed.stderr);
}

/**
 * The first hour of somebody who has found the package: serves, records a run that arrives, reads it back, and sees it in
 * a browser, on the server and without one.
 *
 * @param stranger Who.
 * @param words What they call the package.
 */
export async function tellStory(
  stranger: Stranger,
  { name, em = ["deno", "run", "-A", `${name}/cli`] }: Words,
): Promise<void> {
  const [command = "", ...args] = em;
  const version = await stranger.run(command, ...args, "--version");
  assertEquals(version.stdout, `${VERSION}\n`, version.stderr);
  await using service = await stranger.start(
    /^Data in/m,
    ...[command, ...args, "serve", "--port", "0"] as const,
  );
  const said = (line: RegExp) => line.exec(service.said)?.[1] ?? "";
  const server = {
    url: said(/^AIStore server at (\S+)$/m),
    pages: said(/^Pages: +(\S+)$/m),
    key: said(/^API key: (\S+)/m),
  };
  assertMatch(service.said, new RegExp(`deno run -A ${name}/cli login`));
  await records(stranger, { name, server });
  await readsBack(stranger, name);
  await seesOnServer(server);
  await using viewer = await stranger.start(
    /^Open/m,
    ...[command, ...args, "ui", "--port", "0", "--no-open"] as const,
  );
  await seesWithoutServer(/^Open +(\S+)$/m.exec(viewer.said)?.[1] ?? "");
  for (const one of [viewer, service]) {
    const { code, stderr } = await one.stop();
    assertEquals(code, 0, stderr);
  }
}

async function records(
  stranger: Stranger,
  { name, server }: {
    readonly name: string;
    readonly server: StrangersServer;
  },
): Promise<void> {
  stranger.write(
    "main.ts",
    `import { createRun, login } from "${name}";
await login({ host: "${server.url}", apiKey: "${server.key}" });
const run = await createRun({
  name: "stranger",
  hparams: { lr: 0.1 },
  autoUpload: true,
  makeFolder: true,
});
const lr: number = run.hparams.lr;
for (let step = 1; step <= 10; step++) run.log("train", { loss: lr / step }, { step });
const { status, upload } = await run.finish();
console.log(status, upload.state);
`,
  );
  stranger.write(
    "wrong.ts",
    `import { createRun } from "${name}";
const run = await createRun({ hparams: { lr: 0.1 } });
export const lr: string = run.hparams.lr;
`,
  );
  const checked = await stranger.run("deno", "check", "wrong.ts");
  assertEquals(checked.code, 1);
  assertMatch(
    checked.stderr,
    /Type 'number' is not assignable to type 'string'/,
  );
  const { code, stdout, stderr } = await stranger.run(
    ...["deno", "run", "--check", ...LOCAL_RUN] as const,
    `--allow-net=${new URL(server.url).host}`,
    "main.ts",
  );
  assertEquals(code, 0, stderr);
  assertEquals(stdout, "Complete complete\n");
  assert(!stderr.includes("shares the thread"), stderr);
}

async function readsBack(stranger: Stranger, name: string): Promise<void> {
  const path = onlyRun(stranger.dir).slice(stranger.dir.length + 1);
  stranger.write(
    "read.ts",
    `import { loadRun } from "${name}";
const run = await loadRun("${path}");
console.log(run.hparams.lr, run.metrics.train?.length);
`,
  );
  const { stdout, stderr } = await stranger.run(
    ...["deno", "run", ...LOCAL_RUN, "read.ts"] as const,
  );
  assertEquals(stdout, "0.1 10\n", stderr);
}

async function seesOnServer({ pages, key }: StrangersServer): Promise<void> {
  await using web = await startBrowser();
  const { page } = web;
  await page.goto(pages);
  await page.getByLabel("API key").fill(key);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("link", { name: "default" }).first().click();
  await page.getByRole("link", { name: "stranger" }).first().click();
  const heading = page.getByRole("heading", { name: "stranger" });
  await heading.waitFor();
  note(`(browser) ${page.url()} shows "${await heading.innerText()}"\n`);
  assertEquals(web.problems, []);
}

async function seesWithoutServer(address: string): Promise<void> {
  await using web = await startBrowser();
  await web.page.goto(address);
  const run = web.page.getByRole("link", { name: "stranger" }).first();
  await run.waitFor();
  note(`(browser) ${web.page.url()} lists "${await run.innerText()}"\n`);
  assertEquals(web.problems, []);
}

/**
 * A loop that never yields, whose record arrives nevertheless: a thread of its own delivers it.
 *
 * @param stranger Who.
 * @param words What they call the package.
 */
export async function deliversFromLoop(
  stranger: Stranger,
  { name }: Words,
): Promise<void> {
  await using server = await startTestServer();
  stranger.write(
    "loop.ts",
    `import { createRun, login } from "${name}";
await login({ host: "${server.url}", apiKey: "${server.apiKey}" });
const run = await createRun({ name: "loop", autoUpload: true, makeFolder: true });
const end = Date.now() + 60_000;
run.log("train", { loss: 1 }, { step: 1 });
const goOn = () => {
  try {
    Deno.statSync(".em/stop");
    return false;
  } catch {
    return Date.now() < end;
  }
};
while (goOn());
console.log(Date.now() < end, (await run.finish()).upload.state);
`,
  );
  const result = stranger.run(
    ...["deno", "run", ...LOCAL_RUN] as const,
    `--allow-net=${new URL(server.url).host}`,
    "loop.ts",
  );
  const ended = result.then(({ stderr }) => {
    throw new Error(`The script has ended: ${stderr}`);
  });
  const arrived = waitFor("the record", async () => {
    const objects = await server.objects("/demo/default/loop");
    return objects.get("metrics/train.yaml");
  });
  assertMatch(await Promise.race([arrived, ended]), /loss: 1\.0\b/);
  Deno.writeTextFileSync(join(stranger.dir, ".em/stop"), "");
  const { code, stdout, stderr } = await result;
  await ended.catch(() => {});
  assertEquals(code, 0, stderr);
  assertEquals(stdout, "true complete\n");
  assert(!stderr.includes("shares the thread"), stderr);
}
