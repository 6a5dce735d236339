import { executionJson } from './json.ts'
import { executionText } from './text.ts'

/** An execution, by format. */
export const executionAs = { text: executionText, json: executionJson } as const
