/**
 * Texts of charts.
 *
 * @module
 */

import { texts } from "../state/language.ts";

/** Texts of charts. */
export const CHARTS = texts({
  step: ["Step", "步数"],
  epoch: ["Epoch", "轮次"],
  time: ["Time", "时间"],
  relative: ["Duration", "已用时间"],
  xAxis: ["Horizontal axis", "横轴"],
  search: [
    "Search metrics, or /regular expression/",
    "搜索指标，或 /正则表达式/",
  ],
  searchLabel: ["Search metrics", "搜索指标"],
  searchBroken: [
    "This is no regular expression",
    "正则表达式无效",
  ],
  smoothing: ["Smoothing", "平滑"],
  logY: ["Log y", "对数 y"],
  logX: ["Log x", "对数 x"],
  clip: ["Leave out outliers", "忽略离群值"],
  beyond: [
    "Some values lie beyond the axis: all are from {min} to {max}",
    "部分值超出坐标轴：全部值范围为 {min} 到 {max}",
  ],
  apart: ["Types apart", "类型分开"],
  apartHint: [
    "Separate charts for train, val and test",
    "train、val、test 各用一张图",
  ],
  resetZoom: ["Reset zoom", "重置缩放"],
  view: ["View", "视图"],
  oneARow: ["One a row", "每行一张"],
  twoARow: ["Two a row", "每行两张"],
  threeARow: ["Three a row", "每行三张"],
  low: ["Low charts", "矮图"],
  medium: ["Medium charts", "中等高度"],
  high: ["High charts", "高图"],
  sharedZoom: ["Zoom all charts together", "所有图一起缩放"],
  table: ["Table below each chart", "图下显示数据表"],
  pinned: ["Pinned", "已置顶"],
  others: ["Metrics", "指标"],
  pin: ["Pin to the top", "置顶"],
  unpin: ["Unpin", "取消置顶"],
  expand: ["Show large", "放大显示"],
  more: ["More", "更多"],
  png: ["Download PNG", "下载 PNG"],
  svg: ["Download SVG", "下载 SVG"],
  csv: ["Download CSV (all points)", "下载 CSV（全部数据点）"],
  openGroup: ["1 chart|{n} charts", "{n} 张图"],
  noMetrics: ["No metrics yet", "暂无指标"],
  waiting: [
    "Waiting for the first record of the run…",
    "正在等待运行的第一条记录…",
  ],
  neverLogged: [
    "The run has logged none. Metrics appear here as soon as it calls “log”.",
    "该运行没有记录指标。调用 log 后会显示在此处。",
  ],
  noneFound: ["No metric matches", "没有匹配的指标"],
  clearSearch: ["Clear search", "清除搜索"],
  torn: [
    "{run}: the file of “{type}” ends in a cut-off record; what is before it is shown",
    "{run}：“{type}” 的指标文件末尾有一条不完整的记录，已显示其之前的数据",
  ],
  damaged: [
    "{run}: the file of “{type}” is damaged: {message}",
    "{run}：“{type}” 的指标文件已损坏：{message}",
  ],
  damagedAt: [
    "{run}: the file of “{type}” is damaged at line {line}: {message}",
    "{run}：“{type}” 的指标文件第 {line} 行损坏：{message}",
  ],
  moreProblems: [
    "1 more file has a problem|{n} more files have problems",
    "另有 {n} 个文件有问题",
  ],
  runs: ["Runs", "运行"],
  allRuns: ["Show all", "全部显示"],
  noRuns: ["Hide all", "全部隐藏"],
  showMore: ["Show all {n}", "展开全部 {n} 个"],
  showLess: ["Show fewer", "收起"],
  noPoints: [
    "No point of this metric has this axis",
    "该指标在此横轴上没有数据点",
  ],
  noPointsHere: [
    "No points in this part",
    "此区间没有数据点",
  ],
  allHidden: ["All runs are hidden", "所有运行均已隐藏"],
  chart: ["Chart of {name}", "{name} 的图表"],
  keys: [
    "Arrow keys move the cursor, plus and minus zoom, Escape shows everything",
    "方向键移动光标，加减键缩放，Esc 显示全部",
  ],
  summary: [
    "{line}: {n} points, last {last}, least {min}, greatest {max}",
    "{line}：{n} 个点，最新 {last}，最小 {min}，最大 {max}",
  ],
  andMore: ["and 1 more|and {n} more", "另有 {n} 条"],
  line: ["Series", "序列"],
  last: ["Last", "最新"],
  least: ["Min", "最小"],
  greatest: ["Max", "最大"],
  count: ["Points", "点数"],
  odd: ["NaN / ±∞", "NaN / ±∞"],
  range: ["{min} … {max} ({n} points)", "{min} … {max}（{n} 个点）"],
  nan: ["NaN", "NaN"],
  posInf: ["+∞", "+∞"],
  negInf: ["−∞", "−∞"],
  oddLegend: [
    "Values that cannot be drawn in place: {list}",
    "无法在原位绘制的值：{list}",
  ],
  nonPositive: [
    "Values of 0 or below have no logarithm: they are marked at the lower edge (□)",
    "小于等于 0 的值没有对数，已标记在下边缘（□）",
  ],
  resumedAt: ["Resumed at step {steps}", "从步数 {steps} 处恢复运行"],
  resumedRuns: ["A run was resumed here", "运行在此处恢复"],
  raw: ["raw {value}", "原始 {value}"],
  metric: ["Metric", "指标"],
});
