import { assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import { ranks, spearman } from "../../../../src/web/pages/compare/spearman.ts";
import { rankCorrelations } from "../../../../src/web/pages/compare/correlations.ts";

Deno.test("ranks() gives equal values the mean of their ranks", () => {
  assertEquals(ranks([10, 30, 10, 20]), [1.5, 4, 1.5, 3]);
});

Deno.test("spearman() gives the value of the textbook", () => {
  // Hours before a screen and IQ: the example of Wikipedia's article.
  const iq = [106, 100, 86, 101, 99, 103, 97, 113, 112, 110];
  const tv = [7, 27, 2, 50, 28, 29, 20, 12, 6, 17];
  const found = spearman(iq.map((x, i) => [x, tv[i] ?? 0]));
  assertAlmostEquals(found?.rho ?? 0, -0.175757575, 1e-8);
  assertEquals(found?.n, 10);
});

Deno.test("spearman() says nothing of two pairs, nor where one side is always the same", () => {
  assertEquals(spearman([[1, 2], [2, 3]]), undefined);
  assertEquals(spearman([[1, 2], [1, 3], [1, 4]]), undefined);
});

Deno.test("spearman() looks only at the order", () => {
  const pair = fc.tuple(
    fc.integer({ min: -50, max: 50 }),
    fc.integer({ min: -50, max: 50 }),
  );
  fc.assert(fc.property(fc.array(pair, { minLength: 3 }), (pairs) => {
    const found = spearman(pairs);
    const other = spearman(pairs.map(([x, y]) => [x ** 3, -Math.exp(y / 50)]));
    assertAlmostEquals(found?.rho ?? 0, -(other?.rho ?? 0), 1e-12);
    if (found) assertEquals(Math.abs(found.rho) <= 1, true);
  }));
});

Deno.test("hyperparameters are ranked by how strongly they go together with a metric, over the runs that have both", () => {
  const table = {
    lr: [1, 2, 3, 4, undefined],
    flag: [false, false, true, true, true],
    name: ["a", "b", "c", "d", "e"],
    loss: [4, 3, "NaN", 1, 0],
  } as const;
  const variables = ["flag", "lr", "name"].map((id) => ({
    id,
    label: id,
    kind: "hparam" as const,
  }));
  const ranked = rankCorrelations(
    variables,
    (column) => table[column as keyof typeof table],
    "loss",
  );
  assertEquals(
    ranked.map(({ variable, rho, n }) => [variable.id, rho.toFixed(2), n]),
    [["lr", "-1.00", 3], ["flag", "-0.89", 4]],
  );
});
