/**
 * What a document of a run can hold: the values that YAML, as the Python SDK writes and reads it, can carry.
 *
 * JavaScript has one number type, so `1` and `1.0` are the same value here.
 */
export type YamlValue = YamlScalar | YamlList | YamlMap | YamlTable;

/** A value without parts. Integers beyond 2^53 are `bigint`. */
export type YamlScalar = null | boolean | number | bigint | string;

/** A list of values. */
export interface YamlList extends ReadonlyArray<YamlValue> {}

/** A map with string keys, in order; JavaScript moves keys that look like array indices to the front. */
export interface YamlMap {
  /** The value under a key. */
  readonly [key: string]: YamlValue;
}

/** A map that keeps the type and the order of its keys; keys are scalars. */
export interface YamlTable extends ReadonlyMap<YamlValue, YamlValue> {}
