import { checkResultsCsv } from './csv.ts'
import { checkResultsJson } from './json.ts'
import { checkResultsJunit } from './junit.ts'
import { checkResultsMarkdown } from './markdown.ts'
import { checkResultsText } from './text.ts'

/** The results of checks, by format. */
export const checkResultsAs = {
  text: checkResultsText,
  json: checkResultsJson,
  markdown: checkResultsMarkdown,
  csv: checkResultsCsv,
  junit: checkResultsJunit,
} as const
