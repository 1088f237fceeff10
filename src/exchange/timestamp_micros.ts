/**
 * Reads a timestamp with its microseconds, of which `Date.parse` keeps only milliseconds.
 *
 * @param timestamp ISO 8601 with offset.
 * @returns Microseconds since 1970-01-01T00:00:00Z; undefined if it is no timestamp.
 */
export function timestampMicros(timestamp: string): number | undefined {
  const rest = /\.\d{3}(\d{3})/.exec(timestamp)?.[1] ?? "0";
  const micros = Math.floor(Date.parse(timestamp)) * 1000 + Number(rest);
  return Number.isNaN(micros) ? undefined : micros;
}
