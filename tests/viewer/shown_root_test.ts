import { assertEquals, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { nameOfRoot, shownRoot } from "../../src/viewer/shown_root.ts";
import { ViewerError } from "../../src/viewer/viewer_error.ts";
import { tempDir } from "../support/temp_dir.ts";
import { makeRun } from "./support.ts";

Deno.test("shownRoot() takes a project for its .em, and a link for where it leads", () => {
  using dir = tempDir();
  const at = (path: string) => join(dir.path, path);
  Deno.mkdirSync(at("project/.em"), { recursive: true });
  Deno.mkdirSync(at("with/runs"), { recursive: true });
  Deno.mkdirSync(at("empty"));
  Deno.writeTextFileSync(at("file"), "");
  makeRun(at("loose"), "r_261123_082118_6fauz3");
  Deno.symlinkSync(at("project/.em"), at("link"));
  const cases: [dir: string, root: string][] = [
    ["project", "project/.em"],
    ["project/.em", "project/.em"],
    ["link", "project/.em"],
    ["with", "with"],
    ["with/runs", "with/runs"],
    ["loose", "loose"],
    ["loose/r_261123_082118_6fauz3", "loose/r_261123_082118_6fauz3"],
  ];
  for (const [name, root] of cases) {
    assertEquals(shownRoot(at(name)), at(root), name);
  }
  for (const name of ["empty", "file", "nowhere"]) {
    assertThrows(() => shownRoot(at(name)), ViewerError, undefined, name);
  }
});

Deno.test("nameOfRoot() is what people call the directory, without what cannot be printed", () => {
  const cases: [root: string, name: string][] = [
    ["/home/ada/mnist/.em", "mnist"],
    ["/home/ada/mnist/.em/runs", "runs"],
    ["/data/实验 1", "实验 1"],
    ["/data/a\u202eb\n", "a_b_"],
    ["/", "local"],
    ["/.em", "local"],
  ];
  for (const [root, name] of cases) assertEquals(nameOfRoot(root), name, root);
});
