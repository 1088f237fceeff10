import { DamagedFileError } from "../errors.ts";
import { isYamlMap } from "./yaml_reader.ts";
import type { YamlMap, YamlValue } from "./yaml_value.ts";

/** The object with the given keys first, in the given order. */
export function inOrder(object: object, keys: readonly string[]): YamlMap {
  const source = object as YamlMap;
  const known = keys.filter((key) => Object.hasOwn(source, key));
  return {
    ...Object.fromEntries(known.map((key) => [key, source[key] as YamlValue])),
    ...Object.fromEntries(
      Object.entries(source).filter(([key]) => !keys.includes(key)),
    ),
  };
}

/** A scalar that the Python SDK does not check, as a string; null is an empty one. */
export function looseString(value: YamlValue): string {
  return value === null ? "" : String(value);
}

/** Takes a map of a document apart; every complaint names the file and the way to the key. */
export class MapReader {
  /** The whole map. */
  readonly rest: YamlMap;
  readonly #path: string;
  readonly #prefix: string;

  constructor(path: string, where: string, value: YamlValue, prefix = "") {
    if (!isYamlMap(value)) {
      throw new DamagedFileError(path, `${where} must be a map`);
    }
    this.rest = value;
    this.#path = path;
    this.#prefix = prefix;
  }

  get(key: string): YamlValue {
    const value = this.rest[key];
    if (value === undefined || !Object.hasOwn(this.rest, key)) {
      throw new DamagedFileError(
        this.#path,
        `key "${this.#prefix}${key}" is missing`,
      );
    }
    return value;
  }

  string(key: string): string {
    const value = this.get(key);
    if (typeof value !== "string") throw this.#wrong(key, "a string");
    return value;
  }

  oneOf(key: string, choices: readonly string[]): string {
    const value = this.get(key);
    if (typeof value !== "string" || !choices.includes(value)) {
      throw this.#wrong(key, choices.map((choice) => `"${choice}"`).join(", "));
    }
    return value;
  }

  list(key: string): readonly YamlValue[] {
    const value = this.get(key);
    if (!Array.isArray(value)) throw this.#wrong(key, "a list");
    return value;
  }

  map(key: string): MapReader {
    return this.#nested(key, this.get(key));
  }

  maps(key: string): readonly MapReader[] {
    return this.list(key).map((item, index) =>
      this.#nested(`${key}[${index}]`, item)
    );
  }

  #nested(key: string, value: YamlValue): MapReader {
    const way = `${this.#prefix}${key}`;
    return new MapReader(this.#path, `"${way}"`, value, `${way}.`);
  }

  #wrong(key: string, wanted: string): DamagedFileError {
    return new DamagedFileError(
      this.#path,
      `"${this.#prefix}${key}" must be ${wanted}`,
    );
  }
}
