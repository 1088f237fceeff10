import { assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { copyHparams, type OwnMap } from "../../src/run/hparam_values.ts";
import { createHparams, type Hparams } from "../../src/run/hparams.ts";

function make<T extends object>(
  initial: T,
): { hparams: Hparams<T>; saved: OwnMap[] } {
  const saved: OwnMap[] = [];
  const hparams = createHparams<T>(
    copyHparams(initial, "hparams"),
    (all) => saved.push(structuredClone(all)),
  );
  return { hparams, saved };
}

Deno.test("hparams saves after each kind of change, nested ones too", () => {
  const { hparams, saved } = make<
    {
      lr: number;
      layers: number[];
      opt: { name: string; betas?: number[] };
      gone?: number;
    }
  >({
    lr: 0.1,
    layers: [1, 2],
    opt: { name: "adam" },
    gone: 1,
  });
  const changes: [string, () => void, (all: OwnMap) => unknown, unknown][] = [
    ["assignment", () => hparams.lr = 0.2, (all) => all.lr, 0.2],
    ["nested assignment", () => hparams.opt.name = "sgd", (all) => all.opt, {
      name: "sgd",
    }],
    ["new nested key", () => hparams.opt.betas = [0.9], (all) => all.opt, {
      name: "sgd",
      betas: [0.9],
    }],
    [
      "nested array in new key",
      () => hparams.opt.betas?.push(0.99),
      (all) => all.opt,
      { name: "sgd", betas: [0.9, 0.99] },
    ],
    ["array push", () => hparams.layers.push(3), (all) => all.layers, [
      1,
      2,
      3,
    ]],
    ["array length", () => hparams.layers.length = 1, (all) => all.layers, [1]],
    [
      "array splice",
      () => hparams.layers.splice(0, 1, 7, 8),
      (all) => all.layers,
      [7, 8],
    ],
    ["delete", () => delete hparams.gone, (all) => "gone" in all, false],
    [
      "Object.assign",
      () => Object.assign(hparams, { lr: 0.3 }),
      (all) => all.lr,
      0.3,
    ],
    [
      "defineProperty",
      () => Object.defineProperty(hparams, "lr", { value: 0.4 }),
      (all) => all.lr,
      0.4,
    ],
  ];
  for (const [name, change, look, expected] of changes) {
    const before = saved.length;
    change();
    assertEquals(saved.length > before, true, name);
    assertEquals(look(saved.at(-1) ?? {}), expected, name);
  }
});

Deno.test("hparams.update() saves once, and with override: false sets only what is missing", () => {
  const { hparams, saved } = make({ a: 1, b: 2 });
  hparams.update({ a: 10, c: 3, d: 4 });
  assertEquals(saved, [{ a: 10, b: 2, c: 3, d: 4 }]);
  hparams.update({ a: 0, e: 5 }, { override: false });
  assertEquals(saved[1], { a: 10, b: 2, c: 3, d: 4, e: 5 });
  assertThrows(
    () => hparams.update({ a: 1, f: undefined as unknown as null }),
    TypeError,
    "hparams.f",
  );
  assertEquals(saved.length, 2);
  assertEquals(hparams.a, 10);
});

Deno.test("hparams shares nothing with what was passed in or handed out", () => {
  const mine = { list: [1], map: { x: 1 } };
  const { hparams, saved } = make(mine);
  mine.list.push(2);
  assertEquals(hparams.list, [1]);
  const assigned = { y: 1 };
  hparams.map = assigned as unknown as typeof mine.map;
  assigned.y = 2;
  assertEquals(hparams.toDict(), { list: [1], map: { y: 1 } });
  const copy = hparams.toDict() as typeof mine;
  copy.list.push(9);
  assertEquals(hparams.list, [1]);
  assertEquals(saved.length, 1);
});

Deno.test("hparams reads like a plain object", () => {
  const { hparams } = make({ a: 1, list: [1, 2], map: { x: null } });
  assertEquals(Object.keys(hparams), ["a", "list", "map"]);
  assertEquals("update" in hparams, false);
  assertEquals(
    JSON.stringify(hparams),
    `{"a":1,"list":[1,2],"map":{"x":null}}`,
  );
  assertEquals({ ...hparams }.a, 1);
  assertEquals(hparams.list.map((x) => x * 2), [2, 4]);
  assertStrictEquals(hparams.map, hparams.map);
  assertEquals(
    hparams.toString instanceof Function,
    true,
  );
});

Deno.test("hparams refuses what YAML cannot carry, naming the path and what to do", () => {
  const cycle: Record<string, unknown> = {};
  cycle.self = { again: cycle };
  const cases: [unknown, string][] = [
    [{ f: () => 1 }, "hparams.f: it is a function"],
    [{ a: { b: [1, Symbol("s")] } }, "hparams.a.b[1]: it is a symbol"],
    [cycle, "hparams.self.again: it contains itself"],
    [
      { d: new Date() },
      "hparams.d: it is an instance of Date, which YAML cannot carry; pass its toISOString()",
    ],
    [{ m: new Map() }, "Object.fromEntries"],
    [{ t: new Float32Array(2) }, "Array.from"],
    [{ u: undefined }, "hparams.u: it is undefined"],
    [{ [Symbol("k")]: 1 }, "is a symbol, and keys must be strings"],
    [[1], "hparams: it is an array"],
    ["x", "hparams: it is a string"],
    [null, "hparams: it is null"],
  ];
  for (const [value, message] of cases) {
    assertThrows(
      () => copyHparams(value, "hparams"),
      TypeError,
      message,
      message,
    );
  }
  const { hparams, saved } = make<Record<string, unknown>>({ ok: [1] });
  assertThrows(
    () => (hparams.ok as unknown[]).push(() => 1),
    TypeError,
    "hparams.ok[1]",
  );
  assertThrows(
    () => Object.defineProperty(hparams, "g", { get: () => 1 }),
    TypeError,
    "getter",
  );
  assertEquals(hparams.toDict(), { ok: [1] });
  assertEquals(saved.length, 0);
});

Deno.test("hparams keeps keys that mean something to JavaScript", () => {
  const odd = JSON.parse(
    `{"__proto__": 1, "constructor": 2, "toString": 3, "update": 4, "toDict": 5}`,
  );
  const { hparams } = make<Record<string, unknown>>(odd);
  assertEquals<unknown>(hparams.constructor, 2);
  assertEquals(Object.entries(hparams.toDict()).length, 5);
  assertEquals(
    Object.getOwnPropertyDescriptor(hparams.toDict(), "__proto__")?.value,
    1,
  );
  assertEquals(typeof hparams.update, "function");
});
