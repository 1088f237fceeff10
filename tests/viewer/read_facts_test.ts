import { assertEquals } from "@std/assert";
import { readFacts } from "../../src/viewer/read_facts.ts";

const DIR = "/p/.em/runs/r_261123_082118_6fauz3";
const EXTRA = JSON.stringify({ alternativeName: "r_261123_082118_6fauz3" });

Deno.test("readFacts() takes of damaged metadata what is sure: the kind, or what the directory above is called", () => {
  const cases: [text: string, dir: string, type: string][] = [
    ["", DIR, "Run"],
    ["", DIR.replace("runs", "artifacts"), "Artifact"],
    ["kind: Artifact\nname: [", DIR, "Artifact"],
    ["name: x\nkind: Run\n", DIR.replace("runs", "artifacts"), "Run"],
    ["kind: 'Run'\n", DIR, "Run"],
    ["\0\0\0", DIR, "Run"],
    ["kind: Folder\n", DIR, "Run"],
  ];
  for (const [text, dir, type] of cases) {
    const facts = readFacts(text, dir);
    assertEquals(
      [facts.type, facts.extra, facts.labels, facts.run],
      [type, EXTRA, [], undefined],
      JSON.stringify([text, dir]),
    );
  }
});
