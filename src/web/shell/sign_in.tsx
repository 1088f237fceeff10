/**
 * Signing in.
 *
 * @module
 */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { signIn } from "../api/session.ts";
import { session } from "../state/session.ts";
import { COMMON } from "../text/common.ts";
import { Button } from "../ui/button.tsx";
import { LanguageMenu, ThemeMenu } from "./bar.tsx";

/** Asks for an API key. */
export function SignIn(): JSX.Element {
  const [key, setKey] = useState("");
  const [error, setError] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const onSubmit = async (event: Event): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    try {
      session.value = await signIn(key.trim());
    } catch (reason) {
      setError(reason instanceof Error ? reason.message : String(reason));
      setBusy(false);
    }
  };
  return (
    <main class="sign-in">
      <form class="card" onSubmit={onSubmit}>
        <div class="page-head">
          <span class="brand">
            <img src="favicon.svg" alt="" />
          </span>
          <h1>{COMMON.product()}</h1>
          <span class="spacer" />
          <LanguageMenu />
          <ThemeMenu />
        </div>
        <p class="muted">{COMMON.signInHint()}</p>
        <label class="field">
          <span>{COMMON.apiKey()}</span>
          <input
            class="input mono"
            type="password"
            name="apiKey"
            autoComplete="current-password"
            autoFocus
            required
            value={key}
            aria-invalid={error !== undefined}
            onInput={(event) => setKey(event.currentTarget.value)}
          />
        </label>
        {error !== undefined && (
          <p class="notice error user-text" role="alert">{error}</p>
        )}
        <Button type="submit" kind="primary" disabled={isBusy}>
          {COMMON.signIn()}
        </Button>
      </form>
    </main>
  );
}
