/** What the budget knows of a file. */
export interface FileAccount {
  /** The file's size now. */
  readonly sizeBytes: number;
  /** How many bytes of it were sent; attempts that failed and explicit flushes do not count. */
  readonly sentBytes: number;
  /** How many of these were sent when it went for the first time. */
  readonly firstBytes: number;
  /** How many of these were ends that were appended. */
  readonly tailBytes: number;
}

/**
 * How many bytes all files of a directory together may cost before their end without regard to their sizes, where nothing
 * can be appended.
 */
export const ALLOWANCE_BYTES = 32 * 1024;

/** What is kept beyond the budget for documents that are rewritten, or have doubled. */
export const RESERVE_BYTES = 16 * 1024;

/** The same where files can be appended to. */
export const APPEND_ALLOWANCE_BYTES = 32 * 1024;

/** So much of its size may be sent of a file before its end. */
const OWN_SHARE = 0.85;
const APPEND_SHARE = 0.05;
/** So much of the allowance may go to one file that is no document; the rest is for those. */
const LARGE_SHARE = 0.5;

/**
 * How many bytes may be spent on showing files that change before they are final.
 *
 * Where objects can only be sent whole, what is sent of a file before its end may come to its first sending or 85 % of its
 * size, whichever is more. What goes beyond that is charged to what all files share: what these 85 % leave of all their
 * sizes, or of an allowance of 32 KiB once that is more; 16 KiB beside it are kept for documents that are rewritten, or have doubled. It is
 * paid back as the files grow. With the end that makes, at whatever moment the end comes, at most twice the final bytes or
 * 48 KiB more than those, whichever is more; not counted are explicit flushes, attempts that failed, files that are
 * shortened or removed, and a document that is rewritten all the time, which goes once a minute.
 *
 * Where objects can be appended to, what was added costs nothing, and to send something again is charged to an allowance
 * of 32 KiB or a twentieth of all files, whichever is more.
 */
export class SendBudget {
  readonly #canAppend: boolean;
  #commonBytes = 0;

  /**
   * @param files The directory's files.
   * @param canAppend Whether objects can be appended to.
   */
  constructor(files: Iterable<FileAccount>, canAppend: boolean) {
    this.#canAppend = canAppend;
    let [sum, charged, kept] = [0, 0, 0];
    for (const file of files) {
      sum += Math.max(file.sizeBytes, file.firstBytes);
      charged += this.#charge(file);
      kept += ownBytes(file);
    }
    this.#commonBytes = canAppend
      ? Math.max(APPEND_ALLOWANCE_BYTES, APPEND_SHARE * sum) - charged
      : Math.max(ALLOWANCE_BYTES, sum - RESERVE_BYTES) - kept - charged;
  }

  /**
   * Tells how many bytes may be spent on a file now.
   *
   * @param file The file.
   * @param isDocument Whether it is small: then it may use up what all files share.
   * @returns The number, possibly none or less.
   */
  for(file: FileAccount, isDocument: boolean): number {
    if (this.#canAppend) return this.#commonBytes;
    const common = this.#commonBytes;
    const own = ownBytes(file) - file.sentBytes;
    if (isDocument) return Math.max(0, own) + common;
    const some = LARGE_SHARE * ALLOWANCE_BYTES - file.sentBytes;
    return Math.max(own + Math.min(0, common), Math.min(some, common));
  }

  /**
   * Takes note that something was sent.
   *
   * @param before The file before.
   * @param after The file after.
   */
  spend(before: FileAccount, after: FileAccount): void {
    this.#commonBytes -= this.#charge(after) - this.#charge(before);
  }

  #charge(file: FileAccount): number {
    return this.#canAppend
      ? file.sentBytes - file.firstBytes - file.tailBytes
      : Math.max(0, file.sentBytes - ownBytes(file));
  }
}

function ownBytes({ sizeBytes, firstBytes }: FileAccount): number {
  return Math.max(firstBytes, OWN_SHARE * sizeBytes);
}
