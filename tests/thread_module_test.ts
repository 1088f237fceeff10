import { assertEquals } from "@std/assert";
import { unreadableForThread } from "../src/thread_module.ts";
import { ROOT, runScript } from "./support/script.ts";
import { tempDir } from "./support/temp_dir.ts";

const MODULE = "src/upload/delivering/worker.ts";

Deno.test("unreadableForThread() names the package's folder for a checkout, and nothing for what Deno has fetched", async () => {
  using dir = tempDir();
  const { stdout } = await runScript(
    `
    import { unreadableForThread } from ${
      JSON.stringify(new URL("src/thread_module.ts", ROOT).href)
    };
    const ask = (at) => console.log(unreadableForThread(new URL(${
      JSON.stringify(MODULE)
    }, at)) ?? "may start");
    ask(${JSON.stringify(ROOT.href)});
    ask("https://jsr.example/@t9k/em/0.1.0/");
    ask("file:///home/ann/project/node_modules/@t9k/em/dist/");
    ask("file:///home/ann/.cache/deno/npm/npm.example/@t9k/em/0.1.0/dist/");
    ask("file:///home/ann/.cache/deno/npm/npm.example/team/npm/@t9k/em/0.1.0/dist/");
    ask("file:///home/ann/t9k/em/0.1.0/dist/");
  `,
    { dir: dir.path, flags: [] },
  );
  assertEquals(stdout.split("\n"), [
    ROOT.pathname,
    ...Array<string>(4).fill("may start"),
    "/home/ann/t9k/em/0.1.0/dist/",
    "",
  ]);
});

Deno.test("unreadableForThread() lets a checkout that may be read start a thread", () => {
  assertEquals(unreadableForThread(new URL(MODULE, ROOT)), undefined);
});
