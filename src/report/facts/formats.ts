import { factsCsv } from './csv.ts'
import { factsJson } from './json.ts'
import { factsText } from './text.ts'

/** The facts of switches, by format. */
export const factsAs = { text: factsText, csv: factsCsv, json: factsJson } as const
