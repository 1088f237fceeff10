/**
 * Texts that many pages use.
 *
 * @module
 */

import { texts } from "../state/language.ts";

/** Texts that many pages use. */
export const COMMON = texts({
  product: ["Experiments", "实验管理"],
  skip: ["Skip to content", "跳到内容"],
  menu: ["Navigation", "导航"],
  folders: ["Folders", "文件夹"],
  mine: ["My folder", "我的文件夹"],
  shared: ["Shared with me", "分享给我的"],
  public: ["Shared with everyone", "公开的"],
  trash: ["Trash", "回收站"],
  compare: ["Compare", "对比"],
  language: ["Language", "语言"],
  theme: ["Appearance", "外观"],
  light: ["Light", "浅色"],
  dark: ["Dark", "深色"],
  system: ["As the system", "跟随系统"],
  user: ["User", "用户"],
  signOut: ["Sign out", "退出"],
  signIn: ["Sign in", "登录"],
  apiKey: ["API key", "API Key"],
  signInHint: [
    "Paste an API key. The first start of the server printed one; “em serve key add” makes another.",
    "粘贴 API Key。服务器首次启动时会打印一个；“em serve key add” 可新建。",
  ],
  close: ["Close", "关闭"],
  cancel: ["Cancel", "取消"],
  save: ["Save", "保存"],
  copy: ["Copy", "点击复制"],
  copied: ["Copied", "已复制"],
  retry: ["Try again", "重试"],
  undo: ["Undo", "撤销"],
  failed: ["That did not work", "操作失败"],
  loading: ["Loading", "加载中"],
  lost: ["Connection lost, trying again…", "连接已断开，正在重试…"],
  local: ["local", "本地"],
  notFound: ["There is nothing here", "没有可展示的内容"],
  notFoundHint: [
    "It may have been deleted or moved, or is not shared with you.",
    "它可能已被删除、移动，或未分享给你。",
  ],
  home: ["To my folder", "回到我的文件夹"],
  moreFolders: ["{n} more folders", "另有 {n} 个文件夹"],
  columnWidth: ["Width of {name}", "“{name}”的宽度"],
  empty: ["No entries to show", "没有可展示的条目"],
  running: ["Running", "运行中"],
  silent: ["Silent", "无响应"],
  silentHint: [
    "It says that it is running, but nothing came for ten minutes",
    "状态为运行中，但已十分钟没有数据",
  ],
  complete: ["Complete", "已完成"],
  error: ["Error", "错误"],
  agoNow: ["now", "刚刚"],
  agoSeconds: ["a few seconds ago", "几秒前"],
  agoMinutes: ["1 minute ago|{n} minutes ago", "{n} 分钟前"],
  agoHours: ["1 hour ago|{n} hours ago", "{n} 小时前"],
  agoDays: ["1 day ago|{n} days ago", "{n} 天前"],
  agoMonths: ["1 month ago|{n} months ago", "{n} 个月前"],
  agoYears: ["1 year ago|{n} years ago", "{n} 年前"],
});
