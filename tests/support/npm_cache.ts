import { join } from "@std/path";

/**
 * Lets a cache of a test have what is known of the real npm registry, which need not be asked again.
 *
 * @param cache The cache's directory.
 * @param options What else goes there. With `own`, what another registry gives does not lie among that. Default: false.
 */
export async function lendNpmCache(
  cache: string,
  { own = false }: { readonly own?: boolean } = {},
): Promise<void> {
  const known = await npmCache();
  const npm = join(cache, "npm");
  if (!own) return Deno.symlinkSync(known, npm);
  Deno.mkdirSync(npm);
  for (const { name } of Deno.readDirSync(known)) {
    Deno.symlinkSync(join(known, name), join(npm, name));
  }
}

/** Where Deno keeps what came from npm. */
async function npmCache(): Promise<string> {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json"],
  }).output();
  const { npmCache } = JSON.parse(new TextDecoder().decode(stdout));
  Deno.mkdirSync(npmCache, { recursive: true });
  return npmCache;
}
