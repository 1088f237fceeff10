/**
 * A chart over the page.
 *
 * @module
 */

import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { COMMON } from "../text/common.ts";
import { Button } from "../ui/button.tsx";
import type { BoardContext } from "./board_context.ts";
import { choose } from "./board_state.ts";
import type { ChartInfo } from "./catalogue.ts";
import { ChartCard } from "./chart_card.tsx";

/** Shows a chart as large as the window. */
export function LargeChart(
  { info, context }: {
    readonly info: ChartInfo;
    readonly context: BoardContext;
  },
): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  const close = (): void => choose({ chart: undefined });
  return (
    <dialog
      ref={dialog}
      class="chart-large"
      aria-label={info.id}
      onClose={close}
      onClick={(event) => {
        if (event.target === dialog.current) close();
      }}
    >
      <ChartCard info={info} context={context} isLarge />
      <footer>
        <Button onClick={close}>{COMMON.close()}</Button>
      </footer>
    </dialog>
  );
}
