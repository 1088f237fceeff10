/**
 * Texts about objects and their previews.
 *
 * @module
 */

import { texts } from "../state/language.ts";

/** Texts about objects and their previews. */
export const FILES = texts({
  name: ["Name", "名称"],
  size: ["Size", "大小"],
  time: ["Modified", "修改时间"],
  value: ["Value", "值"],
  key: ["Key", "键"],
  type: ["Type", "类型"],
  search: ["Search objects", "搜索文件"],
  count: ["1 object|{n} objects", "{n} 个文件"],
  countSize: ["1 object, {size}|{n} objects, {size}", "{n} 个文件，{size}"],
  cut: [
    "Only the first {n} objects are listed; search finds the others",
    "仅列出前 {n} 个文件；其余可通过搜索找到",
  ],
  none: ["No objects", "没有文件"],
  noneHint: [
    "What is uploaded to this node appears here.",
    "上传到此节点的文件会显示在这里。",
  ],
  noneFit: ["No object fits “{text}”", "没有与“{text}”匹配的文件"],
  all: ["All files", "全部文件"],
  place: ["Place in the folders", "所在目录"],
  choose: ["Choose an object to look into it", "选择一个文件以查看内容"],
  preview: ["Preview", "预览"],
  closePreview: ["Close the preview", "关闭预览"],
  download: ["Download", "下载"],
  downloadOne: ["Download {name}", "下载 {name}"],
  checksum: ["MD5", "MD5"],
  text: ["Text", "文本"],
  tree: ["Tree", "树"],
  table: ["Table", "表格"],
  image: ["Image", "图片"],
  hex: ["Bytes", "字节"],
  references: ["References", "引用"],
  empty: ["The object is empty", "文件为空"],
  notJson: ["It is not valid JSON: {message}", "不是有效的 JSON：{message}"],
  imageFailed: ["The image cannot be shown", "无法显示图片"],
  rowsCut: ["The first {n} rows", "前 {n} 行"],
  columnsCut: ["The first {n} columns", "前 {n} 列"],
  bytesCut: ["The first {n} of {size}", "前 {n}，共 {size}"],
  moreRows: ["Show more", "显示更多"],
  object: ["Object", "对象"],
  uri: ["Refers to", "引用地址"],
  items: ["1 item|{n} items", "{n} 项"],
  open: ["Open {key}", "展开 {key}"],
  openAll: ["Expand all", "全部展开"],
  closeAll: ["Collapse all", "全部折叠"],
  typeNumber: ["number", "数值"],
  typeString: ["text", "文本"],
  typeBoolean: ["boolean", "布尔"],
  typeNull: ["null", "空"],
  typeList: ["list", "列表"],
  typeMap: ["map", "映射"],
});
