import { driftJson } from './json.ts'
import { driftText } from './text.ts'

/** The drift of switches, by format. */
export const driftAs = { text: driftText, json: driftJson } as const
