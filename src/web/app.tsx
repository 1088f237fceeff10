/**
 * What the whole page is: a sign-in, or bar, tree and the page that the address names.
 *
 * @module
 */

import { effect } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { getSession } from "./api/session.ts";
import { NodeDialogs } from "./nodes/node_dialogs.tsx";
import { useQuery } from "./state/use_query.ts";
import { language } from "./state/language.ts";
import { session } from "./state/session.ts";
import { isDark } from "./state/theme.ts";
import { Bar } from "./shell/bar.tsx";
import { Content } from "./shell/content.tsx";
import { isSideOpen, Side } from "./shell/side.tsx";
import { SignIn } from "./shell/sign_in.tsx";
import { COMMON } from "./text/common.ts";
import { Failure, Skeleton, Toasts } from "./ui/small.tsx";

effect(() => {
  const { documentElement: root } = document;
  root.lang = language.value === "zh" ? "zh-CN" : "en";
  root.dataset["theme"] = isDark.value ? "dark" : "light";
});

/** Everything. */
export function App(): JSX.Element {
  const first = useQuery("session", getSession);
  useEffect(() => {
    if (first.data) session.value = first.data;
  }, [first.data]);

  if (session.value === undefined) {
    return first.error
      ? (
        <div class="page">
          <Failure error={first.error} retry={first.reload} />
        </div>
      )
      : <Skeleton />;
  }
  if (!session.value.user) return <SignIn />;
  return (
    <div class={`shell ${isSideOpen.value ? "" : "no-side"}`}>
      <a class="skip" href="#main" onClick={focusMain}>{COMMON.skip()}</a>
      <Bar />
      <Side />
      <main class="main" id="main" tabIndex={-1}>
        <Content />
      </main>
      <NodeDialogs />
      <Toasts />
    </div>
  );
}

/** The address is the pages' own, so that the link must not change it. */
function focusMain(event: Event): void {
  event.preventDefault();
  document.getElementById("main")?.focus();
}
