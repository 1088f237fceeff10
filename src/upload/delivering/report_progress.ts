import type { DeliveryProgress } from "../types.ts";

const INTERVAL_MS = 200;

/**
 * Tells again and again how much is on its way.
 *
 * @param source Knows it.
 * @param onProgress Is told; nothing happens without it.
 * @returns Ends the telling.
 */
export function reportProgress(
  source: { readonly progress: DeliveryProgress },
  onProgress: ((progress: DeliveryProgress) => void) | undefined,
): Disposable {
  const timer = onProgress &&
    setInterval(() => onProgress(source.progress), INTERVAL_MS);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
