import { DamagedFileError } from "../errors.ts";
import { rethrowAsDamaged } from "./damaged.ts";
import { isYamlMap, parseYaml } from "./yaml_reader.ts";
import type { YamlMap, YamlValue } from "./yaml_value.ts";
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
  /** The version of Deno; `null` for a run that Python recorded. */
  readonly deno: string | null;
  /** The version of V8; `null` for a run that Python recorded. */
  readonly v8: string | null;
  /** The version of TypeScript; `null` for a run that Python recorded. */
  readonly typescript: string | null;
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

/**
 * Reads a run's `platform.yaml`, as either SDK wrote it.
 *
 * @param text The document.
 * @param path The file, for the message.
 * @returns What it says; what it does not say is null or empty.
 * @throws {DamagedFileError} If it is no map.
 */
export function decodePlatform(
  text: string,
  path = "platform.yaml",
): PlatformFacts {
  const map = readMap(text, path);
  const packages = map.pypkgs;
  return {
    hostname: asText(map.hostname),
    os: asText(map.os),
    python: asText(map.python),
    pypkgs: isYamlMap(packages)
      ? Object.fromEntries(
        Object.entries(packages).map(([name, version]) => [
          name,
          asText(version) ?? "",
        ]),
      )
      : {},
    framework: asText(map.framework) ?? "",
    deno: asText(map.deno),
    v8: asText(map.v8),
    typescript: asText(map.typescript),
  };
}

/**
 * Reads a run's `git.yaml`, as either SDK wrote it.
 *
 * @param text The document.
 * @param path The file, for the message.
 * @returns What it says; what it does not say is null.
 * @throws {DamagedFileError} If it is no map.
 */
export function decodeGit(text: string, path = "git.yaml"): GitFacts {
  const map = readMap(text, path);
  return {
    repo_path: asText(map.repo_path),
    remote_url: asText(map.remote_url),
    branch: asText(map.branch),
    commit: asText(map.commit),
    is_dirty: typeof map.is_dirty === "boolean" ? map.is_dirty : null,
    entrypoint: asText(map.entrypoint),
  };
}

function readMap(text: string, path: string): YamlMap {
  const value = rethrowAsDamaged(path, () => parseYaml(text));
  if (isYamlMap(value)) return value;
  throw new DamagedFileError(path, "it must hold a map");
}

/** A version such as 3.11 reads as a number. */
function asText(value: YamlValue | undefined): string | null {
  return value === undefined || value === null || typeof value === "object"
    ? null
    : String(value);
}
