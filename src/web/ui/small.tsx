/**
 * Small things that every page uses.
 *
 * @module
 */

import { signal } from "@preact/signals";
import type { ComponentChildren, JSX } from "preact";
import { useState } from "preact/hooks";
import type { Query } from "../state/use_query.ts";
import { dismiss, toasts } from "../state/toasts.ts";
import { formatAgo, formatTime } from "../format/time.ts";
import { COMMON } from "../text/common.ts";
import { Button } from "./button.tsx";

/** Shows labels. */
export function Chips(
  { labels }: { readonly labels: readonly string[] },
): JSX.Element {
  return (
    <>
      {labels.map((label) => (
        <span key={label} class="chip" title={label}>
          <span class="cut user-text">{label}</span>
        </span>
      ))}
    </>
  );
}

/** A button that copies a text. */
export function CopyButton({ text }: { readonly text: string }): JSX.Element {
  const [isCopied, setCopied] = useState(false);
  return (
    <Button
      kind="quiet"
      icon={isCopied ? "check" : "copy"}
      label={isCopied ? COMMON.copied() : COMMON.copy()}
      onClick={async () => {
        await navigator.clipboard.writeText(text);
        setCopied(true);
        setTimeout(() => setCopied(false), 1500);
      }}
    />
  );
}

const now = signal(Date.now());
setInterval(() => now.value = Date.now(), 15_000);

/** Shows how long ago something was; when exactly, on hover. */
export function Ago({ ms }: { readonly ms: number }): JSX.Element {
  return (
    <time dateTime={new Date(ms).toISOString()} title={formatTime(ms)}>
      {formatAgo(Math.max(now.value, ms) - ms)}
    </time>
  );
}

/** Shows several buttons of which one is pressed. */
export function Segments<T extends string>(
  { label, options, value, onChange }: {
    readonly label: string;
    readonly options: readonly { readonly value: T; readonly text: string }[];
    readonly value: T;
    readonly onChange: (value: T) => void;
  },
): JSX.Element {
  return (
    <div class="segments" role="group" aria-label={label}>
      {options.map((option) => (
        <button
          type="button"
          key={option.value}
          aria-pressed={option.value === value}
          onClick={() => onChange(option.value)}
        >
          {option.text}
        </button>
      ))}
    </div>
  );
}

/** Shows parts of a page of which one is shown. */
export function Tabs(
  { tabs, current }: {
    readonly tabs: readonly {
      readonly id: string;
      readonly text: string;
      readonly href: string;
    }[];
    readonly current: string;
  },
): JSX.Element {
  return (
    <nav class="tabs">
      {tabs.map(({ id, text, href }) => (
        <a
          key={id}
          href={href}
          {...(id === current ? { "aria-current": "page" as const } : {})}
        >
          {text}
        </a>
      ))}
    </nav>
  );
}

/** Shows what went wrong, with a button that tries again. */
export function Failure(
  { error, retry }: {
    readonly error: Error;
    readonly retry?: (() => void) | undefined;
  },
): JSX.Element {
  return (
    <div class="notice error" role="alert">
      <span class="user-text">{error.message || COMMON.failed()}</span>
      {retry && <Button onClick={retry}>{COMMON.retry()}</Button>}
    </div>
  );
}

/** Shows an answer, or that it is waited for, or what went wrong; an answer stays visible while it is asked for again. */
export function Answer<T>(
  { query, children }: {
    readonly query: Query<T>;
    readonly children: (data: T) => ComponentChildren;
  },
): JSX.Element {
  const { data, error, reload } = query;
  return (
    <>
      {error && <Failure error={error} retry={reload} />}
      {data !== undefined && children(data)}
      {data === undefined && !error && <Skeleton />}
    </>
  );
}

/** Stands where something is still waited for. */
export function Skeleton(
  { lines = 4 }: { readonly lines?: number },
): JSX.Element {
  return (
    <div class="page" role="status" aria-label={COMMON.loading()}>
      {Array.from(
        { length: lines },
        (_, i) => <div key={i} class="skeleton" />,
      )}
    </div>
  );
}

/** Shows the messages at the edge of the page. */
export function Toasts(): JSX.Element {
  return (
    <div class="toasts" role="status" aria-live="polite">
      {toasts.value.map(({ id, kind, text, action }) => (
        <div key={id} class={`toast ${kind}`}>
          <span class="user-text">{text}</span>
          {action && (
            <Button
              onClick={() => {
                dismiss(id);
                action.run();
              }}
            >
              {action.label}
            </Button>
          )}
          <Button
            kind="quiet"
            icon="close"
            label={COMMON.close()}
            onClick={() =>
              dismiss(id)}
          />
        </div>
      ))}
    </div>
  );
}
