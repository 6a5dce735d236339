import { rehearsalJson } from './json.ts'
import { rehearsalJunit } from './junit.ts'
import { rehearsalText } from './text.ts'

/** A rehearsal, by format. */
export const rehearsalAs = { text: rehearsalText, json: rehearsalJson, junit: rehearsalJunit } as const
