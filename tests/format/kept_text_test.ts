import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { keepText } from "../../src/format/kept_text.ts";
import { isYamlMap, parseYaml } from "../../src/format/yaml_reader.ts";
import type { YamlMap } from "../../src/format/yaml_value.ts";
import { stringifyYaml } from "../../src/format/yaml_writer.ts";

const DOCUMENT = `lr: 1.0
big: 1.0e+16
layers:
- 1.0
- a: 2.0
nested:
  x: 3.0
text: 'a

  b'
shared: &id001
- 1.0
alias: *id001
1: 5.0
? "a\\nb"
: 6.0
`;

function read(text: string): YamlMap {
  const map = parseYaml(text);
  if (!isYamlMap(map)) throw new Error(`No map: ${text}`);
  return map;
}

Deno.test("keepText() leaves the text of every entry that did not change", () => {
  const write = keepText(DOCUMENT);
  const changed = write({ ...read(DOCUMENT), lr: 2, added: "yes" });
  for (
    const kept of [
      "big: 1.0e+16\n",
      "layers:\n- 1.0\n- a: 2.0\n",
      "nested:\n  x: 3.0\n",
      "text: 'a\n\n  b'\n",
      "1: 5.0\n",
      '? "a\\nb"\n: 6.0\n',
      "lr: 2\n",
      "added: 'yes'\n",
    ]
  ) assertEquals(changed.includes(kept), true, `${kept} in ${changed}`);
  assertEquals(read(changed), { ...read(DOCUMENT), lr: 2, added: "yes" });
  assertEquals(write({}), "{}\n");
});

Deno.test("keepText() writes what was passed, whatever the document was", () => {
  const value = fc.oneof(
    fc.string(),
    fc.double({ noNaN: true }),
    fc.boolean(),
    fc.constant(null),
    fc.array(fc.string(), { maxLength: 3 }),
    fc.dictionary(fc.string(), fc.integer(), { maxKeys: 3 }),
  );
  const map = fc.dictionary(fc.string(), value, { maxKeys: 6 });
  fc.assert(fc.property(map, map, (before, change) => {
    const after = { ...before, ...change };
    const text = keepText(stringifyYaml(before))(after);
    assertEquals(text, stringifyYaml(after));
  }));
});
