import { assertEquals } from "@std/assert";
import { rememberIntent } from "../../src/upload/notes/intent.ts";
import { uploadCommand } from "../../src/upload/upload_command.ts";
import { RunDir } from "./support/support.ts";

const HOST = "https://t9k.example.com/t9k/aistore/server";

Deno.test("uploadCommand() names what is not noted next to the directory", () => {
  using dir = new RunDir();
  const intent = {
    folder: "a b/it's",
    makeFolder: true,
    conflictStrategy: "replace",
  } as const;
  const start = `deno run -A jsr:@t9k/em/cli upload ${dir.path}`;
  const command = () => uploadCommand(dir.path, { host: HOST, intent });
  const folder = `--folder 'a b/it'\\''s'`;
  const strategy = "--conflict-strategy replace";
  assertEquals(
    command(),
    `${start} --host ${HOST} ${folder} --make-folder ${strategy}`,
  );
  rememberIntent(dir.path, { host: HOST, ...intent, makeFolder: false });
  assertEquals(command(), `${start} --make-folder`);
  rememberIntent(dir.path, { host: HOST, ...intent });
  assertEquals(command(), start);
  rememberIntent(dir.path, { host: HOST, ...intent, folder: "other" });
  assertEquals(command(), `${start} ${folder} --make-folder ${strategy}`);
  rememberIntent(dir.path, { ...intent, host: "http://127.0.0.1:1" });
  assertEquals(
    command(),
    `${start} --host ${HOST} ${folder} --make-folder ${strategy}`,
  );
});
