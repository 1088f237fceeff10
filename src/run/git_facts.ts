import { deadline } from "@std/async";
import { basename, dirname, fromFileUrl, join } from "@std/path";
import type { GitFacts } from "../format/environment.ts";
import { granted } from "../local/permissions.ts";

/** Options of {@linkcode gitFacts}. */
export interface GitFactsOptions {
  /** The script whose repository is described, as a URL. Default: the program's main module, in a worker the worker's. */
  readonly mainModule?: string;
  /** What started the program, where that is no script. Default: the script's path within its repository. */
  readonly entrypoint?: string;
  /** How long git may take before its facts are left out, in milliseconds. Default: 3000. */
  readonly timeoutMs?: number;
}

/**
 * What is known of the script and of the repository that it lies in. Secrets in the remote's address are left out.
 *
 * @param leftOut Gets a line if a missing permission hides the facts.
 * @param options Which script, and for how long to ask.
 * @returns The facts for `git.yaml`; outside a repository all null but `entrypoint`.
 */
export async function gitFacts(
  leftOut: string[],
  options: GitFactsOptions = {},
): Promise<GitFacts> {
  const { mainModule = scriptUrl(), timeoutMs = 3_000 } = options;
  const isFile = mainModule.startsWith("file:");
  const script = isFile ? fromFileUrl(mainModule) : mainModule;
  const none = {
    repo_path: null,
    remote_url: null,
    branch: null,
    commit: null,
    is_dirty: null,
    entrypoint: options.entrypoint ?? script,
  };
  if (!isFile) return none;
  if (!granted({ name: "run", command: "git" })) {
    leftOut.push("git facts (--allow-run=git)");
    return none;
  }
  const dir = dirname(script);
  if (isSeenOutside(dir)) return none;
  const lines = await runGit(dir, timeoutMs);
  const [repository, prefix] = lines;
  if (repository === undefined || prefix === undefined) return none;
  return {
    repo_path: repository,
    remote_url: firstRemote(lines),
    ...parseStatus(lines),
    entrypoint: options.entrypoint ?? prefix + basename(script),
  };
}

function scriptUrl(): string {
  const inWorker: Partial<typeof Deno> = Deno;
  return inWorker.mainModule ?? globalThis.location.href;
}

/**
 * Whether a look into the directories is enough to know that there is no repository: to ask git that takes longer than all
 * else that a new run needs. Where one of them, or the variable that could name a repository, may not be read, git is asked.
 */
function isSeenOutside(dir: string): boolean {
  const named = { name: "env", variable: "GIT_DIR" } as const;
  if (!granted(named) || Deno.env.has("GIT_DIR")) return false;
  for (let at = dir;; at = dirname(at)) {
    const path = join(at, ".git");
    if (!granted({ name: "read", path }) || isThere(path)) return false;
    if (at === dirname(at)) return true;
  }
}

function isThere(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch (error) {
    // Whatever else is wrong with it, git has its own view.
    return !(error instanceof Deno.errors.NotFound);
  }
}

/**
 * What git is to run, as an alias of its own: to start a process takes Deno longer than git takes to answer, so there is
 * one, and few below it. Git runs an alias in the root of the work tree, and says in `GIT_PREFIX` where it was called.
 */
const QUESTIONS = `!${
  // The shell of git for Windows has names of its own for directories.
  Deno.build.os === "windows"
    ? "git rev-parse --show-toplevel"
    : "pwd -P"} && ` +
  "printf '%s\\n' \"$GIT_PREFIX\" && " +
  "{ git config --get-regexp '^remote\\..*\\.url$'; exec git status --porcelain=v2 --branch --untracked-files=no; }";

/** The lines that git prints; none if it fails, is not there, or takes too long. */
async function runGit(
  dir: string,
  timeoutMs: number,
): Promise<readonly string[]> {
  let child: Deno.ChildProcess | undefined;
  try {
    child = new Deno.Command("git", {
      // A status must neither wait for nor take the lock of the index.
      args: [
        "--no-optional-locks",
        "-C",
        dir,
        "-c",
        `alias.em-facts=${QUESTIONS}`,
        "em-facts",
      ],
      stdin: "null",
      stdout: "piped",
      stderr: "null",
    }).spawn();
    const { success, stdout } = await deadline(child.output(), timeoutMs);
    return success ? new TextDecoder().decode(stdout).split("\n") : [];
  } catch (error) {
    if (error instanceof DOMException) leave(child);
    else if (!(error instanceof Deno.errors.NotFound)) throw error;
    return [];
  }
}

/** Lets a process go on without being waited for. */
function leave(child: Deno.ChildProcess | undefined): void {
  try {
    child?.unref();
  } catch (error) {
    // On a busy machine it ends in the moment in which it is given up.
    if (!(error instanceof Deno.errors.BadResource)) throw error;
  }
}

function parseStatus(
  lines: readonly string[],
): Pick<GitFacts, "branch" | "commit" | "is_dirty"> {
  const header = (name: string) =>
    lines.find((line) => line.startsWith(`# branch.${name} `))?.split(" ")[2];
  const commit = header("oid");
  const branch = header("head");
  return {
    branch: branch === undefined || branch === "(detached)" ? null : branch,
    commit: commit === undefined || commit === "(initial)" ? null : commit,
    is_dirty: commit === undefined
      ? null
      : lines.some((line) => /^[12u] /.test(line)),
  };
}

function firstRemote(lines: readonly string[]): string | null {
  const url = lines.find((line) => line.startsWith("remote."))?.split(" ")
    .slice(1).join(" ");
  if (!url) return null;
  if (!URL.canParse(url)) return url;
  const parsed = new URL(url);
  // The user of ssh://git@host is part of the address; a password, or a token in its place, is a secret.
  if (parsed.password === "" && !parsed.protocol.startsWith("http")) return url;
  parsed.username = "";
  parsed.password = "";
  return parsed.href;
}
