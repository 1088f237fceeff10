/**
 * The time, for what shows how long something has been going on.
 *
 * @module
 */

import { signal } from "@preact/signals";

/** Now, every second. */
export const second = signal(Date.now());
setInterval(() => second.value = Date.now(), 1000);

/** Now, every half minute. */
export const halfMinute = signal(Date.now());
setInterval(() => halfMinute.value = Date.now(), 30_000);
