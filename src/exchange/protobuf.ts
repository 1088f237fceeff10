/**
 * As much of the Protocol Buffers wire format as event files need.
 *
 * @module
 */

import { concat } from "./bytes.ts";

/** A field of a message, as it stands on the wire. */
export interface ProtoField {
  /** The field's number. */
  readonly number: number;
  /** The bytes of a text, a message, packed numbers, or of a number of fixed width; empty for a varint. */
  readonly bytes: Uint8Array;
  /** A varint's value, of 64 bits without a sign; 0 for the rest. */
  readonly varint: bigint;
}

/** Bytes are no message: they end too early, or use what nobody uses any more. */
export class ProtoError extends Error {
  /** The class's name. */
  override name = "ProtoError";
}

const text = new TextDecoder();
const encoder = new TextEncoder();
const NO_BYTES = new Uint8Array();
const VARINT = 0;
const FIXED_64 = 1;
const DELIMITED = 2;
const FIXED_32 = 5;

/**
 * Takes a message apart.
 *
 * @param bytes The message.
 * @returns Its fields, in order; their bytes are views.
 * @throws {ProtoError} If it is none.
 */
export function* protoFields(bytes: Uint8Array): Generator<ProtoField> {
  let at = 0;
  const readVarint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = bytes[at++];
      if (byte === undefined) throw new ProtoError("a number is cut off");
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
    throw new ProtoError("a number is too long");
  };
  const take = (length: number): Uint8Array => {
    if (length > bytes.length - at) throw new ProtoError("a field is cut off");
    return bytes.subarray(at, at += length);
  };
  // Keys and lengths are small, and numbers are much faster than bigints.
  const readSmall = (): number => {
    let value = 0;
    for (let scale = 1; scale < 2 ** 49; scale *= 128) {
      const byte = bytes[at++];
      if (byte === undefined) throw new ProtoError("a number is cut off");
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
    throw new ProtoError("a number is too long");
  };
  while (at < bytes.length) {
    const key = readSmall();
    const number = Math.floor(key / 8);
    const kind = key % 8;
    if (number === 0) throw new ProtoError("a field has no number");
    if (kind === VARINT) {
      yield { number, bytes: NO_BYTES, varint: readVarint() };
    } else if (kind === FIXED_64 || kind === FIXED_32) {
      yield { number, bytes: take(kind === FIXED_64 ? 8 : 4), varint: 0n };
    } else if (kind === DELIMITED) {
      yield { number, bytes: take(readSmall()), varint: 0n };
    } else {
      throw new ProtoError(`a field is of the unknown kind ${kind}`);
    }
  }
}

/**
 * Reads a text field.
 *
 * @param field The field.
 * @returns The text.
 */
export function protoText({ bytes }: ProtoField): string {
  return text.decode(bytes);
}

/**
 * Reads a signed number of up to 64 bits.
 *
 * @param field The field.
 * @returns The nearest double.
 */
export function protoInt({ varint }: ProtoField): number {
  return Number(BigInt.asIntN(64, varint));
}

/**
 * Reads numbers of the IEEE 754 kinds: one, or as many as are packed.
 *
 * @param bytes The field's bytes.
 * @param width The width of one in bytes: 4 or 8.
 * @returns The numbers.
 */
export function protoFloats(bytes: Uint8Array, width: 4 | 8): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = Math.floor(bytes.length / width);
  return Array.from(
    { length: count },
    (_, at) =>
      width === 4
        ? view.getFloat32(at * width, true)
        : view.getFloat64(at * width, true),
  );
}

/** A field that is to be written. */
export type ProtoPart = readonly Uint8Array[];

/**
 * Writes a message.
 *
 * @param parts Its fields.
 * @returns The bytes.
 */
export function protoMessage(...parts: readonly ProtoPart[]): Uint8Array {
  return concat(parts.flat());
}

/**
 * Writes a field of bytes: a message, or a text.
 *
 * @param number The field's number.
 * @param value The bytes or the text.
 * @returns The field.
 */
export function protoBytes(
  number: number,
  value: Uint8Array | string,
): ProtoPart {
  const bytes = typeof value === "string" ? encoder.encode(value) : value;
  return [varint(number * 8 + DELIMITED), varint(bytes.length), bytes];
}

/**
 * Writes a field of a signed number.
 *
 * @param number The field's number.
 * @param value The number, a whole one.
 * @returns The field.
 */
export function protoVarint(number: number, value: number): ProtoPart {
  return [varint(number * 8 + VARINT), varint(value)];
}

/**
 * Writes a field of a double.
 *
 * @param number The field's number.
 * @param value The double.
 * @returns The field.
 */
export function protoDouble(number: number, value: number): ProtoPart {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setFloat64(0, value, true);
  return [varint(number * 8 + FIXED_64), bytes];
}

function varint(value: number): Uint8Array {
  if (value < 0) return negativeVarint(value);
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 0x80) {
    bytes.push(rest % 0x80 + 0x80);
    rest = Math.floor(rest / 0x80);
  }
  bytes.push(rest);
  return Uint8Array.from(bytes);
}

function negativeVarint(value: number): Uint8Array {
  let rest = BigInt.asUintN(64, BigInt(value));
  return Uint8Array.from({ length: 10 }, (_, at) => {
    const byte = Number(rest & 0x7fn);
    rest >>= 7n;
    return at < 9 ? byte + 0x80 : byte;
  });
}
