/**
 * Texts of the dataflow.
 *
 * @module
 */

import { texts } from "../state/language.ts";

/** Texts of the dataflow. */
export const DATAFLOW = texts({
  title: ["Dataflow", "数据流"],
  graph: ["Dataflow graph", "数据流图"],
  keys: [
    "Arrow keys move, + and − zoom, 0 shows all",
    "方向键移动，+ 和 − 缩放，0 显示全部",
  ],
  zoomIn: ["Zoom in", "放大"],
  zoomOut: ["Zoom out", "缩小"],
  fit: ["Show all", "显示全部"],
  run: ["Run", "Run"],
  artifact: ["Artifact", "Artifact"],
  other: ["Other", "其他"],
  current: ["This one", "当前"],
  legend: ["Legend", "图例"],
  inputs: ["Inputs", "输入"],
  outputs: ["Outputs", "输出"],
  none: ["none", "无"],
  size: ["{n} nodes", "{n} 个节点"],
  incomplete: [
    "There is more than is shown: the graph ends after the nearest {n} nodes.",
    "图中未显示全部内容：仅显示最近的 {n} 个节点。",
  ],
  describe: [
    "{name}, {type}; inputs: {inputs}; outputs: {outputs}",
    "{name}，{type}；输入：{inputs}；输出：{outputs}",
  ],
  empty: ["No dataflow yet", "还没有数据流"],
  emptyHint: [
    "A run says what it read and what it made; the graph then connects them:",
    "Run 声明其输入和输出后，会在此连接成图：",
  ],
});
