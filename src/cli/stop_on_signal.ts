/**
 * Stops at the first signal; a second one ends the process at once, as without us.
 *
 * @param stop Stops what runs.
 * @returns Listens no more, for what ends by itself.
 */
export function stopOnSignal(stop: () => Promise<void>): () => void {
  const signals: Deno.Signal[] = Deno.build.os === "windows"
    ? ["SIGINT", "SIGBREAK"]
    : ["SIGINT", "SIGTERM"];
  const unlisten = () => {
    for (const signal of signals) Deno.removeSignalListener(signal, onSignal);
  };
  const onSignal = () => {
    unlisten();
    stop();
  };
  for (const signal of signals) Deno.addSignalListener(signal, onSignal);
  return unlisten;
}
