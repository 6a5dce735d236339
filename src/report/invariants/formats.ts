import { invariantsJson } from './json.ts'
import { invariantsText } from './text.ts'

/** What switches run, judged by invariants, by format. */
export const invariantsAs = { text: invariantsText, json: invariantsJson } as const
