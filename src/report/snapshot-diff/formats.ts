import { snapshotDiffHtml } from './html.ts'
import { snapshotDiffJson } from './json.ts'
import { snapshotDiffMarkdown } from './markdown.ts'
import { snapshotDiffText } from './text.ts'

/** What differs between snapshots, by format. */
export const snapshotDiffAs = {
  text: snapshotDiffText,
  json: snapshotDiffJson,
  markdown: snapshotDiffMarkdown,
  html: snapshotDiffHtml,
} as const
