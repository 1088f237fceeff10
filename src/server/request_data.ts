/**
 * What a request carries: query parameters and JSON bodies, checked.
 *
 * @module
 */

import {
  DEFAULT_PAGE_SIZE,
  MAX_FILTER_VALUES,
  MAX_JSON_BODY_BYTES,
  MAX_PAGE_SIZE,
  MAX_SEARCH_LENGTH,
} from "./limits.ts";
import { receivedPieces } from "./operations/received_body.ts";
import { invalid, Refusal } from "./refusal.ts";
import type { PageRequest } from "./store/page.ts";

/** Counts what a server did. */
export interface Meter {
  /** Requests that were received. */
  requests: number;
  /** Bytes of request bodies that were read. */
  receivedBodyBytes: number;
}

/** The query of a request. */
export class Query {
  readonly #parameters: URLSearchParams;

  /**
   * @param request The request.
   * @throws {Refusal} If the query is not percent-encoded UTF-8; read with less care, two names could become one.
   */
  constructor(request: Request) {
    const url = new URL(request.url);
    try {
      decodeURIComponent(url.search);
    } catch {
      throw invalid("invalid query: it is not percent-encoded UTF-8");
    }
    this.#parameters = url.searchParams;
  }

  /**
   * A parameter that may be left out.
   *
   * @param name Its name.
   * @returns Its value.
   */
  optional(name: string): string | undefined {
    return this.#parameters.get(name) ?? undefined;
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
    if (!value) throw invalid(`invalid query: "${name}" is missing`);
    return value;
  }

  /**
   * A parameter that may be named several times.
   *
   * @param name Its name.
   * @returns Its values, those that are empty left out.
   * @throws {Refusal} If it is named too often.
   */
  all(name: string): string[] {
    const values = this.#parameters.getAll(name).filter(Boolean);
    if (values.length <= MAX_FILTER_VALUES) return values;
    throw invalid(
      `invalid query: "${name}" may be named ${MAX_FILTER_VALUES} times`,
    );
  }

  /**
   * A parameter that is one of a few words.
   *
   * @param name Its name.
   * @param words The words.
   * @returns Its value; undefined where it is left out or empty.
   * @throws {Refusal} If it is something else.
   */
  oneOf<Word extends string>(
    name: string,
    words: readonly Word[],
  ): Word | undefined {
    const value = this.optional(name);
    if (!value) return undefined;
    const word = words.find((word) => word === value);
    if (word !== undefined) return word;
    throw invalid(
      `invalid query: "${name}" must be one of ${words.join(", ")}`,
    );
  }

  /**
   * The parameter `search`.
   *
   * @returns The text to search for; undefined where it is left out.
   * @throws {Refusal} If it is too long.
   */
  search(): string | undefined {
    const text = this.optional("search");
    if ((text?.length ?? 0) <= MAX_SEARCH_LENGTH) return text;
    throw invalid(
      `invalid query: "search" may have ${MAX_SEARCH_LENGTH} characters`,
    );
  }

  /**
   * A parameter that is a whole number from 1.
   *
   * @param name Its name.
   * @param limits The value where it is left out, and the largest.
   * @returns Its value.
   * @throws {Refusal} If it is not such a number.
   */
  number(
    name: string,
    limits: { readonly fallback?: number; readonly max: number },
  ): number {
    const text = this.optional(name);
    const value = text === undefined ? limits.fallback : Number(text);
    if (
      value === undefined || !Number.isInteger(value) || value < 1 ||
      value > limits.max
    ) {
      throw invalid(
        `invalid query: "${name}" must be a whole number from 1 to ${limits.max}`,
      );
    }
    return value;
  }

  /** @returns Which page of a listing is wanted. */
  page(): PageRequest {
    return {
      page: this.number("page", { fallback: 1, max: 1e9 }),
      size: this.number("size", {
        fallback: DEFAULT_PAGE_SIZE,
        max: MAX_PAGE_SIZE,
      }),
    };
  }
}

/** A JSON object that a client sent. */
export class JsonBody {
  readonly #fields: Readonly<Record<string, unknown>>;

  /** @param fields The object. */
  constructor(fields: Readonly<Record<string, unknown>>) {
    this.#fields = fields;
  }

