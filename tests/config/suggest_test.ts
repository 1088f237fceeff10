import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { suggest } from "../../src/config/suggest.ts";

const KEYS = [
  "name",
  "hparams",
  "labels",
  "auto_upload",
  "conflict_strategy",
  "new",
];

Deno.test("suggest() finds what was probably meant, and nothing for what is far", () => {
  const table: [string, string | undefined][] = [
    ["nmae", "name"],
    ["nam", "name"],
    ["nwe", "new"],
    ["lables", "labels"],
    ["Name", "name"],
    ["hparam", "hparams"],
    ["hyperparams", "hparams"],
    ["label", "labels"],
    ["autoUpload", "auto_upload"],
    ["auto-upload", "auto_upload"],
    ["conflictStrategy", "conflict_strategy"],
    ["news", "new"],
    ["config_path", undefined],
    ["tags", undefined],
    ["", undefined],
  ];
  for (const [word, wanted] of table) {
    assertEquals(suggest(word, KEYS), wanted, word);
  }
});

Deno.test("suggest() finds every known word behind one wrong letter", () => {
  fc.assert(fc.property(
    fc.constantFrom("hparams", "labels", "auto_upload", "conflict_strategy"),
    fc.nat(),
    fc.constantFrom("", "#", "##"),
    (word, place, put) => {
      const at = place % word.length;
      const typed = word.slice(0, at) + put + word.slice(at + 1);
      assertEquals(suggest(typed, KEYS), word);
    },
  ));
});
