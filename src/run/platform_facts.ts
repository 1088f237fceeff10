import type { PlatformFacts } from "../format/environment.ts";
import { granted } from "../local/permissions.ts";

/**
 * What is known of the machine and the runtime.
 *
 * @param leftOut Gets a line for each fact that a missing permission hides.
 * @returns The facts for `platform.yaml`.
 */
export function platformFacts(leftOut: string[]): PlatformFacts {
  return {
    hostname: hostname(leftOut),
    os: operatingSystem(leftOut),
    python: null,
    pypkgs: {},
    framework: "",
    deno: Deno.version.deno,
    v8: Deno.version.v8,
    typescript: Deno.version.typescript,
  };
}

/**
 * The host's name.
 *
 * @param leftOut Gets a line if a missing permission hides it.
 * @returns The name, or null.
 */
export function hostname(leftOut: string[] = []): string | null {
  if (granted({ name: "sys", kind: "hostname" })) return Deno.hostname();
  leftOut.push("the host name (--allow-sys=hostname)");
  return null;
}

/** In the manner of Python's `platform.platform()`: `Linux-5.15.0-89-generic-x86_64`. */
function operatingSystem(leftOut: string[]): string {
  const names: Partial<Record<typeof Deno.build.os, string>> = {
    linux: "Linux",
    darwin: "macOS",
    windows: "Windows",
  };
  const parts = [names[Deno.build.os] ?? Deno.build.os];
  if (granted({ name: "sys", kind: "osRelease" })) parts.push(Deno.osRelease());
  else leftOut.push("the system's release (--allow-sys=osRelease)");
  return [...parts, Deno.build.arch].join("-");
}
