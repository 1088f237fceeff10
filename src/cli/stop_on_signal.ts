/**
 * Stops at the first signal; a second one ends the process at once, as without us.
 *
 * @param stop Stops what runs.
 */
export function stopOnSignal(stop: () => Promise<void>): void {
  const signals: Deno.Signal[] = Deno.build.os === "windows"
    ? ["SIGINT", "SIGBREAK"]
    : ["SIGINT", "SIGTERM"];
  const onSignal = () => {
    for (const signal of signals) Deno.removeSignalListener(signal, onSignal);
    stop();
  };
  for (const signal of signals) Deno.addSignalListener(signal, onSignal);
}
