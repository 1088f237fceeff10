import { join } from "@std/path";
import type { TestServer } from "../../support/em_server.ts";

/** Nodes of `/demo` with objects, made as any client makes them. */
export interface NodeFiles {
  /** The node's name in `/demo`. */
  readonly name: string;
  readonly type: string;
  readonly labels?: readonly string[];
  readonly description?: string;
  /** Objects by key, or a directory whose files are uploaded as they are. */
  readonly files: Readonly<Record<string, string | Uint8Array>> | string;
}

/** Makes a node with objects; its id. */
export async function makeNode(
  { client }: TestServer,
  { name, type, labels = [], description = "", files }: NodeFiles,
): Promise<string> {
  const made = await client.createNode({
    parent: "/demo",
    name,
    type,
    labels: [...labels],
    description,
    extra: "",
  });
  if (made.state !== "created") throw new Error(`${name}: ${made.state}`);
  const objects = typeof files === "string"
    ? bytesBelow(files)
    : Object.entries(files);
  for (const [key, content] of objects) {
    const bytes = typeof content === "string"
      ? new TextEncoder().encode(content)
      : content as Uint8Array<ArrayBuffer>;
    await client.putObject(`/demo/${name}/${key}`, bytes);
  }
  return made.id;
}

function bytesBelow(dir: string, below = ""): [string, Uint8Array][] {
  return [...Deno.readDirSync(join(dir, below))].flatMap((entry) =>
    entry.isDirectory
      ? bytesBelow(dir, `${below}${entry.name}/`)
      : [[below + entry.name, Deno.readFileSync(join(dir, below, entry.name))]]
  );
}

/** A directory of the fixtures that the Python SDK has written, by the beginning of its name. */
export function fixtureDir(place: string, beginning: string): string {
  const url = new URL(`../../fixtures/${place}/`, import.meta.url);
  for (const { name } of Deno.readDirSync(url)) {
    if (name.startsWith(beginning)) return join(url.pathname, name);
  }
  throw new Error(`There is no "${beginning}" in ${place}`);
}
