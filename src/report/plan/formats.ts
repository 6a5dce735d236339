import { planJson } from './json.ts'
import { planMarkdown } from './markdown.ts'
import { planText } from './text.ts'

/** A plan, by format. */
export const planAs = { text: planText, json: planJson, markdown: planMarkdown } as const
