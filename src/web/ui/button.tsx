/**
 * Buttons.
 *
 * @module
 */

import type { ComponentChildren, JSX, TargetedMouseEvent } from "preact";
import { Icon, type IconName } from "./icon.tsx";

/** A button. */
export interface ButtonProps {
  readonly children?: ComponentChildren;
  readonly icon?: IconName;
  /** What an icon without a text means. */
  readonly label?: string;
  readonly kind?: "normal" | "primary" | "danger" | "quiet";
  readonly type?: "button" | "submit";
  readonly disabled?: boolean;
  /** For one that switches something on and off. */
  readonly pressed?: boolean;
  readonly onClick?: (event: TargetedMouseEvent<HTMLButtonElement>) => void;
}

/** Shows a button; with an icon and no text, its label is read aloud and shown on hover. */
export function Button(props: ButtonProps): JSX.Element {
  const { children, icon, label, kind = "normal", type = "button" } = props;
  const { disabled = false, pressed, onClick } = props;
  return (
    <button
      type={type}
      class={`button ${kind} ${children === undefined ? "icon" : ""}`}
      disabled={disabled}
      {...(label === undefined ? {} : { "aria-label": label, title: label })}
      {...(pressed === undefined ? {} : { "aria-pressed": pressed })}
      {...(onClick === undefined ? {} : { onClick })}
    >
      {icon && <Icon name={icon} />}
      {children}
    </button>
  );
}
