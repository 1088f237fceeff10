/**
 * Makes a checkout work on a network that reaches npm but not JSR: fills the
 * git-ignored `vendor/` with the stand-ins of `tests/offline/std/`, in the
 * layout in which Deno itself vendors JSR packages. Where JSR answers it does
 * nothing, and clears away stand-ins of an earlier time.
 *
 * Runs before anything can be resolved, so it imports only `node:` modules.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { basename, dirname, join } from "node:path";

/** Above every release of the originals, so that every `^1.x` accepts it. */
const VERSION = "1.999.0";
const PACKAGES = ["assert", "async", "fs", "path", "yaml"];
const PROBE_LIMIT_MS = 3_000;
/** How long stand-ins are taken for right before JSR is asked again. */
const ASK_AGAIN_AFTER_MS = 24 * 60 * 60 * 1_000;

interface StandIn {
  readonly name: string;
  readonly exports: Record<string, string>;
  readonly modules: ReadonlyMap<string, string>;
}

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(dirname(here));
const jsrUrl = new URL(Deno.env.get("JSR_URL") || "https://jsr.io/");
const scopeDir = join(root, "vendor", vendorName(jsrUrl), "@std");
const markerPath = join(root, "vendor", ".stand-ins.json");

if (import.meta.main) await main();

async function main(): Promise<void> {
  const states = PACKAGES.map((name) => stateOf(name));
  if (states.every((state) => state === "real")) return;

  const standIns = PACKAGES.map(readStandIn);
  const hash = await sha256(JSON.stringify(standIns.map(toPlain)));
  const filled = states.every((state) => state !== "missing");
  if (filled && markerIsFresh(hash)) return;

  if (await jsrAnswers()) {
    PACKAGES.forEach((name, i) => states[i] === "stand-in" && remove(name));
    removeIfThere(markerPath);
    return;
  }
  for (const [i, standIn] of standIns.entries()) {
    if (states[i] !== "real") await install(standIn);
  }
  const isNew = markerHash() !== hash || !filled;
  writeAtomically(markerPath, JSON.stringify({ hash }) + "\n");
  if (isNew) {
    // deno-lint-ignore no-console
    console.error(
      `setup: ${jsrUrl.host} does not answer: using the stand-ins for @std ` +
        `of tests/offline/std/; to go back to the real ones, delete vendor/`,
    );
  }
}

/** Deno's name for the folder below `vendor/` that mirrors a host. */
function vendorName(url: URL): string {
  if (url.protocol === "https:" && url.port === "") return url.hostname;
  return `${url.protocol.slice(0, -1)}_${url.host.replace(":", "_")}`;
}

function stateOf(name: string): "missing" | "stand-in" | "real" {
  const text = readIfThere(join(scopeDir, name, "meta.json"));
  if (text === undefined) return "missing";
  try {
    const meta = JSON.parse(text) as { standIn?: unknown };
    return meta.standIn === true ? "stand-in" : "real";
  } catch {
    return "missing";
  }
}

function readStandIn(name: string): StandIn {
  const dir = join(here, "std", name);
  const modules = new Map<string, string>();
  const names = [...Deno.readDirSync(dir)].map((entry) => entry.name).sort();
  for (const file of names.filter((file) => file.endsWith(".ts"))) {
    const text = Deno.readTextFileSync(join(dir, file));
    modules.set(`/${file}`, text.replaceAll("\r\n", "\n"));
  }
  const exports = Deno.readTextFileSync(join(dir, "exports.json"));
  return { name, exports: JSON.parse(exports), modules };
}

function toPlain(standIn: StandIn): unknown {
  return [VERSION, standIn.name, standIn.exports, [...standIn.modules]];
}

async function install(standIn: StandIn): Promise<void> {
  const dir = join(scopeDir, standIn.name);
  const manifest: Record<string, { size: number; checksum: string }> = {};
  for (const [path, text] of standIn.modules) {
    const size = new TextEncoder().encode(text).length;
    manifest[path] = { size, checksum: `sha256-${await sha256(text)}` };
    writeAtomically(join(dir, VERSION, path), text);
  }
  // The listing that makes Deno look for the other files comes last.
  writeAtomically(
    join(dir, `${VERSION}_meta.json`),
    JSON.stringify({ manifest, exports: standIn.exports }),
  );
  writeAtomically(
    join(dir, "meta.json"),
    JSON.stringify({
      scope: "std",
      name: standIn.name,
      latest: VERSION,
      versions: { [VERSION]: {} },
      standIn: true,
    }),
  );
}

async function jsrAnswers(): Promise<boolean> {
  try {
    const response = await fetch(new URL("@std/assert/meta.json", jsrUrl), {
      signal: AbortSignal.timeout(PROBE_LIMIT_MS),
    });
    const meta = await response.json() as { versions?: unknown };
    return response.ok && typeof meta.versions === "object";
  } catch {
    return false;
  }
}

function markerHash(): string | undefined {
  const text = readIfThere(markerPath);
  if (text === undefined) return undefined;
  try {
    return (JSON.parse(text) as { hash?: string }).hash;
  } catch {
    return undefined;
  }
}

function markerIsFresh(hash: string): boolean {
  if (markerHash() !== hash) return false;
  const age = Date.now() - (Deno.statSync(markerPath).mtime?.getTime() ?? 0);
  return age < ASK_AGAIN_AFTER_MS;
}

/** A reader, or another run of this script, sees the old file or the new. */
function writeAtomically(path: string, text: string): void {
  if (path !== markerPath && readIfThere(path) === text) return;
  Deno.mkdirSync(dirname(path), { recursive: true });
  const temporary = join(
    dirname(path),
    `.${basename(path)}.${crypto.randomUUID()}.tmp`,
  );
  Deno.writeTextFileSync(temporary, text);
  Deno.renameSync(temporary, path);
}

/** Moves the package away first, so that it is never seen half removed. */
function remove(name: string): void {
  const away = join(scopeDir, `.${name}.${crypto.randomUUID()}.tmp`);
  try {
    Deno.renameSync(join(scopeDir, name), away);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return;
    throw error;
  }
  Deno.removeSync(away, { recursive: true });
}

function removeIfThere(path: string): void {
  try {
    Deno.removeSync(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

function readIfThere(path: string): string | undefined {
  try {
    return Deno.readTextFileSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

async function sha256(text: string): Promise<string> {
  const bytes = new TextEncoder().encode(text);
  const digest = await crypto.subtle.digest("SHA-256", bytes);
  return new Uint8Array(digest).toHex();
}
