import { answersCsv } from './csv.ts'
import { answersJson } from './json.ts'
import { answersText } from './text.ts'

/** What switches answered, by format. */
export const answersAs = { text: answersText, csv: answersCsv, json: answersJson } as const
