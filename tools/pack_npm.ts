/**
 * Makes the npm package, for networks that reach npm but not JSR: `dist/t9k-em-VERSION.tgz`, to be used from Deno as
 * `npm:@t9k/em`. `deno pack` gives the types; the modules are bundled, because what it makes of them would fetch `@std`
 * from JSR and would not find the threads' modules.
 *
 * @module
 */

import { posix } from "node:path";
import { fromFileUrl, join, relative } from "@std/path";
import { createTarGzip, parseTarGzip, type TarFileInput } from "nanotar";

const root = fromFileUrl(new URL("../", import.meta.url));

/** How a module names the one that a thread is started with. */
const THREAD = /new URL\("(\.{1,2}\/[^"]+\.ts)", import\.meta\.url\)/g;

/** The lowest Deno that the package is made for. */
const LOWEST_DENO = "2.9.0";

interface Config {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly description: string;
  readonly exports: Readonly<Record<string, string>>;
  readonly imports: Readonly<Record<string, string>>;
}

/** What was made. */
export interface NpmPackage {
  /** Where it lies. */
  readonly path: string;
  /** The size of its files, in bytes. */
  readonly bytes: number;
  /** Its own size, in bytes. */
  readonly packedBytes: number;
  /** Whether stand-ins for `@std` are in it. */
  readonly hasStandIns: boolean;
}

if (import.meta.main) {
  const { path, bytes, packedBytes, hasStandIns } = await packNpm(
    join(root, "dist"),
  );
  const kibibytes = (count: number) => `${(count / 1024).toFixed(0)} KiB`;
  // deno-lint-ignore no-console -- this is a command-line program
  console.log(
    `${relative(Deno.cwd(), path)}: ${kibibytes(packedBytes)}, ${
      kibibytes(bytes)
    } unpacked`,
  );
  if (hasStandIns) {
    // deno-lint-ignore no-console -- this is a command-line program
    console.error(
      "pack: JSR does not answer, so stand-ins for @std are in it: it is for use, not for publishing, and marked private",
    );
  }
}

/**
 * Makes the package.
 *
 * @param dir The folder that it is put in.
 * @returns What was made.
 */
export async function packNpm(dir: string): Promise<NpmPackage> {
  const config: Config = JSON.parse(read("deno.json"));
  const hasStandIns = isThere(join(root, "vendor/.stand-ins.json"));
  const modules = await bundle(config);
  const files = new Map<string, string>([
    ["package.json", manifest(config, { modules, hasStandIns })],
    ...["README.md", "CHANGELOG.md", "LICENSE"].map(
      (name) => [name, read(name)] as const,
    ),
    ...["em.js", "needs_deno.js"].map(
      (name) => [name, read(`tools/npm/${name}`)] as const,
    ),
    ...modules,
    ...await declarations(),
  ]);
  const entries = [...files].map(([name, text]): TarFileInput => ({
    name: `package/${name}`,
    data: text,
    attrs: { mtime: 0, mode: name === "em.js" ? "755" : "644" },
  }));
  const packed = await createTarGzip(entries);
  const name = config.name.slice(1).replace("/", "-");
  const path = join(dir, `${name}-${config.version}.tgz`);
  await Deno.mkdir(dir, { recursive: true });
  await Deno.writeFile(path, packed);
  const bytes = [...files.values()].reduce(
    (sum, text) => sum + new TextEncoder().encode(text).length,
    0,
  );
  return { path, bytes, packedBytes: packed.length, hasStandIns };
}

/** The modules, by path below the package: `@std` is within, packages from npm are not. */
async function bundle(config: Config): Promise<Map<string, string>> {
  const out = await Deno.makeTempDir({ prefix: "em-pack-" });
  const threads = findThreads();
  try {
    await deno([
      ...["bundle", "--quiet", "--platform=deno", "--code-splitting"],
      ...Object.keys(npmImports(config)).flatMap((name) => [
        "--external",
        name,
      ]),
      ...["--outdir", out],
      ...Object.values(config.exports),
      ...threads.values(),
    ]);
    const modules = new Map<string, string>();
    for (const path of filesBelow(out)) {
      const text = await Deno.readTextFile(join(out, path));
      modules.set(`dist/${path}`, atHome(text, { path, threads }));
    }
    return modules;
  } finally {
    await Deno.remove(out, { recursive: true });
  }
}

