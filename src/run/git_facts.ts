import { basename, dirname, fromFileUrl } from "@std/path";
import type { GitFacts } from "../format/environment.ts";
import { granted } from "./permissions.ts";

/** Options of {@linkcode gitFacts}. */
export interface GitFactsOptions {
  /** The script whose repository is described, as a URL. Default: the program's main module, in a worker the worker's. */
  readonly mainModule?: string;
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
    entrypoint: script,
  };
  if (!isFile) return none;
  if (!granted({ name: "run", command: "git" })) {
    leftOut.push("git facts (--allow-run=git)");
    return none;
  }
  const git = runner(dirname(script), timeoutMs);
  const [top, status, remotes] = await Promise.all([
    git("rev-parse", "--show-toplevel", "--show-prefix"),
    git("status", "--porcelain=v2", "--branch", "--untracked-files=no"),
    git("config", "--get-regexp", "^remote\\..*\\.url$"),
  ]);
  if (top === undefined) return none;
  const [repository = "", prefix = ""] = top.split("\n");
  return {
    repo_path: repository,
    remote_url: firstRemote(remotes),
    ...parseStatus(status),
    entrypoint: prefix + basename(script),
  };
}

function scriptUrl(): string {
  const inWorker: Partial<typeof Deno> = Deno;
  return inWorker.mainModule ?? globalThis.location.href;
}

/** Answers with what git prints, or undefined if it fails, is not there, or takes too long. */
function runner(
  dir: string,
  timeoutMs: number,
): (...args: string[]) => Promise<string | undefined> {
  return async (...args) => {
    try {
      const output = await new Deno.Command("git", {
        // A status must neither wait for nor take the lock of the index.
        args: ["--no-optional-locks", "-C", dir, ...args],
        stdin: "null",
        stderr: "null",
        signal: AbortSignal.timeout(timeoutMs),
      }).output();
      return output.success
        ? new TextDecoder().decode(output.stdout)
        : undefined;
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return undefined;
      throw error;
    }
  };
}

function parseStatus(
  status: string | undefined,
): Pick<GitFacts, "branch" | "commit" | "is_dirty"> {
  if (status === undefined) {
    return { branch: null, commit: null, is_dirty: null };
  }
  const lines = status.split("\n").filter((line) => line !== "");
  const header = (name: string) =>
    lines.find((line) => line.startsWith(`# branch.${name} `))?.split(" ")[2];
  const commit = header("oid");
  const branch = header("head");
  return {
    branch: branch === undefined || branch === "(detached)" ? null : branch,
    commit: commit === undefined || commit === "(initial)" ? null : commit,
    is_dirty: lines.some((line) => !line.startsWith("#")),
  };
}

function firstRemote(remotes: string | undefined): string | null {
  const url = remotes?.split("\n")[0]?.split(" ").slice(1).join(" ");
  if (!url) return null;
  if (!URL.canParse(url)) return url;
  const parsed = new URL(url);
  // The user of ssh://git@host is part of the address; a password, or a token in its place, is a secret.
  if (parsed.password === "" && !parsed.protocol.startsWith("http")) return url;
  parsed.username = "";
  parsed.password = "";
  return parsed.href;
}
