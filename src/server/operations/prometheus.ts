/**
 * Numbers in Prometheus' text format, version 0.0.4.
 *
 * @module
 */

/** The media type of the format. */
export const PROMETHEUS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

/** Names and values that tell samples of one metric apart. Values come from small sets. */
export type Labels = Readonly<Record<string, string>>;

/** A metric. */
export interface Metric {
  /** @returns Its lines, each with its line end. */
  text(): string;
}

/** A name and what it means. */
export interface MetricHead {
  /** The name. */
  readonly name: string;
  /** One sentence without a full stop. */
  readonly help: string;
}

/** A number that only grows, for each set of labels. */
export class Counter implements Metric {
  readonly #head: MetricHead;
  readonly #values = new Map<string, number>();

  /** @param head What it is. */
  constructor(head: MetricHead) {
    this.#head = head;
  }

  /**
   * Counts.
   *
   * @param labels Which sample.
   * @param amount How much is added.
   */
  add(labels: Labels, amount = 1): void {
    const key = labelText(labels);
    this.#values.set(key, (this.#values.get(key) ?? 0) + amount);
  }

  /** @returns Its lines. */
  text(): string {
    const { name } = this.#head;
    const lines = Array.from(
      this.#values,
      ([labels, value]) => sample(name, labels, value),
    );
    return head(this.#head, "counter") + lines.join("");
  }
}

/** Numbers that are looked up when they are asked for. */
export class Observed implements Metric {
  readonly #head: MetricHead & { readonly type: "counter" | "gauge" };
  readonly #read: () => number | readonly (readonly [Labels, number])[];

  /**
   * @param head What it is.
   * @param read Looks up the number, or one for each set of labels.
   */
  constructor(
    head: MetricHead & { readonly type: "counter" | "gauge" },
    read: () => number | readonly (readonly [Labels, number])[],
  ) {
    this.#head = head;
    this.#read = read;
  }

  /** @returns Its lines. */
  text(): string {
    const { name, type } = this.#head;
    const read = this.#read();
    const samples = typeof read === "number" ? [[{}, read] as const] : read;
    return head(this.#head, type) +
      samples.map(([labels, value]) => sample(name, labelText(labels), value))
        .join("");
  }
}

/** How many observations lie below each of some bounds, for each set of labels. */
export class Histogram implements Metric {
  readonly #head: MetricHead;
  readonly #bounds: readonly number[];
  readonly #series = new Map<string, { counts: number[]; sum: number }>();

  /**
   * @param head What it is.
   * @param bounds The bounds, rising; infinity is added.
   */
  constructor(head: MetricHead, bounds: readonly number[]) {
    this.#head = head;
    this.#bounds = [...bounds, Infinity];
  }

  /**
   * Adds an observation.
   *
   * @param labels Which series.
   * @param value What was observed.
   */
  observe(labels: Labels, value: number): void {
    const key = labelText(labels);
    let series = this.#series.get(key);
    if (series === undefined) {
      series = { counts: this.#bounds.map(() => 0), sum: 0 };
      this.#series.set(key, series);
    }
    const index = this.#bounds.findIndex((bound) => value <= bound);
    series.counts[index] = (series.counts[index] ?? 0) + 1;
    series.sum += value;
  }

  /** @returns Its lines. */
  text(): string {
    const { name } = this.#head;
    let lines = head(this.#head, "histogram");
    for (const [labels, { counts, sum }] of this.#series) {
      let below = 0;
      for (const [index, bound] of this.#bounds.entries()) {
        below += counts[index] ?? 0;
        const bounded = `${labels}${labels && ","}le="${number(bound)}"`;
        lines += sample(`${name}_bucket`, bounded, below);
      }
      lines += sample(`${name}_sum`, labels, sum);
      lines += sample(`${name}_count`, labels, below);
    }
    return lines;
  }
}

function head({ name, help }: MetricHead, type: string): string {
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`;
}

function sample(name: string, labels: string, value: number): string {
  return `${name}${labels && `{${labels}}`} ${number(value)}\n`;
}

function number(value: number): string {
  if (Number.isFinite(value)) return String(value);
  return Number.isNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";
}

function labelText(labels: Labels): string {
  let text = "";
  for (const name in labels) {
    const value = (labels[name] ?? "").replace(
      /[\\"\n]/g,
      (character) => character === "\n" ? "\\n" : `\\${character}`,
    );
    text += `${text && ","}${name}="${value}"`;
  }
  return text;
}