/** The modules that threads are started with, by the name by which their starters know them. */
function findThreads(): Map<string, string> {
  const threads = new Map<string, string>();
  for (const path of filesBelow(join(root, "src"))) {
    if (!path.endsWith(".ts")) continue;
    for (const [, name = ""] of read(`src/${path}`).matchAll(THREAD)) {
      const module = posix.join("src", posix.dirname(path), name);
      if ((threads.get(name) ?? module) !== module) {
        throw new Error(`Two modules of threads are called "${name}"`);
      }
      threads.set(name, module);
    }
  }
  return threads;
}

/** A bundled module with the threads' modules where they lie now, and with npm in what is told to people. */
function atHome(
  text: string,
  { path, threads }: {
    readonly path: string;
    readonly threads: ReadonlyMap<string, string>;
  },
): string {
  return text.replaceAll("jsr:@t9k/em", "npm:@t9k/em").replaceAll(
    THREAD,
    (_, name) => {
      const module = threads.get(name)?.replace(/\.ts$/, ".js");
      if (module === undefined) throw new Error(`"${path}" has "${name}"`);
      const to = posix.relative(posix.dirname(path), module);
      return `new URL("./${to}", import.meta.url)`;
    },
  );
}

function npmImports({ imports }: Config): Record<string, string> {
  const found = Object.entries(imports).flatMap(([name, target]) => {
    const [, version] = /^npm:.+@([^@]+)$/.exec(target) ?? [];
    return version === undefined ? [] : [[name, version]];
  });
  return Object.fromEntries(found);
}

function manifest(
  config: Config,
  { modules, hasStandIns }: {
    readonly modules: ReadonlyMap<string, string>;
    readonly hasStandIns: boolean;
  },
): string {
  const code = [...modules.values()].join("\n");
  const isUsed = (name: string) =>
    new RegExp(`(?:from|import|import\\() ?"${name}["/]`).test(code);
  const { name, version, license, description, exports } = config;
  const entries = Object.entries(exports).map(([entry, module]) => {
    const path = module.replace(/^\.\//, "").replace(/\.ts$/, "");
    return [entry, {
      types: `./types/${path}.d.ts`,
      deno: `./dist/${path}.js`,
      default: "./needs_deno.js",
    }];
  });
  const json = {
    name,
    version,
    ...(hasStandIns ? { private: true } : {}),
    license,
    description,
    type: "module",
    engines: { deno: `>=${LOWEST_DENO}` },
    exports: Object.fromEntries(entries),
    bin: { em: "./em.js" },
    dependencies: Object.fromEntries(
      Object.entries(npmImports(config)).filter(([name]) => isUsed(name)),
    ),
  };
  return JSON.stringify(json, undefined, 2) + "\n";
}

/** The types of what is public, by path below the package. */
async function declarations(): Promise<Map<string, string>> {
  const path = await Deno.makeTempFile({ prefix: "em-types-" });
  try {
    await deno(["pack", "--allow-dirty", "--no-source-maps", "-o", path]);
    const found = await parseTarGzip(await Deno.readFile(path));
    return new Map(
      found.filter(({ name }) => name.endsWith(".d.ts")).map((file) => [
        file.name.replace(/^package\//, "types/"),
        file.text,
      ]),
    );
  } finally {
    await Deno.remove(path);
  }
}

async function deno(args: readonly string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...args],
    cwd: root,
    env: { NO_COLOR: "1" },
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).output();
  if (success) return;
  const said = new TextDecoder().decode(stderr);
  throw new Error(`deno ${args[0]} failed: ${said}`);
}

function filesBelow(dir: string): string[] {
  return [...Deno.readDirSync(dir)].flatMap(({ name, isDirectory }) =>
    isDirectory
      ? filesBelow(join(dir, name)).map((path) => `${name}/${path}`)
      : [name]
  ).sort();
}

function read(path: string): string {
  return Deno.readTextFileSync(join(root, path));
}

function isThere(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
