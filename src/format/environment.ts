import { stringifyYaml } from "./yaml_writer.ts";

/** What `platform.yaml` says of the machine and the software; the keys are the file's. */
export interface PlatformFacts {
  /** The host's name, `null` where it is not known. */
  readonly hostname: string | null;
  /** The operating system, `null` where it is not known. */
  readonly os: string | null;
  /** The version of Python; `null` for a run that Deno recorded. */
  readonly python: string | null;
  /** Versions of Python packages by name; empty for a run that Deno recorded. */
  readonly pypkgs: Readonly<Record<string, string>>;
  /** Names of Python frameworks; empty for a run that Deno recorded. */
  readonly framework: string;
  /** The version of Deno. */
  readonly deno: string;
  /** The version of V8. */
  readonly v8: string;
  /** The version of TypeScript. */
  readonly typescript: string;
}

/** What `git.yaml` says of the script's repository; the keys are the file's, and `null` stands for unknown. */
export interface GitFacts {
  /** The work tree's root, absolute. */
  readonly repo_path: string | null;
  /** The address of the first remote. */
  readonly remote_url: string | null;
  /** The branch; `null` also where the head is detached. */
  readonly branch: string | null;
  /** The commit's full id. */
  readonly commit: string | null;
  /** Whether tracked files differ from the commit. */
  readonly is_dirty: boolean | null;
  /** The script, relative to the work tree's root, or absolute outside a repository. */
  readonly entrypoint: string | null;
}

/**
 * Writes a run's `platform.yaml`: the Python SDK's keys in its order, then Deno's.
 *
 * @param facts What is known.
 * @returns The document.
 */
export function encodePlatform(facts: PlatformFacts): string {
  const { hostname, os, python, pypkgs, framework } = facts;
  const { deno, v8, typescript } = facts;
  return stringifyYaml({
    hostname,
    os,
    python,
    pypkgs,
    framework,
    deno,
    v8,
    typescript,
  });
}

/**
 * Writes a run's `git.yaml`, with the keys in the Python SDK's order.
 *
 * @param facts What is known.
 * @returns The document.
 */
export function encodeGit(facts: GitFacts): string {
  const { repo_path, remote_url, branch, commit, is_dirty, entrypoint } = facts;
  return stringifyYaml({
    repo_path,
    remote_url,
    branch,
    commit,
    is_dirty,
    entrypoint,
  });
}
