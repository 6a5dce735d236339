import { foundJson } from './json.ts'
import { foundText } from './text.ts'

/** What eosflow has left on switches, by format. */
export const foundAs = { text: foundText, json: foundJson } as const
