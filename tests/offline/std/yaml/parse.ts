import { library, schemaOf, type SchemaType } from "./js_yaml.ts";

export type { SchemaType };

/** Options of {@linkcode parse}. */
export interface ParseOptions {
  /** Which plain scalars mean something; "default" if left out. */
  schema?: SchemaType;
  /** Lets the last of several equal keys win instead of throwing. */
  allowDuplicateKeys?: boolean;
  /** Called for what is odd but not an error. */
  onWarning?(error: YamlSyntaxError): void;
}

interface Mark {
  readonly line: number;
  readonly column: number;
  readonly position: number;
}

/** Where and why a text is not YAML; line and column count from 1. */
export class YamlSyntaxError extends SyntaxError {
  override readonly name = "YamlSyntaxError";
  readonly line: number;
  readonly column: number;
  readonly offset: number;

  constructor(
    message: string,
    position: { line: number; column: number; offset: number },
  ) {
    super(`${message} at line ${position.line}, column ${position.column}`);
    this.line = position.line;
    this.column = position.column;
    this.offset = position.offset;
  }
}

/** The value of a text with one document; `null` for an empty one. */
export function parse(content: string, options: ParseOptions = {}): unknown {
  const text = String(content);
  return guarded(() => library.safeLoad(text, toLibrary(options)) ?? null);
}

/** The values of all documents of a text. */
export function parseAll(
  content: string,
  options: ParseOptions = {},
): unknown[] {
  const text = String(content);
  return guarded(() => library.safeLoadAll(text, null, toLibrary(options)));
}

function toLibrary(options: ParseOptions): unknown {
  return {
    schema: schemaOf(options.schema),
    json: options.allowDuplicateKeys ?? false,
    onWarning: options.onWarning &&
      ((error: Error) => options.onWarning?.(toSyntaxError(error))),
  };
}

function guarded<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof library.YAMLException) throw toSyntaxError(error);
    throw error;
  }
}

function toSyntaxError(error: Error): YamlSyntaxError {
  const { reason, mark } = error as Error & { reason?: string; mark?: Mark };
  return new YamlSyntaxError(reason ?? error.message, {
    line: (mark?.line ?? 0) + 1,
    column: (mark?.column ?? 0) + 1,
    offset: mark?.position ?? 0,
  });
}
