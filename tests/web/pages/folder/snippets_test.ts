import { assertStringIncludes } from "@std/assert";
import {
  snippetOf,
  SNIPPETS,
} from "../../../../src/web/pages/folder/snippets.ts";

Deno.test("snippetOf() quotes the folder as its language does", () => {
  const host = "http://127.0.0.1:1/x";
  const wanted = {
    deno: 'folder: "it\'s \\"here\\"",',
    python: 'folder="it\'s \\"here\\"",',
    shell: "--folder 'it'\\''s \"here\"' --make-folder",
  };
  for (const kind of SNIPPETS) {
    const code = snippetOf(kind, { host, folder: `it's "here"` });
    assertStringIncludes(code, wanted[kind]);
    assertStringIncludes(code, host);
  }
});
