import {
  type EmServer,
  metadataText,
  metricsText,
} from "../metrics/support.ts";

export interface Made {
  readonly ids: readonly string[];
  readonly rows: readonly {
    readonly name: string;
    readonly lr: number;
    readonly optimizer: string | undefined;
    readonly loss: readonly number[];
    readonly status: string;
    readonly labels: readonly string[];
  }[];
}

/** A folder with runs of all kinds, indexed. */
export async function makeRuns(server: EmServer): Promise<Made> {
  await server.make("/demo/f", "Folder");
  await server.make("/demo/f/deep", "Folder");
  const rows = Array.from({ length: 12 }, (_, index) => ({
    name: `run-${String(index).padStart(2, "0")}`,
    lr: [0.1, 0.01, 1e-3][index % 3] ?? 0,
    optimizer: index % 4 === 0 ? undefined : index % 2 === 0 ? "adam" : "sgd",
    loss: [3, index === 5 ? NaN : index, index === 7 ? Infinity : 2],
    status: index === 11 ? "Running" : index % 5 === 0 ? "Error" : "Complete",
    labels: index % 6 === 0 ? ["CNN", "基线"] : [],
  }));
  const ids: string[] = [];
  for (const { name, lr, optimizer, loss, status, labels } of rows) {
    const path = `/demo/f/${name}`;
    ids.push(await server.make(path, "Run", labels));
    await server.put(
      `${path}/hyperparameters.yaml`,
      `lr: ${lr}\nmodel:\n  depth: 3\n  widths: [1, 2]\n` +
        `nothing: null\nhuge: 123456789012345678901\nodd: .nan\nflag: true\n` +
        (optimizer ? `optimizer: ${optimizer}\n` : ""),
    );
    await server.put(
      `${path}/metrics/train.yaml`,
      metricsText(loss.map((value, step) => ({
        values: { loss: value, "a/b.c": step },
        step,
        epoch: 0,
      }))),
    );
    const ended = status === "Running"
      ? undefined
      : "2026-11-23T09:00:00.000001+00:00";
    await server.put(
      `${path}/metadata.yaml`,
      metadataText(name, status, ended === undefined ? {} : { ended }),
    );
  }
  await server.put("/demo/f/run-00/git.yaml", "branch: main\ncommit: abc\n");
  await server.put("/demo/f/run-00/index.yaml", "metrics: [broken\n");
  await server.until(
    () =>
      server.json("GET /em/v1/rows", {
        query: {
          folder: "/demo/f",
          filter: "train.loss.count = 3 and status is not null",
        },
      }),
    ({ pagination }) => pagination.total === 12,
  );
  await server.until(
    () => server.json("GET /em/v1/columns", { query: { folder: "/demo/f" } }),
    ({ git }) => git.length === 2,
  );
  return { ids, rows };
}
