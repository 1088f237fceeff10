/**
 * Bundles the pages of `src/web/` into `generated/web_pages.ts`, a module of text constants that the server serves. It does
 * nothing where that is up to date.
 *
 * Runs before the tests' stand-ins are trusted, so it imports only `node:` modules.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const webDir = join(root, "src", "web");
const target = join(root, "generated", "web_pages.ts");
/** People open the pages over slow lines: all files together are at most so long when compressed. */
const MAX_GZIP_BYTES = 150_000;

if (import.meta.main) await main();

async function main(): Promise<void> {
  const sources = sourcesOf(webDir);
  const imports = JSON.parse(Deno.readTextFileSync(join(root, "deno.json")))
    .imports;
  const tool = Deno.readTextFileSync(fileURLToPath(import.meta.url));
  const stamp = await sha256(
    JSON.stringify([[...sources], imports, tool, Deno.version.deno]),
  );
  if (readIfThere(target)?.startsWith(`// ${stamp}\n`)) return;
  const script = await bundle(join(webDir, "main.tsx"), ["--minify"]);
  const styles = await bundle(join(webDir, "styles", "all.css"), ["--minify"]);
  const files: Record<string, string> = {
    "app.js": script,
    "app.css": styles,
    "favicon.svg": sources.get("favicon.svg") ?? "",
  };
  checkSize(files);
  let page = sources.get("index.html") ?? "";
  for (const [name, text] of Object.entries(files)) {
    const version = (await sha256(text)).slice(0, 12);
    page = page.replaceAll(`"${name}"`, `"${name}?v=${version}"`);
  }
  write(stamp, { "index.html": page, ...files });
}

/** Every file below a folder, by its path, in order. */
function sourcesOf(dir: string, below = ""): Map<string, string> {
  const found = new Map<string, string>();
  const entries = [...Deno.readDirSync(join(dir, below))]
    .sort((a, b) => a.name < b.name ? -1 : 1);
  for (const { name, isDirectory } of entries) {
    const path = below + name;
    if (isDirectory) {
      sourcesOf(dir, `${path}/`).forEach((text, file) => found.set(file, text));
    } else found.set(path, Deno.readTextFileSync(join(dir, path)));
  }
  return found;
}

function checkSize(files: Readonly<Record<string, string>>): void {
  const sizes = Object.entries(files).map(([name, text]) =>
    [name, gzipSync(text).length] as const
  );
  const total = sizes.reduce((sum, [, size]) => sum + size, 0);
  if (total <= MAX_GZIP_BYTES) return;
  const parts = sizes.map(([name, size]) => `${name} ${size}`).join(", ");
  throw new Error(
    `The pages are ${total} bytes when compressed (${parts}), at most ${MAX_GZIP_BYTES} are wanted: leave something out`,
  );
}

async function bundle(entry: string, flags: string[]): Promise<string> {
  const output = join(
    Deno.makeTempDirSync({ prefix: "em-web-" }),
    entry.endsWith(".css") ? "out.css" : "out.js",
  );
  try {
    const { code, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        "bundle",
        "-q",
        "--platform=browser",
        ...flags,
        "-o",
        output,
        entry,
      ],
      cwd: root,
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).output();
    if (code !== 0) {
      throw new Error(
        `Cannot bundle "${entry}": ${new TextDecoder().decode(stderr)}`,
      );
    }
    return Deno.readTextFileSync(output);
  } finally {
    Deno.removeSync(dirname(output), { recursive: true });
  }
}

function write(stamp: string, pages: Readonly<Record<string, string>>): void {
  const lines = Object.entries(pages).map(([name, text]) =>
    `  ${JSON.stringify(name)}: ${toLiteral(text)},\n`
  );
  const module = `// ${stamp}
// Made by tools/build_web.ts from src/web/.
// deno-fmt-ignore-file
// deno-lint-ignore-file

/** The files of the web pages, by their names. */
export const WEB_PAGES: Readonly<Record<string, string>> = {
${lines.join("")}};
`;
  Deno.mkdirSync(dirname(target), { recursive: true });
  const temporary = `${target}.${crypto.randomUUID()}.tmp`;
  Deno.writeTextFileSync(temporary, module);
  Deno.renameSync(temporary, target);
}

/** Line separators are line ends in no literal of TypeScript, but in some tools. */
function toLiteral(text: string): string {
  return JSON.stringify(text).replaceAll("\u2028", "\\u2028")
    .replaceAll("\u2029", "\\u2029");
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
