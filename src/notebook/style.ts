import { Markup } from "./markup.ts";

/**
 * The style of everything that is shown here. Each rule is confined to elements of the class `em-card` and what is in them,
 * so that nothing else in the notebook changes. Light or dark is what the notebook says that it is, in JupyterLab, VS Code and
 * Colab, and elsewhere what the system says.
 */
const CSS = `
.em-card {
  color-scheme: light dark;
  --em-surface: light-dark(#ffffff, #1a1e26);
  --em-sunken: light-dark(#f3f5f8, #232833);
  --em-border: light-dark(#dde1e8, #343b48);
  --em-text: light-dark(#1b1f27, #e6e9ef);
  --em-muted: light-dark(#59616e, #a2abb9);
  --em-live: light-dark(#2757c4, #8fb0ff);
  --em-live-bg: light-dark(#e3ebfb, #22304d);
  --em-good: light-dark(#17703c, #7fd6a0);
  --em-good-bg: light-dark(#e0f3e7, #173426);
  --em-bad: light-dark(#b3261e, #ff9d94);
  --em-bad-bg: light-dark(#fbe5e3, #43201d);
  --em-warn: light-dark(#8a5300, #f0bd6a);
  --em-warn-bg: light-dark(#fdf0d8, #3a2d13);
  box-sizing: border-box;
  max-width: 1080px;
  margin: 2px 0;
  padding: 14px 18px 16px;
  border: 1px solid var(--em-border);
  border-radius: 10px;
  background: var(--em-surface);
  color: var(--em-text);
  font: 13px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "PingFang SC", "Microsoft YaHei", sans-serif;
  text-align: start;
}
[data-jp-theme-light="true"] .em-card, .vscode-light .em-card, .vscode-high-contrast-light .em-card, html[theme="light"] .em-card { color-scheme: light; }
[data-jp-theme-light="false"] .em-card, .vscode-dark .em-card, .vscode-high-contrast:not(.vscode-high-contrast-light) .em-card, html[theme="dark"] .em-card { color-scheme: dark; }
.em-card .em-head { display: flex; flex-wrap: wrap; align-items: center; gap: 4px 10px; margin: 0; }
.em-card .em-name { font-size: 16px; font-weight: 650; }
.em-card .em-muted { color: var(--em-muted); }
.em-card .em-push { margin-inline-start: auto; }
.em-card .em-user { unicode-bidi: isolate; overflow-wrap: anywhere; }
.em-card .em-mono { font-family: ui-monospace, "SF Mono", Menlo, Consolas, monospace; font-size: 12px; }
.em-card .em-status { display: inline-flex; align-items: center; gap: 6px; padding: 1px 10px; border-radius: 11px; background: var(--em-sunken); font-size: 12px; font-weight: 550; white-space: nowrap; }
.em-card .em-status::before { content: ""; width: 7px; height: 7px; border-radius: 50%; background: currentColor; }
.em-card .em-live { color: var(--em-live); background: var(--em-live-bg); }
.em-card .em-live::before { animation: em-pulse 1.6s infinite; }
.em-card .em-good { color: var(--em-good); background: var(--em-good-bg); }
.em-card .em-bad { color: var(--em-bad); background: var(--em-bad-bg); }
.em-card .em-warn { color: var(--em-warn); background: var(--em-warn-bg); }
@keyframes em-pulse { 50% { opacity: .2; } }
@media (prefers-reduced-motion: reduce) { .em-card .em-live::before { animation: none; } }
.em-card .em-label { padding: 0 9px; border: 1px solid var(--em-border); border-radius: 10px; font-size: 12px; }
.em-card .em-text { margin: 8px 0 0; white-space: pre-wrap; }
.em-card .em-problem { margin: 10px 0 0; padding: 6px 12px; border-radius: 6px; }
.em-card .em-params { display: flex; flex-wrap: wrap; gap: 6px; margin: 12px 0 0; padding: 0; }
.em-card .em-params > div { max-width: 100%; margin: 0; padding: 2px 10px; border-radius: 6px; background: var(--em-sunken); font-size: 12px; }
.em-card .em-params dt, .em-card .em-params dd { display: inline; margin: 0; padding: 0; font-weight: 400; float: none; width: auto; }
.em-card .em-params dt { margin-inline-end: 8px; color: var(--em-muted); }
.em-card .em-params dd { font-weight: 600; }
.em-card .em-charts { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(290px, 100%), 1fr)); gap: 14px 20px; margin: 14px 0 0; }
.em-card .em-figure { min-width: 0; margin: 0; padding: 0; }
.em-card .em-figure > b { display: block; margin: 0 0 2px; font-size: 13px; font-weight: 600; }
.em-card .em-chart { display: block; width: 100%; height: auto; overflow: visible; }
.em-card .em-chart text { fill: var(--em-muted); font-size: 12px; font-variant-numeric: tabular-nums; stroke: none; }
.em-card .em-grid { stroke: var(--em-border); stroke-width: 1; vector-effect: non-scaling-stroke; }
.em-card .em-line { vector-effect: non-scaling-stroke; stroke-linejoin: round; stroke-linecap: round; }
.em-card .em-scroll { margin: 14px 0 0; overflow-x: auto; }
.em-card .em-figure .em-scroll { margin: 4px 0 0; }
.em-card table { width: 100%; margin: 0; border: 0; border-collapse: collapse; color: inherit; font-size: 12px; font-variant-numeric: tabular-nums; table-layout: auto; }
.em-card tr, .em-card tbody tr:nth-child(n), .em-card tbody tr:hover:nth-child(n) { border: 0; background: none; }
.em-card th, .em-card td { max-width: 340px; padding: 3px 10px 3px 0; border: 0; border-top: 1px solid var(--em-border); color: inherit; font-weight: 400; text-align: end; vertical-align: baseline; white-space: nowrap; }
.em-card thead th { border-top: 0; color: var(--em-muted); font-weight: 500; }
.em-card th:first-child, .em-card td:first-child, .em-card .em-start { text-align: start; white-space: normal; }
.em-card .em-whole.em-whole { white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
.em-card th:last-child, .em-card td:last-child { padding-inline-end: 0; }
.em-card small { margin-inline-start: 5px; color: var(--em-muted); font-size: 11px; }
.em-card td.em-best { color: var(--em-good); font-weight: 650; }
.em-card .em-swatch { display: inline-block; width: 9px; height: 9px; margin-inline-end: 7px; border-radius: 50%; }
.em-card details { margin: 12px 0 0; }
.em-card summary { color: var(--em-muted); font-size: 12px; cursor: pointer; }
.em-card details .em-params, .em-card details .em-scroll { margin-top: 8px; }
`.trim();

/** The style, to be put before what it is for. */
export const STYLE: Markup = new Markup(`<style>${CSS}</style>`);
