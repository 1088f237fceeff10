/**
 * What a program printed, as pieces of text with the looks that it asked for.
 *
 * @module
 */

/** A piece of a line. */
export interface Span {
  readonly text: string;
  /** CSS classes, such as `ansi-red ansi-bold`; `""` for none. */
  readonly looks: string;
}

const COLOURS = [
  "black",
  "red",
  "green",
  "yellow",
  "blue",
  "magenta",
  "cyan",
  "white",
] as const;

type Colour = typeof COLOURS[number];

interface Looks {
  bold: boolean;
  dim: boolean;
  italic: boolean;
  underline: boolean;
  inverse: boolean;
  colour: Colour | undefined;
  ground: Colour | undefined;
}

const plain = (): Looks => ({
  bold: false,
  dim: false,
  italic: false,
  underline: false,
  inverse: false,
  colour: undefined,
  ground: undefined,
});

// deno-lint-ignore no-control-regex -- it is what is looked for
const SGR = /\x1b\[([\d;:]*)m/g;

/**
 * Characters that act rather than show: control characters but the tab, and those that turn the direction of text or
 * cannot be seen.
 */
const ACTING =
  // deno-lint-ignore no-control-regex -- it is what is looked for
  /[\0-\x08\x0a-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/**
 * Reads the colours in a line. Only those are obeyed (SGR, in the 16 basic colours); whatever else would act on a
 * terminal, or on the direction of text, becomes visible instead.
 *
 * @param line The line, without its end.
 * @returns Its pieces, in order.
 */
export function parseAnsi(line: string): Span[] {
  const spans: Span[] = [];
  const looks = plain();
  let at = 0;
  for (const match of line.matchAll(SGR)) {
    addVisible(spans, line.slice(at, match.index), classesOf(looks));
    apply(looks, match[1] ?? "");
    at = match.index + match[0].length;
  }
  addVisible(spans, line.slice(at), classesOf(looks));
  return spans;
}

/** Adds a text in which what acts is made visible. */
function addVisible(spans: Span[], text: string, looks: string): void {
  let at = 0;
  const add = (text: string, looks: string): void => {
    if (text !== "") spans.push({ text, looks });
  };
  for (const match of text.matchAll(ACTING)) {
    add(text.slice(at, match.index), looks);
    add(nameOf(match[0]), "ansi-control");
    at = match.index + match[0].length;
  }
  add(text.slice(at), looks);
}

/** A picture of a control character, or its number. */
function nameOf(char: string): string {
  const code = char.charCodeAt(0);
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  if (code === 0x7f) return "\u2421";
  return `U+${code.toString(16).toUpperCase().padStart(4, "0")}`;
}

function apply(looks: Looks, parameters: string): void {
  const codes = parameters.split(/[;:]/).map(Number);
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i] ?? 0;
    if (code === 38 || code === 48) {
      const { colour, used } = readExtended(codes.slice(i + 1));
      looks[code === 38 ? "colour" : "ground"] = colour;
      i += used;
    } else applyOne(looks, code);
  }
}

function applyOne(looks: Looks, code: number): void {
  if (code === 0) Object.assign(looks, plain());
  else if (code === 1) looks.bold = true;
  else if (code === 2) looks.dim = true;
  else if (code === 3) looks.italic = true;
  else if (code === 4) looks.underline = true;
  else if (code === 7) looks.inverse = true;
  else if (code === 22) looks.bold = looks.dim = false;
  else if (code === 23) looks.italic = false;
  else if (code === 24) looks.underline = false;
  else if (code === 27) looks.inverse = false;
  else if (code === 39) looks.colour = undefined;
  else if (code === 49) looks.ground = undefined;
  else if (inTens(code, 30) || inTens(code, 90)) {
    looks.colour = COLOURS[code % 10];
  } else if (inTens(code, 40) || inTens(code, 100)) {
    looks.ground = COLOURS[code % 10];
  }
}

const inTens = (code: number, from: number): boolean =>
  code >= from && code < from + 8;

/** `5;n` of 256 colours, or `2;r;g;b`: the basic colour that is nearest. */
function readExtended(
  codes: readonly number[],
): { readonly colour: Colour | undefined; readonly used: number } {
  const [kind, a = 0, b = 0, c = 0] = codes;
  if (kind === 2) return { colour: nearest([a, b, c]), used: 4 };
  if (kind !== 5) return { colour: undefined, used: 0 };
  if (a < 16) return { colour: COLOURS[a % 8], used: 2 };
  if (a >= 232) {
    const grey = 8 + (a - 232) * 10;
    return { colour: nearest([grey, grey, grey]), used: 2 };
  }
  const cube = (part: number): number => (part % 6) * 51;
  const at = a - 16;
  return {
    colour: nearest([
      cube(Math.floor(at / 36)),
      cube(Math.floor(at / 6)),
      cube(at),
    ]),
    used: 2,
  };
}

function nearest([r, g, b]: readonly [number, number, number]): Colour {
  const high = Math.max(r, g, b);
  const limit = Math.max(64, high * 0.6);
  const bit = (part: number): number => part >= limit ? 1 : 0;
  return COLOURS[bit(r) | bit(g) << 1 | bit(b) << 2] ?? "white";
}

function classesOf(looks: Looks): string {
  const { bold, dim, italic, underline, inverse, colour, ground } = looks;
  return [
    bold && "ansi-bold",
    dim && "ansi-dim",
    italic && "ansi-italic",
    underline && "ansi-underline",
    inverse && "ansi-inverse",
    colour && `ansi-${colour}`,
    ground && `ansi-on-${ground}`,
  ].filter(Boolean).join(" ");
}

/**
 * Marks what was searched for.
 *
 * @param spans The pieces of a line.
 * @param wanted What was searched for, in lower case; `""` marks nothing.
 * @returns Pieces, of which those with the look `mark` are what was found.
 */
export function markSpans(spans: readonly Span[], wanted: string): Span[] {
  if (wanted === "") return [...spans];
  const whole = spans.map(({ text }) => text).join("").toLowerCase();
  const ranges: (readonly [number, number])[] = [];
  for (let at = whole.indexOf(wanted); at >= 0;) {
    ranges.push([at, at + wanted.length]);
    at = whole.indexOf(wanted, at + wanted.length);
  }
  if (ranges.length === 0) return [...spans];
  const marked: Span[] = [];
  let start = 0;
  let next = 0;
  for (const { text, looks } of spans) {
    const end = start + text.length;
    let at = start;
    while (at < end) {
      while ((ranges[next]?.[1] ?? Infinity) <= at) next++;
      const [from, to] = ranges[next] ?? [Infinity, Infinity];
      const isIn = from <= at;
      const stop = Math.min(end, isIn ? to : from);
      marked.push({
        text: text.slice(at - start, stop - start),
        looks: isIn ? `${looks} mark`.trim() : looks,
      });
      at = stop;
    }
    start = end;
  }
  return marked;
}
