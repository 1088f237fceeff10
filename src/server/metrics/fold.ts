/**
 * Texts to be searched.
 *
 * @module
 */

/**
 * Makes texts the same that differ only in upper and lower case, or in the forms in which a character can be written.
 *
 * @param text The text.
 * @returns What is compared.
 */
export function fold(text: string): string {
  for (let index = 0; index < text.length; index++) {
    if (text.charCodeAt(index) > 0x7f) {
      return text.normalize("NFKC").toLowerCase();
    }
  }
  return text.toLowerCase();
}
