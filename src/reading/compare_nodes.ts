/**
 * In what runs differ.
 *
 * @module
 */

import type { YamlValue } from "../format/yaml_value.ts";
import type { NodeDescription } from "./describe_node.ts";
import { flatValues, valueText } from "./flat_values.ts";

/** What is compared. */
export type CompareGroup = "hparams" | "metrics" | "environment";

/** One thing that runs may differ in. */
export interface ComparedRow {
  /** What kind of thing it is. */
  readonly group: CompareGroup;
  /** Its name; of a metric its type and name with `/` between. */
  readonly name: string;
  /** The value of each run; of a metric the last one. Undefined where a run has none. */
  readonly values: readonly (YamlValue | undefined)[];
  /** Whether all have the same. */
  readonly isEqual: boolean;
}

/**
 * Compares runs.
 *
 * @param nodes The runs.
 * @returns The rows: hyperparameters, metrics, environment; each in the order in which they appear.
 */
export function compareNodes(
  nodes: readonly NodeDescription[],
): ComparedRow[] {
  return [
    ...rowsOf("hparams", nodes.map(({ hparams }) => flatValues(hparams))),
    ...rowsOf("metrics", nodes.map(lastValues)),
    ...rowsOf("environment", nodes.map(environment)),
  ];
}

type Values = ReadonlyMap<string, YamlValue>;

function rowsOf(
  group: CompareGroup,
  columns: readonly Values[],
): ComparedRow[] {
  const names = new Set(columns.flatMap((column) => [...column.keys()]));
  return [...names].map((name) => {
    const values = columns.map((column) => column.get(name));
    const texts = new Set(
      values.map((value) =>
        value === undefined ? "" : `${typeof value} ${valueText(value)}`
      ),
    );
    return { group, name, values, isEqual: texts.size === 1 };
  });
}

function lastValues({ metrics }: NodeDescription): Values {
  return new Map(
    metrics.map(({ type, name, last }) => [`${type}/${name}`, last.value]),
  );
}

function environment({ platform, git }: NodeDescription): Values {
  const { pypkgs = {}, ...machine } = platform ?? {};
  const facts: [string, YamlValue | undefined][] = [
    ...Object.entries(machine),
    ...Object.entries(pypkgs).map(([name, version]) =>
      [`package ${name}`, version] as [string, string]
    ),
    ["git remote", git?.remote_url],
    ["git branch", git?.branch],
    ["git commit", git?.commit],
    ["git is dirty", git?.is_dirty],
    ["script", git?.entrypoint],
  ];
  return new Map(
    facts.filter((fact): fact is [string, YamlValue] =>
      fact[1] !== undefined && fact[1] !== null && fact[1] !== ""
    ),
  );
}
