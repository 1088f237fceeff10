/** Reads what a source imports, with the parser of `deno lint`. */

type Node = Deno.lint.Node;

/**
 * The specifiers of a TypeScript source: static imports, re-exports, dynamic
 * imports, types, and the modules of workers (`new URL("./x.ts",
 * import.meta.url)`). One that is not written out is given as `undefined`.
 */
export function importsOf(path: string, text: string): (string | undefined)[] {
  const found: (string | undefined)[] = [];
  const add = (node: Node | null) => void found.push(literal(node));
  const visitor: Deno.lint.LintVisitor = {
    ImportDeclaration: (node) => add(node.source),
    ExportAllDeclaration: (node) => add(node.source),
    ExportNamedDeclaration: (node) => node.source && add(node.source),
    ImportExpression: (node) => add(node.source),
    TSExternalModuleReference: (node) => add(node.expression),
    TSImportType: (node) => add(node.argument),
    NewExpression(node) {
      const [url] = node.arguments;
      const isUrl = node.callee.type === "Identifier" &&
        node.callee.name === "URL" && node.arguments.length === 2;
      const specifier = isUrl && url ? literal(url) : undefined;
      if (specifier && /^\.\.?\/.*\.[jt]sx?$/.test(specifier)) {
        found.push(specifier);
      }
    },
  };
  Deno.lint.runPlugin(
    { name: "house", rules: { imports: { create: () => visitor } } },
    path,
    text,
  );
  return found;
}

function literal(node: Node | null): string | undefined {
  if (node?.type === "TSLiteralType") return literal(node.literal);
  return node?.type === "Literal" && typeof node.value === "string"
    ? node.value
    : undefined;
}
