/** Makes the directory and its parents unless it is there. */
export async function ensureDir(dir: string | URL): Promise<void> {
  try {
    await Deno.mkdir(dir, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
    check(await Deno.stat(dir));
  }
}

/** Makes the directory and its parents unless it is there. */
export function ensureDirSync(dir: string | URL): void {
  try {
    Deno.mkdirSync(dir, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
    check(Deno.statSync(dir));
  }
}

function check(stat: Deno.FileInfo): void {
  if (stat.isDirectory) return;
  const type = stat.isFile ? "file" : undefined;
  throw new Error(
    `Failed to ensure directory exists: expected 'dir', got '${type}'`,
  );
}
