import { granted } from "../local/permissions.ts";

/** What may be looked at for system metrics. */
export interface SystemSources {
  /** The times of the machine's processors. */
  readonly cpus: boolean;
  /** The machine's memory. */
  readonly memory: boolean;
  /** The room on the disk. */
  readonly disk: boolean;
  /** Linux's `/proc`: traffic of disks and network, and this process's children. */
  readonly proc: boolean;
  /** The program `nvidia-smi`. */
  readonly gpus: boolean;
}

/**
 * Finds out what may be looked at; nothing is ever prompted for.
 *
 * @param leftOut Gets a line for each thing that a missing permission hides.
 * @returns What may be looked at.
 */
export function allowedSources(leftOut: string[]): SystemSources {
  const ask = (isGranted: boolean, what: string) => {
    if (!isGranted) leftOut.push(what);
    return isGranted;
  };
  return {
    cpus: ask(maySee("cpus"), "the machine's processors (--allow-sys=cpus)"),
    memory: ask(
      maySee("systemMemoryInfo"),
      "the machine's memory (--allow-sys=systemMemoryInfo)",
    ),
    disk: ask(maySee("statfs"), "the room on the disk (--allow-sys=statfs)"),
    proc: Deno.build.os === "linux" &&
      ask(
        mayAll(),
        "child processes and the traffic of disks and network (--allow-all)",
      ),
    gpus: ask(
      granted({ name: "run", command: "nvidia-smi" }),
      "the GPUs (--allow-run=nvidia-smi)",
    ),
  };
}

/** Deno's types do not know all of them. */
function maySee(kind: string): boolean {
  return granted({ name: "sys", kind } as Deno.SysPermissionDescriptor);
}

const ALL = ["read", "write", "net", "env", "sys", "run", "ffi", "import"];

/** Deno keeps `/proc` for those who may do everything, and would ask anybody else on a terminal. */
function mayAll(): boolean {
  return ALL.every((name) => granted({ name } as Deno.PermissionDescriptor));
}
