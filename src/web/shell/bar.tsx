/**
 * The bar above every page.
 *
 * @module
 */

import type { JSX } from "preact";
import { connection } from "../api/events.ts";
import { signOut } from "../api/session.ts";
import { language } from "../state/language.ts";
import { session } from "../state/session.ts";
import { isDark, type Theme, theme } from "../state/theme.ts";
import { toastError } from "../state/toasts.ts";
import { COMMON } from "../text/common.ts";
import { Button } from "../ui/button.tsx";
import { Menu } from "../ui/menu.tsx";
import { Basket } from "./basket.tsx";
import { Crumbs } from "./crumbs.tsx";
import { isSideOpen } from "./side.tsx";

/** Shows the bar. */
export function Bar(): JSX.Element {
  return (
    <header class="bar">
      <Button
        kind="quiet"
        icon="menu"
        label={COMMON.menu()}
        pressed={isSideOpen.value}
        onClick={() => isSideOpen.value = !isSideOpen.value}
      />
      <a class="brand" href="#/" aria-label={`em · ${COMMON.product()}`}>
        <img src="favicon.svg" alt="" />
        <span>em</span>
      </a>
      <Crumbs />
      <div class="bar-end">
        <span role="status">
          {connection.value === "lost" && (
            <span class="lost">{COMMON.lost()}</span>
          )}
        </span>
        <Basket />
        <LanguageMenu />
        <ThemeMenu />
        <UserMenu />
      </div>
    </header>
  );
}

/** Shows the choice of a language. */
export function LanguageMenu(): JSX.Element {
  return (
    <Menu
      label={COMMON.language()}
      icon="language"
      items={([["en", "English"], ["zh", "中文"]] as const).map((
        [value, label],
      ) => ({
        label,
        checked: language.value === value,
        onSelect: () => language.value = value,
      }))}
    />
  );
}

/** Shows the choice of light and dark. */
export function ThemeMenu(): JSX.Element {
  const choices: readonly Theme[] = ["system", "light", "dark"];
  return (
    <Menu
      label={COMMON.theme()}
      icon={isDark.value ? "moon" : "sun"}
      items={choices.map((value) => ({
        label: COMMON[value](),
        checked: theme.value === value,
        onSelect: () => theme.value = value,
      }))}
    />
  );
}

function UserMenu(): JSX.Element {
  const { user, mode } = session.value ?? { user: null };
  if (mode === "local") {
    return <span class="chip">{COMMON.local()}</span>;
  }
  return (
    <Menu
      label={COMMON.user()}
      icon="user"
      items={[
        { label: user ?? "", icon: "user", disabled: true },
        {
          label: COMMON.signOut(),
          separated: true,
          onSelect: () => {
            signOut().then(() => session.value = { user: null }, toastError);
          },
        },
      ]}
    />
  );
}
