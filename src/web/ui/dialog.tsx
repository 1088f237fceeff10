/**
 * Dialogs.
 *
 * @module
 */

import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { COMMON } from "../text/common.ts";
import { Button } from "./button.tsx";

/** A dialog. */
export interface DialogProps {
  readonly title: string;
  readonly children: ComponentChildren;
  /** What stands on the button that does it; without it there is only one to close. */
  readonly submit?: string;
  readonly danger?: boolean;
  readonly wide?: boolean;
  readonly disabled?: boolean;
  /** Does it. The dialog closes when that is done; what goes wrong is shown in it. */
  readonly onSubmit?: () => void | Promise<void>;
  readonly onClose: () => void;
}

/** Shows a dialog over the page for as long as it is drawn. */
export function Dialog(props: DialogProps): JSX.Element {
  const { title, children, submit, danger, wide, disabled, onClose } = props;
  const dialog = useRef<HTMLDialogElement>(null);
  const [error, setError] = useState<string>();
  const [isBusy, setBusy] = useState(false);

  useEffect(() => {
    const before = document.activeElement;
    dialog.current?.showModal();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);

  const onSubmit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (isBusy || disabled) return;
    setBusy(true);
    setError(undefined);
    try {
      await props.onSubmit?.();
      onClose();
    } catch (reason) {
      setError(reason instanceof Error ? reason.message : String(reason));
      setBusy(false);
    }
  };
  return (
    <dialog
      ref={dialog}
      class={`dialog ${wide ? "wide" : ""}`}
      aria-label={title}
      onClose={onClose}
      onClick={(event) => {
        if (event.target === dialog.current) onClose();
      }}
    >
      <form onSubmit={onSubmit}>
        <header>
          <h2>{title}</h2>
        </header>
        <div class="body">
          {children}
          {error !== undefined && (
            <p class="notice error user-text" role="alert">{error}</p>
          )}
        </div>
        <footer>
          <Button onClick={onClose}>
            {submit === undefined ? COMMON.close() : COMMON.cancel()}
          </Button>
          {submit !== undefined && (
            <Button
              type="submit"
              kind={danger ? "danger" : "primary"}
              disabled={isBusy || (disabled ?? false)}
            >
              {submit}
            </Button>
          )}
        </footer>
      </form>
    </dialog>
  );
}
