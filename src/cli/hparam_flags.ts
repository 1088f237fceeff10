import { parse } from "@std/yaml";
import { defineOwn } from "../format/define_own.ts";
import { UsageFailure } from "./failure.ts";

/** Hyperparameters as they are typed; maps within maps. */
export interface HparamMap {
  [key: string]: unknown;
}

/**
 * Reads hyperparameters from a command line.
 *
 * @param given Such as `lr=0.1`, `optimizer.name=adam` or `layers=[64, 32]`: dots lead into maps, and a value is a YAML
 *   scalar, list or map of one line; what YAML cannot read so is a text.
 * @param base What they are put into, as a config file has it; not changed. Default: nothing.
 * @returns All of them.
 * @throws {UsageFailure} If one cannot be read.
 */
export function readHparams(
  given: readonly string[],
  base: HparamMap = {},
): HparamMap {
  const all = structuredClone(base);
  for (const text of given) {
    const equals = text.indexOf("=");
    const path = text.slice(0, Math.max(0, equals)).split(".");
    if (path.includes("")) {
      throw new UsageFailure(
        `hyperparameter "${text}" must be KEY=VALUE, such as lr=0.1 or optimizer.lr=0.1`,
      );
    }
    put(all, path, { text, value: readValue(text.slice(equals + 1), text) });
  }
  return all;
}

/** Lists and maps in one line, and texts in quotes: what begins so must end so. */
const STRUCTURED = /^\s*["'[{]/;

function readValue(typed: string, text: string): unknown {
  try {
    // Not dates: a hyperparameter is what stands there.
    const value = parse(typed, { schema: "core" });
    const isScalar = typeof value !== "object" || value === null;
    return isScalar || STRUCTURED.test(typed) ? value : typed;
  } catch (error) {
    if (!(error instanceof Error) || !STRUCTURED.test(typed)) return typed;
    const [reason] = error.message.split(/:?\n/, 1);
    throw new UsageFailure(`hyperparameter "${text}" is not YAML: ${reason}`);
  }
}

function put(
  all: HparamMap,
  path: readonly string[],
  { text, value }: { readonly text: string; readonly value: unknown },
): void {
  let map = all;
  for (const [depth, key] of path.entries()) {
    const known = Object.hasOwn(map, key) ? map[key] : undefined;
    if (depth === path.length - 1) return defineOwn(map, key, value);
    if (known === undefined) defineOwn(map, key, {});
    else if (!isMap(known)) {
      const before = path.slice(0, depth + 1).join(".");
      throw new UsageFailure(
        `hyperparameter "${text}" does not fit: "${before}" has a value already`,
      );
    }
    map = map[key] as HparamMap;
  }
}

function isMap(value: unknown): value is HparamMap {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