  /**
   * Reads the JSON body of a request.
   *
   * @param request The request.
   * @param meter Counts the bytes.
   * @returns The body.
   * @throws {Refusal} If it is too long, or no JSON object.
   */
  static async read(request: Request, meter: Meter): Promise<JsonBody> {
    const decoder = new TextDecoder("utf-8", { fatal: true });
    let text = "";
    let length = 0;
    try {
      for await (const chunk of receivedPieces(request)) {
        meter.receivedBodyBytes += chunk.length;
        length += chunk.length;
        if (length > MAX_JSON_BODY_BYTES) throw tooLarge();
        text += decoder.decode(chunk, { stream: true });
      }
      return JsonBody.of(JSON.parse(text + decoder.decode()));
    } catch (error) {
      if (error instanceof Refusal) throw error;
      throw invalid("invalid body: it is not a JSON object in UTF-8");
    }
  }

  /**
   * Takes a value that must be an object.
   *
   * @param value The value.
   * @returns The body.
   * @throws {Refusal} If it is no object.
   */
  static of(value: unknown): JsonBody {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      throw invalid("invalid body: a JSON object was expected");
    }
    return new JsonBody(value as Record<string, unknown>);
  }

  /**
   * A value that may be left out.
   *
   * @param name Its key.
   * @returns The value, whatever it is.
   */
  optional(name: string): unknown {
    return Object.hasOwn(this.#fields, name) ? this.#fields[name] : undefined;
  }

  /**
   * A text that may be left out.
   *
   * @param name Its key.
   * @returns The text.
   * @throws {Refusal} If it is something else.
   */
  optionalText(name: string): string | undefined {
    const value = this.#fields[name];
    if (value === undefined) return undefined;
    if (typeof value === "string" && value.isWellFormed()) return value;
    throw invalid(`invalid body: "${name}" must be a text`);
  }

  /**
   * A text that must be there.
   *
   * @param name Its key.
   * @returns The text.
   * @throws {Refusal} If it is missing or something else.
   */
  text(name: string): string {
    return required(name, this.optionalText(name));
  }

  /**
   * A list of texts that may be left out.
   *
   * @param name Its key.
   * @returns The texts.
   * @throws {Refusal} If it is something else.
   */
  optionalTexts(name: string): string[] | undefined {
    const value = this.#fields[name];
    if (value === undefined) return undefined;
    const texts = Array.isArray(value) ? value : [undefined];
    if (
      texts.every((text) => typeof text === "string" && text.isWellFormed())
    ) {
      return texts;
    }
    throw invalid(`invalid body: "${name}" must be a list of texts`);
  }

  /**
   * A list of texts that must be there.
   *
   * @param name Its key.
   * @returns The texts.
   * @throws {Refusal} If it is missing or something else.
   */
  texts(name: string): string[] {
    return required(name, this.optionalTexts(name));
  }

  /**
   * A whole number that may be left out.
   *
   * @param name Its key.
   * @returns The number.
   * @throws {Refusal} If it is something else.
   */
  optionalInteger(name: string): number | undefined {
    const value = this.#fields[name];
    if (value === undefined) return undefined;
    if (Number.isSafeInteger(value)) return value as number;
    throw invalid(`invalid body: "${name}" must be a whole number`);
  }

  /**
   * A whole number that must be there.
   *
   * @param name Its key.
   * @returns The number.
   * @throws {Refusal} If it is missing or something else.
   */
  integer(name: string): number {
    return required(name, this.optionalInteger(name));
  }

  /**
   * A list of objects.
   *
   * @param name Its key.
   * @returns The objects.
   * @throws {Refusal} If it is missing or something else.
   */
  objects(name: string): JsonBody[] {
    const value = this.#fields[name];
    if (Array.isArray(value)) return value.map(JsonBody.of);
    throw invalid(`invalid body: "${name}" must be a list of objects`);
  }
}

function required<T>(name: string, value: T | undefined): T {
  if (value !== undefined) return value;
  throw invalid(`invalid body: "${name}" is missing`);
}

function tooLarge(): Refusal {
  return new Refusal(
    413,
    `the body is too large: ${MAX_JSON_BODY_BYTES} bytes are allowed`,
  );
}
