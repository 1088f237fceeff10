import { assertEquals } from "@std/assert";
import { walk } from "@std/fs";
import { fromFileUrl, join, relative } from "@std/path";
import { arrows, breaches, roomOf } from "./arrows.ts";

const root = fromFileUrl(new URL("../../", import.meta.url));

Deno.test("every import in the source follows the arrows", async () => {
  const sources = new Map<string, string>();
  const paths = [join(root, "mod.ts")];
  for (const folder of ["src", "generated"]) {
    const options = { includeDirs: false, exts: [".ts", ".tsx"] };
    for await (const { path } of walk(join(root, folder), options)) {
      paths.push(path);
    }
  }
  for (const path of paths) {
    const place = relative(root, path).replaceAll("\\", "/");
    sources.set(place, await Deno.readTextFile(path));
  }
  const config = await Deno.readTextFile(join(root, "deno.json"));
  const { imports } = JSON.parse(config);
  assertEquals(breaches({ sources, imports }), []);
  const rooms = [...sources.keys()].map(roomOf);
  assertEquals(rooms.filter((room) => !(room in arrows)), []);
});

Deno.test("breaches() names what is wrong, and only that", () => {
  const imports = { hono: "npm:hono@4.0.0", "@std/fs": "jsr:@std/fs@^1" };
  const cases: [sources: Record<string, string>, wanted: string[]][] = [
    [{ "src/run/run.ts": `import "../local/a.ts"; import "node:fs";` }, []],
    [{ "src/server/a.ts": `import { Hono } from "hono";` }, []],
    [{ "src/server/a.ts": `import { cors } from "hono/cors";` }, []],
    [{ "src/local/b.ts": `import { walk } from "@std/fs/walk";` }, []],
    [{ "src/server/a.ts": `import "../aistore/protocol.ts";` }, []],
    [{ "src/cli/a.ts": `import "../server/s.ts"; import "../../mod.ts";` }, []],
    [{ "src/run/run.ts": `import "./a.ts"; // import "../cli/c.ts"` }, []],
    [{ "src/run/run.ts": `const s = 'import "../cli/c.ts"';` }, []],
    [
      { "src/run/run.ts": `import "../server/s.ts";` },
      [`src/run/run.ts imports ../server/s.ts: "run" must not know "server"`],
    ],
    [
      { "src/server/a.ts": `import type { X } from "../aistore/client.ts";` },
      [
        'src/server/a.ts imports ../aistore/client.ts: "server" must not know "aistore"',
      ],
    ],
    [
      { "src/format/a.ts": `export { x } from "../local/a.ts";` },
      ['src/format/a.ts imports ../local/a.ts: "format" must not know "local"'],
    ],
    [
      { "src/format/a.ts": `export * from "../local/a.ts";` },
      ['src/format/a.ts imports ../local/a.ts: "format" must not know "local"'],
    ],
    [{
      "src/upload/gate/a.ts": `import "../types.ts"; import "./b.ts";`,
      "src/upload/a.ts": `import "./gate/a.ts";`,
    }, []],
    [
      { "src/upload/gate/a.ts": `import "../sending/b.ts";` },
      [
        'src/upload/gate/a.ts imports ../sending/b.ts: "upload/gate" must not know "sending"',
      ],
    ],
    [
      { "src/upload/gate/a.ts": `import "../a.ts";` },
      [
        'src/upload/gate/a.ts imports ../a.ts: "upload/gate" must not know "src/upload/a.ts"',
      ],
    ],
    [
      { "src/upload/attic/a.ts": `import "../a.ts";` },
      [
        'src/upload/attic/a.ts imports ../a.ts: "upload/attic" is not a chamber',
      ],
    ],
    [
      { "src/upload/a.ts": `await import("../run/run.ts");` },
      ['src/upload/a.ts imports ../run/run.ts: "upload" must not know "run"'],
    ],
    [
      { "src/upload/a.ts": `type R = import("../run/run.ts").Run;` },
      ['src/upload/a.ts imports ../run/run.ts: "upload" must not know "run"'],
    ],
    [
      { "src/local/b.ts": `new URL("../run/run.ts", import.meta.url);` },
      ['src/local/b.ts imports ../run/run.ts: "local" must not know "run"'],
    ],
    [
      { "src/errors.ts": `import "./reporter.ts";` },
      ['src/errors.ts imports ./reporter.ts: "errors" must not know "reporter"'],
    ],
    [
      { "mod.ts": `export * from "./src/server/s.ts";` },
      ['mod.ts imports ./src/server/s.ts: "mod.ts" must not know "server"'],
    ],
    [
      { "src/attic/a.ts": `import "../errors.ts";` },
      ['src/attic/a.ts imports ../errors.ts: "attic" is not a room'],
    ],
    [
      { "src/run/run.ts": `import "../../tests/x.ts";` },
      [
        "src/run/run.ts imports ../../tests/x.ts: it is not part of the package's source",
      ],
    ],
    [
      { "src/run/run.ts": `import "./gone.ts";` },
      ["src/run/run.ts imports ./gone.ts: there is no such file"],
    ],
    [
      { "src/run/run.ts": `import "chalk";` },
      ["src/run/run.ts imports chalk: deno.json does not name it"],
    ],
    [
      { "src/run/run.ts": `import "npm:chalk@5.0.0";` },
      ["src/run/run.ts imports npm:chalk@5.0.0: name it in deno.json"],
    ],
    [
      { "src/run/run.ts": "const x = ''; await import(x + `.ts`);" },
      ["src/run/run.ts imports undefined: the name must be written out"],
    ],
    [
      {
        "src/run/run.ts": `import "./a.ts";`,
        "src/run/a.ts": `import "./run.ts";`,
      },
      ["circle of files: src/run/run.ts -> src/run/a.ts -> src/run/run.ts"],
    ],
    [
      {
        "src/local/a.ts": `import "../config/c.ts";`,
        "src/config/d.ts": `import "../local/b.ts";`,
      },
      [
        'src/local/a.ts imports ../config/c.ts: "local" must not know "config"',
        'src/config/d.ts imports ../local/b.ts: "config" must not know "local"',
        "circle of rooms: local -> config -> local",
      ],
    ],
  ];
  const others = [
    "mod.ts",
    "src/errors.ts",
    "src/reporter.ts",
    "src/aistore/client.ts",
    "src/aistore/protocol.ts",
    "src/cli/c.ts",
    "src/config/c.ts",
    "src/config/d.ts",
    "src/local/a.ts",
    "src/local/b.ts",
    "src/run/a.ts",
    "src/run/run.ts",
    "src/server/s.ts",
    "src/upload/a.ts",
    "src/upload/gate/b.ts",
    "src/upload/sending/b.ts",
    "src/upload/types.ts",
  ];
  for (const [made, wanted] of cases) {
    const sources = new Map(Object.entries(made));
    for (const path of others) {
      if (!sources.has(path)) sources.set(path, "");
    }
    const text = JSON.stringify(made);
    assertEquals(breaches({ sources, imports }), wanted, text);
  }
});

Deno.test("breaches() wants every npm package at one exact version", () => {
  const imports = {
    a: "npm:a@1.2.3",
    b: "npm:@x/b@1.2.3-beta.1",
    c: "npm:c@^1.2.3",
    d: "npm:@x/d",
    e: "npm:e@1",
    f: "jsr:@std/f@^1",
  };
  assertEquals(breaches({ sources: new Map(), imports }), [
    'deno.json "c": npm:c@^1.2.3 is not exact',
    'deno.json "d": npm:@x/d is not exact',
    'deno.json "e": npm:e@1 is not exact',
  ]);
});
