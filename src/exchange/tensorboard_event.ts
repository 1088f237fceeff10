/**
 * TensorBoard's events: the parts of `Event`, `Summary` and `TensorProto` that scalars and texts use.
 *
 * @module
 */

import {
  protoBytes,
  protoDouble,
  protoFields,
  protoFloats,
  protoInt,
  protoMessage,
  protoText,
  protoVarint,
} from "./protobuf.ts";

/** What {@linkcode readEvent} finds in an event. */
export interface TensorboardEvent {
  /** When it was written, in seconds since 1970-01-01T00:00:00Z. */
  readonly wallTime: number;
  /** The step. */
  readonly step: number;
  /** The program that wrote the file, where the event says so. */
  readonly writer?: string;
  /** Its scalars, by tag. */
  readonly scalars: readonly (readonly [tag: string, value: number])[];
  /** Its texts, by tag. */
  readonly texts: readonly (readonly [tag: string, text: string])[];
  /** What the hyperparameter plugin keeps about a session, in its own message. */
  readonly session?: Uint8Array;
  /** Tags of what is neither. */
  readonly others: readonly string[];
}

const EVENT = { wallTime: 1, step: 2, version: 3, summary: 5, source: 10 };
const SUMMARY_VALUE = 1;
const VALUE = { tag: 1, simple: 2, tensor: 8, metadata: 9 };
const METADATA = { plugin: 1, dataClass: 4 };
const PLUGIN = { name: 1, content: 2 };
const TENSOR = { type: 1, shape: 2, content: 4 };
const FLOATS = 5;
const DOUBLES = 6;
const INTS = 7;
const STRINGS = 8;
const LONGS = 10;
const FLOAT_TYPE = 1;
const DOUBLE_TYPE = 2;
const STRING_TYPE = 7;
const SCALAR_CLASS = 1;
const TENSOR_CLASS = 2;

const SCALAR_METADATA = metadata("scalars", SCALAR_CLASS);
const TEXT_METADATA = metadata("text", TENSOR_CLASS);

/**
 * Writes the event that every file begins with.
 *
 * @param wallTime Seconds since 1970-01-01T00:00:00Z.
 * @param writer The program that writes the file.
 * @returns The message.
 */
export function versionEvent(wallTime: number, writer: string): Uint8Array {
  return protoMessage(
    protoDouble(EVENT.wallTime, wallTime),
    protoBytes(EVENT.version, "brain.Event:2"),
    protoBytes(EVENT.source, protoMessage(protoBytes(1, writer))),
  );
}

/** Where an event stands. */
export interface EventPlace {
  /** Seconds since 1970-01-01T00:00:00Z. */
  readonly wallTime: number;
  /** The step, a whole number. */
  readonly step: number;
}

/** Writes scalars, as tensors of doubles: nothing of them is rounded. */
export class ScalarsEncoder {
  /** The field of a summary for each tag; only its double differs from event to event. */
  readonly #fields = new Map<string, ScalarField>();

  /**
   * Writes an event.
   *
   * @param place Time and step.
   * @param names The tags.
   * @param values The values, as many.
   * @returns The message.
   */
  encode(
    place: EventPlace,
    names: readonly string[],
    values: readonly number[],
  ): Uint8Array {
    const fields = names.map((name) => this.#field(name));
    const summary = new Uint8Array(
      fields.reduce((sum, { bytes }) => sum + bytes.length, 0),
    );
    const view = new DataView(summary.buffer);
    let start = 0;
    for (const [at, { bytes, valueAt }] of fields.entries()) {
      summary.set(bytes, start);
      view.setFloat64(start + valueAt, values[at] ?? NaN, true);
      start += bytes.length;
    }
    return event(place, summary);
  }

  #field(name: string): ScalarField {
    const known = this.#fields.get(name);
    if (known !== undefined) return known;
    const tensor = protoMessage(
      protoVarint(TENSOR.type, DOUBLE_TYPE),
      protoBytes(TENSOR.shape, ""),
      protoBytes(DOUBLES, new Uint8Array(8)),
    );
    const value = summaryValue(name, { tensor, meta: SCALAR_METADATA });
    const bytes = protoMessage(protoBytes(SUMMARY_VALUE, value));
    // The double is what the tensor ends with, and the metadata are what the field ends with.
    const metaBytes = protoMessage(protoBytes(VALUE.metadata, SCALAR_METADATA));
    const field = { bytes, valueAt: bytes.length - metaBytes.length - 8 };
    this.#fields.set(name, field);
    return field;
  }
}

/** A field of a summary, and where in it the double stands. */
interface ScalarField {
  readonly bytes: Uint8Array;
  readonly valueAt: number;
}

/**
 * Writes a text.
 *
 * @param place Time and step.
 * @param tag The tag.
 * @param text The text, in Markdown.
 * @returns The message.
 */
export function textEvent(
  place: EventPlace,
  tag: string,
  text: string,
): Uint8Array {
  const tensor = protoMessage(
    protoVarint(TENSOR.type, STRING_TYPE),
    protoBytes(
      TENSOR.shape,
      protoMessage(protoBytes(2, protoMessage(protoVarint(1, 1)))),
    ),
    protoBytes(STRINGS, text),
  );
  const value = summaryValue(tag, { tensor, meta: TEXT_METADATA });
  return event(place, protoMessage(protoBytes(SUMMARY_VALUE, value)));
}

function event(
  { wallTime, step }: EventPlace,
  summary: Uint8Array,
): Uint8Array {
  return protoMessage(
    protoDouble(EVENT.wallTime, wallTime),
    protoVarint(EVENT.step, step),
    protoBytes(EVENT.summary, summary),
  );
}

