import { dirname, fromFileUrl, join } from "@std/path";
import { publishedFiles } from "../../tools/published.ts";
import { ROOT } from "./script.ts";

/** A registry on this machine that serves the package as JSR would. */
export interface LocalJsr extends AsyncDisposable {
  /** The value for `JSR_URL`. */
  readonly url: string;
  /** The registry's host and port. */
  readonly host: string;
  /** What was asked for that is not there. */
  readonly missing: readonly string[];
}

interface Config {
  readonly name: string;
  readonly version: string;
  readonly exports: Readonly<Record<string, string>>;
  readonly imports: Readonly<Record<string, string>>;
}

/**
 * Serves the package with exactly the files that `deno publish` would send, rewritten as it does: bare names become
 * `jsr:` and `npm:` specifiers, because a published file has no `deno.json` beside it. The `@std` packages come from
 * `vendor/`.
 */
export async function startLocalJsr(): Promise<LocalJsr> {
  const answers = new Map<string, string>();
  await addPackage(answers);
  addStd(answers);
  const missing: string[] = [];
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen() {} },
    ({ url }) => {
      const { pathname } = new URL(url);
      const text = answers.get(pathname);
      if (text !== undefined) {
        return new Response(text, {
          headers: { "content-type": typeOf(pathname) },
        });
      }
      missing.push(pathname);
      return new Response("not found", { status: 404 });
    },
  );
  const host = `127.0.0.1:${server.addr.port}`;
  return {
    url: `http://${host}/`,
    host,
    missing,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

function typeOf(pathname: string): string {
  return /\.tsx?$/.test(pathname) ? "text/typescript" : "application/json";
}

async function addPackage(answers: Map<string, string>): Promise<void> {
  const config: Config = JSON.parse(read("deno.json"));
  const files = new Map<string, string>();
  for (const path of await publishedFiles()) {
    const text = read(path);
    files.set(`/${path}`, /\.tsx?$/.test(path) ? unfurl(text, config) : text);
  }
  const { name, version, exports } = config;
  for (const [path, text] of files) {
    answers.set(`/${name}/${version}${path}`, text);
  }
  const manifest: Record<string, unknown> = {};
  for (const [path, text] of files) {
    const bytes = new TextEncoder().encode(text);
    const hash = await crypto.subtle.digest("SHA-256", bytes);
    const checksum = `sha256-${new Uint8Array(hash).toHex()}`;
    manifest[path] = { size: bytes.length, checksum };
  }
  answers.set(
    `/${name}/${version}_meta.json`,
    JSON.stringify({ manifest, exports }),
  );
  answers.set(
    `/${name}/meta.json`,
    JSON.stringify({
      scope: name.slice(1).split("/")[0],
      name: name.split("/")[1],
      latest: version,
      versions: { [version]: {} },
    }),
  );
}

/** Import statements and `import()`, of values and types: the places in which a bare name may stand. */
const SPECIFIER = /(\bfrom\s+|\bimport\s+|\bimport\(\s*)"([^"\n]+)"/g;

function unfurl(text: string, { imports }: Config): string {
  return text.replaceAll(SPECIFIER, (all, before, specifier) => {
    const name = Object.keys(imports).find((name) =>
      specifier === name || specifier.startsWith(`${name}/`)
    );
    if (name === undefined) return all;
    return `${before}"${imports[name]}${specifier.slice(name.length)}"`;
  });
}

/** The packages in `vendor/`, whichever they are. */
function addStd(answers: Map<string, string>): void {
  const vendor = join(
    dirname(fromFileUrl(new URL("deno.json", ROOT))),
    "vendor/jsr.io",
  );
  const add = (path: string): void => {
    for (const { name, isDirectory } of Deno.readDirSync(join(vendor, path))) {
      const below = `${path}/${name}`;
      if (isDirectory) add(below);
      else answers.set(below, Deno.readTextFileSync(join(vendor, below)));
    }
  };
  add("/@std");
}

function read(path: string): string {
  return Deno.readTextFileSync(new URL(path, ROOT));
}
