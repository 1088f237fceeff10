/**
 * HTML in which nothing that others wrote means anything.
 *
 * @module
 */

/** HTML, as {@linkcode markup} makes it. */
export class Markup {
  readonly #text: string;

  /** @param text The HTML. */
  constructor(text: string) {
    this.#text = text;
  }

  /** The HTML. */
  toString(): string {
    return this.#text;
  }
}

/** What can stand in a template. */
export type Content = Markup | string | number | readonly Content[];

/**
 * Makes HTML of a template, such as `` markup`<b>${name}</b>` ``. What is put in is escaped unless it is HTML made here;
 * lists are joined. Attributes must be in double quotes.
 *
 * @param parts What is written in the template.
 * @param contents What is put in.
 * @returns The HTML.
 */
export function markup(
  parts: TemplateStringsArray,
  ...contents: readonly Content[]
): Markup {
  return new Markup(
    parts.map((part, at) =>
      part + (at < contents.length ? textOf(contents[at] as Content) : "")
    ).join(""),
  );
}

function textOf(content: Content): string {
  if (content instanceof Markup) return content.toString();
  if (typeof content === "number") return String(content);
  if (typeof content === "string") return escape(content);
  return content.map(textOf).join("");
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Control characters, and those that change the direction of the text around them, are shown as what they are not. */
const UNSAFE =
  // deno-lint-ignore no-control-regex -- these are what it is about
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;

function escape(text: string): string {
  return text.toWellFormed().replace(UNSAFE, "\ufffd")
    .replace(/[&<>"']/g, (character) => ENTITIES[character] as string);
}
