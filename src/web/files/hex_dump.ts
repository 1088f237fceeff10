/**
 * Bytes as numbers and characters.
 *
 * @module
 */

const PER_LINE = 16;

/**
 * Writes bytes in lines of 16: place, numbers, characters.
 *
 * @param bytes The bytes.
 * @returns The lines.
 */
export function hexDump(bytes: Uint8Array): string {
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += PER_LINE) {
    const part = [...bytes.subarray(at, at + PER_LINE)];
    const numbers = part.map((byte) => byte.toString(16).padStart(2, "0"));
    const halves = [numbers.slice(0, 8), numbers.slice(8)]
      .map((half) => half.join(" ").padEnd(23)).join("  ");
    const characters = part.map((byte) =>
      byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : "."
    ).join("");
    lines.push(`${at.toString(16).padStart(8, "0")}  ${halves}  ${characters}`);
  }
  return lines.join("\n");
}
