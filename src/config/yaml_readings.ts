import { ConfigError } from "../errors.ts";
import { resolvePlain } from "../format/yaml_scalars.ts";
import { parseConfigText } from "./config_text.ts";
import { type PlacedScalar, placedScalars } from "./placed_scalars.ts";

/** A plain scalar that `@std/yaml` and the Python SDK read as different values. */
export interface DoubleReading {
  /** Where it stands, such as `hparams.learning_rate`. */
  readonly key: string;
  /** The text that stands there. */
  readonly text: string;
  /** What it is here, in words. */
  readonly here: string;
  /** What it is to the Python SDK, in words. */
  readonly python: string;
}

/** What {@linkcode readPlainScalars} finds. */
export interface PlainScalars {
  /** The YAML text with quotes around each plain date, so that it is read as the text that stands there. */
  readonly text: string;
  /** The plain scalars with two readings, in the file's order. */
  readonly doubles: readonly DoubleReading[];
}

/**
 * Looks at the keys and the plain (unquoted) scalars of a YAML file.
 *
 * @param path The file, for messages.
 * @param text Its text.
 * @returns The text with its dates quoted, and the scalars that the Python SDK reads otherwise.
 * @throws {ConfigError} If it is not YAML, or a key stands twice in one map.
 */
export async function readPlainScalars(
  path: string,
  text: string,
): Promise<PlainScalars> {
  const doubles: DoubleReading[] = [];
  const dates: PlacedScalar[] = [];
  const keys = new Map<object, Set<string>>();
  for (const scalar of placedScalars(path, text)) {
    const here = await readHere(path, scalar);
    const isDate = here instanceof Date;
    if (isDate) dates.push(scalar);
    if (scalar.isKey) {
      const key = isDate ? scalar.text : `${here}`;
      const before = keys.get(scalar.parent) ?? new Set();
      if (before.has(key)) throw twice(path, text, scalar);
      keys.set(scalar.parent, before.add(key));
    }
    if (!scalar.isPlain || isDate) continue;
    const python = resolvePlain(scalar.text);
    const isSame = scalar.isKey
      ? `${here}` === `${python}`
      : same(here, python);
    if (isSame) continue;
    doubles.push({
      key: scalar.place,
      text: scalar.text,
      here: show(here),
      python: show(python),
    });
  }
  return { text: quote(text, dates), doubles };
}

/** What `@std/yaml` makes of a scalar. */
async function readHere(
  path: string,
  { text, isPlain }: PlacedScalar,
): Promise<unknown> {
  // What holds a line break is a text, and would be cut off in a list of one line.
  if (!isPlain || text.includes("\n")) return text;
  const [value] = await parseConfigText(path, `- ${text}`) as [unknown];
  return value;
}

function twice(
  path: string,
  source: string,
  { text, start }: PlacedScalar,
): ConfigError {
  const line = source.slice(0, start).split("\n").length;
  return new ConfigError(
    path,
    `the key "${text}" stands there twice, the second time in line ${line}`,
    { key: text },
  );
}

/** Whether two readings are one value; JavaScript does not tell 1 from 1.0, nor -0.0 from 0 in a file. */
function same(here: unknown, python: unknown): boolean {
  if (typeof here === "number" && typeof python === "bigint") {
    return Number.isInteger(here) && BigInt(here) === python;
  }
  return here === python || (Number.isNaN(here) && Number.isNaN(python));
}

function show(value: unknown): string {
  if (typeof value === "string") return `the text "${value}"`;
  return value === null ? "nothing" : `${value}`;
}

/** Puts single quotes around parts of a text; the parts hold none. */
function quote(
  text: string,
  parts: readonly Pick<PlacedScalar, "start" | "end">[],
): string {
  let quoted = "";
  let done = 0;
  for (const { start, end } of parts) {
    quoted += `${text.slice(done, start)}'${text.slice(start, end)}'`;
    done = end;
  }
  return quoted + text.slice(done);
}
