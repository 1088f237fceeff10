/**
 * The environment of somebody who knows nothing of this package: without what concerns Deno, registries or it.
 *
 * @returns The variables.
 */
export function foreignEnv(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(Deno.env.toObject()).filter(([name]) =>
      !/^(DENO|EM|T9K|JSR)_/.test(name)
    ),
  );
}
