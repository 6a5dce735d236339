import { complyCsv } from './csv.ts'
import { complyJson } from './json.ts'
import { complyJunit } from './junit.ts'
import { complyMarkdown } from './markdown.ts'
import { complyText } from './text.ts'

/** How switches are against what is intended for them, by format. */
export const complyAs = {
  text: complyText,
  json: complyJson,
  markdown: complyMarkdown,
  csv: complyCsv,
  junit: complyJunit,
} as const
