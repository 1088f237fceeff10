import { basename, dirname, join } from "@std/path";

/**
 * Writes a text file that only its owner may read (mode 0600), whole or not at all: under a temporary name first, then
 * renamed. Missing directories are made for the owner alone (mode 0700). A symbolic link stays one; its target is written.
 *
 * @param path The file.
 * @param text What it is to hold.
 */
export async function writePrivateFile(
  path: string,
  text: string,
): Promise<void> {
  await Deno.mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const target = await resolveLink(path);
  const temporary = join(
    dirname(target),
    `.${basename(target)}.${crypto.randomUUID()}.tmp`,
  );
  try {
    await writeNew(temporary, text);
    await Deno.rename(temporary, target);
  } catch (error) {
    await Deno.remove(temporary).catch(() => {});
    throw error;
  }
}

async function resolveLink(path: string): Promise<string> {
  try {
    return await Deno.realPath(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return path;
    throw error;
  }
}

async function writeNew(path: string, text: string): Promise<void> {
  using file = await Deno.open(path, {
    write: true,
    createNew: true,
    mode: 0o600,
  });
  let rest = new TextEncoder().encode(text);
  while (rest.length > 0) rest = rest.subarray(await file.write(rest));
  await file.sync();
}