function summaryValue(
  tag: string,
  { tensor, meta }: { readonly tensor: Uint8Array; readonly meta: Uint8Array },
): Uint8Array {
  return protoMessage(
    protoBytes(VALUE.tag, tag),
    protoBytes(VALUE.tensor, tensor),
    protoBytes(VALUE.metadata, meta),
  );
}

function metadata(plugin: string, dataClass: number): Uint8Array {
  return protoMessage(
    protoBytes(METADATA.plugin, protoMessage(protoBytes(PLUGIN.name, plugin))),
    protoVarint(METADATA.dataClass, dataClass),
  );
}

/**
 * Reads an event.
 *
 * @param bytes The message.
 * @returns What is in it.
 * @throws {ProtoError} If it is no message.
 */
export function readEvent(bytes: Uint8Array): TensorboardEvent {
  let [wallTime, step] = [0, 0];
  let writer: string | undefined;
  const found: FoundValues = { scalars: [], texts: [], others: [] };
  for (const field of protoFields(bytes)) {
    if (field.number === EVENT.wallTime) {
      wallTime = protoFloats(field.bytes, 8)[0] ?? 0;
    } else if (field.number === EVENT.step) step = protoInt(field);
    else if (field.number === EVENT.source) {
      for (const inner of protoFields(field.bytes)) {
        if (inner.number === 1) writer = protoText(inner);
      }
    } else if (field.number === EVENT.summary) {
      for (const inner of protoFields(field.bytes)) {
        if (inner.number === 1) readValue(inner.bytes, found);
      }
    }
  }
  return {
    wallTime,
    step,
    ...(writer === undefined ? {} : { writer }),
    ...found,
  };
}

interface FoundValues {
  readonly scalars: [string, number][];
  readonly texts: [string, string][];
  readonly others: string[];
  session?: Uint8Array;
}

function readValue(bytes: Uint8Array, found: FoundValues): void {
  let tag = "";
  let simple: number | undefined;
  let tensor: Tensor | undefined;
  let plugin = "";
  for (const field of protoFields(bytes)) {
    if (field.number === VALUE.tag) tag = protoText(field);
    else if (field.number === VALUE.simple) {
      simple = protoFloats(field.bytes, 4)[0];
    } else if (field.number === VALUE.tensor) tensor = readTensor(field.bytes);
    else if (field.number === VALUE.metadata) {
      const { name, content } = readPlugin(field.bytes);
      plugin = name;
      if (name === "hparams" && content !== undefined) found.session = content;
    }
  }
  const value = simple ?? (isScalarPlugin(plugin) ? tensor?.number : undefined);
  if (value !== undefined) found.scalars.push([tag, value]);
  else if (tensor?.text !== undefined && plugin !== "hparams") {
    found.texts.push([tag, tensor.text]);
  } else if (plugin !== "hparams") found.others.push(tag);
}

/** Only the first event of a tag has to name the plugin. */
function isScalarPlugin(name: string): boolean {
  return name === "scalars" || name === "";
}

function readPlugin(
  bytes: Uint8Array,
): { readonly name: string; readonly content: Uint8Array | undefined } {
  let name = "";
  let content: Uint8Array | undefined;
  for (const field of protoFields(bytes)) {
    if (field.number !== METADATA.plugin) continue;
    for (const inner of protoFields(field.bytes)) {
      if (inner.number === PLUGIN.name) name = protoText(inner);
      if (inner.number === PLUGIN.content) content = inner.bytes;
    }
  }
  return { name, content };
}

/** A tensor of one element. */
interface Tensor {
  readonly number?: number;
  readonly text?: string;
}

function readTensor(bytes: Uint8Array): Tensor {
  let type = 0;
  let content: Uint8Array | undefined;
  const numbers: number[] = [];
  const texts: string[] = [];
  for (const field of protoFields(bytes)) {
    if (field.number === TENSOR.type) type = protoInt(field);
    else if (field.number === TENSOR.content) content = field.bytes;
    else if (field.number === FLOATS) {
      numbers.push(...protoFloats(field.bytes, 4));
    } else if (field.number === DOUBLES) {
      numbers.push(...protoFloats(field.bytes, 8));
    } else if (field.number === STRINGS) texts.push(protoText(field));
    else if (field.number === INTS || field.number === LONGS) {
      numbers.push(...readInts(field.bytes, field.varint));
    }
  }
  if (content !== undefined && content.length > 0) {
    if (type === FLOAT_TYPE) numbers.push(...protoFloats(content, 4));
    if (type === DOUBLE_TYPE) numbers.push(...protoFloats(content, 8));
  }
  const [number] = numbers;
  const [text] = texts;
  return {
    ...(numbers.length === 1 && number !== undefined ? { number } : {}),
    ...(type === STRING_TYPE && text !== undefined ? { text } : {}),
  };
}

/** Whole numbers, one a field or packed: a run of varints is what a message of one repeated field would hold. */
function readInts(bytes: Uint8Array, varint: bigint): number[] {
  if (bytes.length === 0) return [Number(BigInt.asIntN(64, varint))];
  const found: number[] = [];
  let [value, shift] = [0n, 0n];
  for (const byte of bytes) {
    value |= BigInt(byte & 0x7f) << shift;
    shift += 7n;
    if (byte >= 0x80) continue;
    found.push(Number(BigInt.asIntN(64, value)));
    [value, shift] = [0n, 0n];
  }
  return found;
}
