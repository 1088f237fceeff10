import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { ROOT, runScript } from "../support/script.ts";
import { tempDir } from "../support/temp_dir.ts";

const MODULE = JSON.stringify(new URL("src/run/git_facts.ts", ROOT).href);

/** Asks for the facts of a script in a directory. */
async function ask(
  dir: string,
  options: {
    readonly flags?: readonly string[];
    readonly env?: Readonly<Record<string, string>>;
  } = {},
) {
  const { stdout, stderr } = await runScript(
    `
    import { gitFacts } from ${MODULE};
    console.log(JSON.stringify(await gitFacts([])));
    `,
    { dir, ...options },
  );
  assertEquals(stderr, "");
  return JSON.parse(stdout);
}

async function git(dir: string, ...args: string[]): Promise<string> {
  const author = ["-c", "user.name=ada", "-c", "user.email=ada@localhost"];
  const { success, stdout } = await new Deno.Command("git", {
    args: ["-C", dir, ...author, ...args],
    stderr: "null",
  }).output();
  assertEquals(success, true, args.join(" "));
  return new TextDecoder().decode(stdout).trim();
}

Deno.test("gitFacts() describes the repository in which the script lies", async () => {
  using temporary = tempDir();
  const root = Deno.realPathSync(temporary.path);
  const dir = join(root, "src");
  Deno.mkdirSync(dir);
  await git(root, "init", "-q", "-b", "trunk");
  Deno.writeTextFileSync(join(root, "read.me"), "one");
  await git(root, "add", "-A");
  await git(root, "commit", "-q", "-m", "first");
  await git(root, "remote", "add", "origin", "https://ada:secret@x.example/r");
  const facts = {
    repo_path: root,
    remote_url: "https://x.example/r",
    branch: "trunk",
    commit: await git(root, "rev-parse", "HEAD"),
    is_dirty: false,
    entrypoint: "src/main.ts",
  };
  assertEquals(await ask(dir), facts);
  Deno.writeTextFileSync(join(root, "read.me"), "two");
  assertEquals(await ask(dir), { ...facts, is_dirty: true });
});

Deno.test("gitFacts() starts git only where there may be a repository", async () => {
  using outside = tempDir();
  using within = tempDir();
  using tools = tempDir();
  const mark = join(tools.path, "asked");
  Deno.writeTextFileSync(
    join(tools.path, "git"),
    `#!/bin/sh\necho asked > ${mark}\nexit 1\n`,
    { mode: 0o755 },
  );
  Deno.mkdirSync(join(within.path, "a/b"), { recursive: true });
  Deno.writeTextFileSync(join(within.path, ".git"), "gitdir: elsewhere");
  const path = `${tools.path}:${Deno.env.get("PATH")}`;
  const few = [`--allow-run=git`, `--allow-read=${ROOT.pathname}`];
  const readable = ["--allow-run=git", "--allow-read"];
  const table = [
    ["outside", outside.path, {}, undefined, false],
    ["below a repository", join(within.path, "a/b"), {}, undefined, true],
    ["it is named", outside.path, { GIT_DIR: "x" }, undefined, true],
    ["it cannot be seen", outside.path, {}, few, true],
    ["it may be named", outside.path, {}, readable, true],
  ] as const;
  for (const [name, dir, env, flags, isAsked] of table) {
    await ask(dir, {
      env: { PATH: path, ...env },
      ...(flags === undefined ? {} : { flags }),
    });
    let asked = "";
    try {
      asked = Deno.readTextFileSync(mark);
      Deno.removeSync(mark);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
    assertEquals(asked, isAsked ? "asked\n" : "", name);
  }
});
