/** A temporary directory that is gone when its block ends. */
export interface TempDir extends Disposable {
  /** The directory's path, without symbolic links. */
  readonly path: string;
}

/** Makes a temporary directory for one test: `using dir = tempDir()`. */
export function tempDir(): TempDir {
  const path = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "em-test-" }));
  return {
    path,
    [Symbol.dispose]: () => Deno.removeSync(path, { recursive: true }),
  };
}
