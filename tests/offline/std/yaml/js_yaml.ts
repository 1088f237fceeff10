// deno-lint-ignore no-import-prefix
import jsYaml from "npm:js-yaml@3.15.2";

/** What stands behind the schema names of the original. */
export type SchemaType = "failsafe" | "json" | "core" | "default" | "extended";

interface Type {
  readonly tag: string;
  readonly resolve: (text: string | null) => boolean;
}

interface Schema {
  readonly compiledImplicit: readonly Type[];
  readonly compiledExplicit: readonly Type[];
}

interface Library {
  readonly FAILSAFE_SCHEMA: Schema;
  readonly JSON_SCHEMA: Schema;
  readonly CORE_SCHEMA: Schema;
  readonly DEFAULT_SAFE_SCHEMA: Schema;
  readonly DEFAULT_FULL_SCHEMA: Schema;
  readonly Schema: new (parts: unknown) => Schema;
  readonly YAMLException: new () => Error;
  safeLoad(text: string, options: unknown): unknown;
  safeLoadAll(text: string, visit: null, options: unknown): unknown[];
  safeDump(value: unknown, options: unknown): string;
}

/** The part of js-yaml 3 that the stand-in uses. */
export const library = jsYaml as Library;

const schemas: Record<Exclude<SchemaType, "extended">, Schema> = {
  failsafe: library.FAILSAFE_SCHEMA,
  json: withoutBase60(library.JSON_SCHEMA),
  core: withoutBase60(library.CORE_SCHEMA),
  default: withoutBase60(library.DEFAULT_SAFE_SCHEMA),
};

/** The schema of that name; the original's default is "default". */
export function schemaOf(name: SchemaType = "default"): Schema {
  return name === "extended" ? extended() : schemas[name];
}

/** js-yaml 3 reads `1:30` as the number 90, the original as a string. */
function withoutBase60(schema: Schema): Schema {
  const implicit = schema.compiledImplicit.filter(isNumber).map((type) => ({
    ...type,
    resolve: (text: string | null) =>
      !text?.includes(":") && type.resolve(text),
  }));
  return new library.Schema({ include: [schema], implicit });
}

/** The original knows these two of js-yaml's types, but no functions. */
function extended(): Schema {
  const tags = [
    "tag:yaml.org,2002:js/regexp",
    "tag:yaml.org,2002:js/undefined",
  ];
  const explicit = library.DEFAULT_FULL_SCHEMA.compiledExplicit
    .filter(({ tag }) => tags.includes(tag));
  return new library.Schema({ include: [schemas.default], explicit });
}

function isNumber({ tag }: Type): boolean {
  return tag === "tag:yaml.org,2002:int" || tag === "tag:yaml.org,2002:float";
}
