import type { ErrorData, ReportData } from "./error_data.ts";
import type { DeliveryProgress, FollowerJob, PlacedNode } from "../types.ts";

/** What the main thread tells the worker; `id` names a delivery, `request` an answer that is waited for. */
export type ToWorker =
  | { readonly kind: "start"; readonly id: number; readonly job: FollowerJob }
  | {
    readonly kind: "wait";
    readonly id: number;
    readonly request: number;
    readonly final: boolean;
    readonly timeoutMs: number;
    /** Whether somebody wants to see how far it has come. */
    readonly progress: boolean;
  }
  | { readonly kind: "give-up"; readonly id: number; readonly request: number }
  | {
    readonly kind: "last-call";
    readonly id: number;
    readonly timeoutMs: number;
    /** Becomes 1 when everything was delivered, 2 when not. */
    readonly flag: SharedArrayBuffer;
  }
  | { readonly kind: "close"; readonly id: number };

/** What the worker tells the main thread. */
export type FromWorker =
  | { readonly kind: "placed"; readonly id: number; readonly node: PlacedNode }
  | { readonly kind: "skipped"; readonly id: number; readonly path: string }
  | { readonly kind: "refused"; readonly id: number; readonly error: ErrorData }
  | {
    readonly kind: "progress";
    readonly id: number;
    readonly request: number;
    readonly progress: DeliveryProgress;
  }
  | {
    readonly kind: "report";
    readonly id: number;
    readonly request: number;
    readonly report: ReportData;
  }
  | {
    readonly kind: "info";
    readonly id: number;
    readonly message: string;
    readonly ends: string | undefined;
  }
  | {
    readonly kind: "warn";
    readonly id: number;
    readonly topic: string;
    readonly message: string;
  };
