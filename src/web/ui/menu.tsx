/**
 * Menus.
 *
 * @module
 */

import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Icon, type IconName } from "./icon.tsx";

/** Something in a menu. */
export interface MenuItem {
  readonly label: string;
  readonly icon?: IconName;
  readonly danger?: boolean;
  readonly disabled?: boolean;
  /** For one of several: whether it is the chosen one. */
  readonly checked?: boolean;
  /** A line above it. */
  readonly separated?: boolean;
  /** Where it leads. */
  readonly href?: string;
  readonly onSelect?: () => void;
}

/** A button with a menu. */
export interface MenuProps {
  /** What the button is called. */
  readonly label: string;
  readonly icon?: IconName;
  /** What stands on the button; without it the label is read aloud only. */
  readonly children?: ComponentChildren;
  readonly items: readonly MenuItem[];
  readonly quiet?: boolean;
}

/** Shows a button that opens a menu. Arrow keys, Home, End and Escape work in it. */
export function Menu(props: MenuProps): JSX.Element {
  const { label, icon = "more", children, items, quiet = true } = props;
  const [isOpen, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const menu = useRef<HTMLDivElement>(null);

  useEffect(() => {
    const element = menu.current;
    if (!isOpen || element === null) return;
    element.showPopover();
    place(element, button.current);
    element.querySelector<HTMLElement>("[role^=menuitem]")?.focus();
    const onToggle = (event: Event): void => {
      if ((event as ToggleEvent).newState === "closed") setOpen(false);
    };
    const onScroll = (event: Event): void => {
      if (event.target !== element) setOpen(false);
    };
    element.addEventListener("toggle", onToggle);
    addEventListener("scroll", onScroll, true);
    return () => {
      element.removeEventListener("toggle", onToggle);
      removeEventListener("scroll", onScroll, true);
    };
  }, [isOpen]);

  const close = (): void => {
    setOpen(false);
    button.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const all = [
      ...menu.current?.querySelectorAll<HTMLElement>(
        "[role^=menuitem]:not(:disabled)",
      ) ?? [],
    ];
    const at = all.indexOf(document.activeElement as HTMLElement);
    const next = {
      ArrowDown: at + 1,
      ArrowUp: at - 1 + all.length,
      Home: 0,
      End: all.length - 1,
    }[event.key];
    if (event.key === "Escape" || event.key === "Tab") close();
    else if (next === undefined) return;
    else all[next % all.length]?.focus();
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <>
      <button
        ref={button}
        type="button"
        class={`button ${quiet ? "quiet" : ""} ${
          children === undefined ? "icon" : ""
        }`}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        {...(children === undefined
          ? { "aria-label": label, title: label }
          : {})}
        onClick={(event) => {
          event.preventDefault();
          event.stopPropagation();
          setOpen(!isOpen);
        }}
      >
        {children ?? <Icon name={icon} />}
        {children !== undefined && <Icon name="down" />}
      </button>
      {isOpen && (
        <div
          ref={menu}
          class="menu"
          role="menu"
          aria-label={label}
          popover="auto"
          onKeyDown={onKeyDown}
        >
          {items.map((item) => (
            <Entry key={item.label} item={item} close={close} />
          ))}
        </div>
      )}
    </>
  );
}

function Entry(
  { item, close }: { readonly item: MenuItem; readonly close: () => void },
): JSX.Element {
  const { label, icon, danger = false, checked, separated, href } = item;
  const role = checked === undefined ? "menuitem" : "menuitemradio";
  const content = (
    <>
      {icon && <Icon name={icon} />}
      <span class="cut">{label}</span>
    </>
  );
  const shared = {
    role,
    tabIndex: -1,
    class: danger ? "danger" : "",
    ...(checked === undefined ? {} : { "aria-checked": checked }),
  } as const;
  const onClick = (event: Event): void => {
    event.stopPropagation();
    close();
    item.onSelect?.();
  };
  return (
    <>
      {separated && <hr />}
      {href === undefined
        ? (
          <button
            type="button"
            {...shared}
            disabled={item.disabled ?? false}
            onClick={onClick}
          >
            {content}
          </button>
        )
        : <a href={href} {...shared} onClick={onClick}>{content}</a>}
    </>
  );
}

/** Below its button, or above where there is no room, and inside the window. */
function place(menu: HTMLElement, button: HTMLElement | null): void {
  if (button === null) return;
  const at = button.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = menu;
  const left = Math.max(8, Math.min(at.left, innerWidth - width - 8));
  const fits = at.bottom + 4 + height <= innerHeight - 8;
  const top = fits ? at.bottom + 4 : Math.max(8, at.top - 4 - height);
  menu.style.left = `${left}px`;
  menu.style.top = `${top}px`;
}
