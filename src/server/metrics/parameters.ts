/**
 * What a question says: as a query, or as JSON where it is long.
 *
 * @module
 */

import { invalid } from "../refusal.ts";
import { JsonBody, type Meter, Query } from "../request_data.ts";

/** The parameters of a question. */
export class Parameters {
  readonly #values: ReadonlyMap<string, readonly string[]>;

  /** @param values The values by name. */
  private constructor(values: ReadonlyMap<string, readonly string[]>) {
    this.#values = values;
  }

  /**
   * Reads the parameters of a request: the query, and of a `POST` the JSON object in its body, in which a list stands for a
   * parameter that is named several times.
   *
   * @param request The request.
   * @param names The names of all parameters.
   * @param meter Counts the bytes.
   * @returns The parameters.
   * @throws {Refusal} If the body is not such an object.
   */
  static async read(
    request: Request,
    names: readonly string[],
    meter: Meter,
  ): Promise<Parameters> {
    if (request.method !== "POST") return Parameters.ofQuery(request);
    const body = await JsonBody.read(request, meter);
    const values = new Map<string, readonly string[]>();
    for (const name of names) {
      const value = body.optional(name);
      if (value !== undefined) values.set(name, toTexts(name, value));
    }
    return new Parameters(values);
  }

  /**
   * Reads the parameters in the query of a request.
   *
   * @param request The request.
   * @returns The parameters.
   * @throws {Refusal} If it is not percent-encoded UTF-8.
   */
  static ofQuery(request: Request): Parameters {
    // The query is checked there.
    new Query(request);
    const values = new Map<string, string[]>();
    for (const [name, value] of new URL(request.url).searchParams) {
      values.set(name, [...values.get(name) ?? [], value]);
    }
    return new Parameters(values);
  }

  /**
   * A parameter that may be named several times.
   *
   * @param name Its name.
   * @param max How often.
   * @returns Its values.
   * @throws {Refusal} If it is named too often.
   */
  all(name: string, max: number): readonly string[] {
    const values = this.#values.get(name) ?? [];
    if (values.length <= max) return values;
    throw invalid(`invalid query: "${name}" may be named ${max} times`);
  }

  /**
   * A parameter that may be left out.
   *
   * @param name Its name.
   * @returns Its value; undefined where it is left out or empty.
   */
  optional(name: string): string | undefined {
    return this.#values.get(name)?.[0] || undefined;
  }

  /**
   * A parameter that must be there.
   *
   * @param name Its name.
   * @returns Its value.
   * @throws {Refusal} If it is missing or empty.
   */
  required(name: string): string {
    const value = this.optional(name);
    if (value === undefined) {
      throw invalid(`invalid query: "${name}" is missing`);
    }
    return value;
  }

  /**
   * A parameter that is one of a few words.
   *
   * @param name Its name.
   * @param words The words; the first is taken where it is left out.
   * @returns Its value.
   * @throws {Refusal} If it is something else.
   */
  oneOf<Word extends string>(
    name: string,
    words: readonly [Word, ...Word[]],
  ): Word {
    const value = this.optional(name);
    if (value === undefined) return words[0];
    const word = words.find((word) => word === value);
    if (word !== undefined) return word;
    throw invalid(
      `invalid query: "${name}" must be one of ${words.join(", ")}`,
    );
  }

  /**
   * A parameter that is true or false.
   *
   * @param name Its name.
   * @returns Whether it is true; false where it is left out.
   * @throws {Refusal} If it is something else.
   */
  flag(name: string): boolean {
    return this.oneOf(name, ["false", "true"]) === "true";
  }

  /**
   * A parameter that is a number.
   *
   * @param name Its name.
   * @returns Its value; undefined where it is left out.
   * @throws {Refusal} If it is no finite number.
   */
  number(name: string): number | undefined {
    const text = this.optional(name);
    if (text === undefined) return undefined;
    const value = text.trim() === "" ? NaN : Number(text);
    if (Number.isFinite(value)) return value;
    throw invalid(`invalid query: "${name}" must be a number`);
  }

  /**
   * A parameter that is a whole number from 1.
   *
   * @param name Its name.
   * @param limits The value where it is left out, and the largest.
   * @returns Its value.
   * @throws {Refusal} If it is not such a number.
   */
  count(
    name: string,
    limits: { readonly fallback: number; readonly max: number },
  ): number {
    const value = this.number(name) ?? limits.fallback;
    if (Number.isInteger(value) && value >= 1 && value <= limits.max) {
      return value;
    }
    throw invalid(
      `invalid query: "${name}" must be a whole number from 1 to ${limits.max}`,
    );
  }
}

function toTexts(name: string, value: unknown): string[] {
  const list = Array.isArray(value) ? value : [value];
  return list.map((item) => {
    const isPlain = ["string", "number", "boolean"].includes(typeof item);
    if (isPlain && String(item).isWellFormed()) return String(item);
    throw invalid(`invalid body: "${name}" must be a text or a list of texts`);
  });
}
