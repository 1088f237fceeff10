import type { Reporter } from "../../../src/reporter.ts";
import type {
  DeliveryOptions,
  NodeSpec,
  UploadIntent,
} from "../../../src/upload/types.ts";
import { API_KEY, type StandIn } from "./stand_in.ts";

/** A run directory of a test, removed with everything around it. */
export class RunDir implements Disposable {
  readonly parent = Deno.makeTempDirSync({ prefix: "em_upload_" });
  readonly path = `${this.parent}/cnn_261123_082547_iz4yni`;

  constructor(files: Readonly<Record<string, string>> = {}) {
    Deno.mkdirSync(this.path);
    for (const [key, text] of Object.entries(files)) this.write(key, text);
  }

  /** Writes a file, whole. */
  write(key: string, text: string): void {
    const path = `${this.path}/${key}`;
    Deno.mkdirSync(path.slice(0, path.lastIndexOf("/")), { recursive: true });
    Deno.writeTextFileSync(path, text);
  }

  /** Replaces a file by a rename. */
  replace(key: string, text: string): void {
    Deno.writeTextFileSync(`${this.parent}/new`, text);
    Deno.renameSync(`${this.parent}/new`, `${this.path}/${key}`);
  }

  /** Appends to a file. */
  append(key: string, text: string): void {
    Deno.writeTextFileSync(`${this.path}/${key}`, text, { append: true });
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.parent, { recursive: true });
  }
}

/** The node that the tests deliver. */
export const NODE: NodeSpec = {
  type: "Run",
  name: "cnn",
  alternativeName: "cnn_261123_082547_iz4yni",
  labels: ["CNN"],
  description: "a test",
};

/** Where it is delivered to. */
export const INTENT: UploadIntent = {
  folder: "default",
  makeFolder: false,
  conflictStrategy: "new",
};

/** The path it gets there. */
export const NODE_PATH = "/demo/default/cnn";

/** A reporter that keeps what it is told. */
export class Told implements Reporter {
  readonly infos: string[] = [];
  readonly warnings = new Map<string, string>();

  info(message: string): void {
    this.infos.push(message);
  }

  warn(kind: string, message: string): void {
    if (!this.warnings.has(kind)) this.warnings.set(kind, message);
  }
}

/** Options for a delivery of a test's directory to a test's server. */
export function deliveryOptions(
  dir: RunDir,
  server: StandIn,
  more: Partial<DeliveryOptions> = {},
): DeliveryOptions & { readonly reporter: Told } {
  return {
    dir: dir.path,
    node: NODE,
    target: { host: server.host, apiKey: API_KEY },
    intent: INTENT,
    mode: "main",
    reporter: new Told(),
    ...more,
  } as DeliveryOptions & { readonly reporter: Told };
}

/** Waits until something is so. */
export async function until(
  what: string,
  isSo: () => boolean,
  timeoutMs = 10_000,
): Promise<void> {
  const end = Date.now() + timeoutMs;
  while (!isSo()) {
    if (Date.now() > end) {
      throw new Error(`Not within ${timeoutMs} ms: ${what}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
