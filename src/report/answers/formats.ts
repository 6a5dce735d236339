import { definedMembers } from '../../model/defined-members.ts'
import { errorRecord } from '../../model/error.ts'
import { csvText } from '../text/csv.ts'
import type { AskedSwitch } from './answers.ts'
import { answersText } from './text.ts'
import { queryRows, wantedCells } from './wanted.ts'

export const answersAs = { text: answersText, csv: answersCsv, json: answersJson } as const

// What was wanted of the answers, for spreadsheets: RFC 4180.
function answersCsv(asked: readonly AskedSwitch[], columns: readonly string[] | undefined) {
  if (columns !== undefined) return csvText([['Switch', ...columns], ...wantedCells(asked, '')])
  const { columns: found, rows } = queryRows(asked)
  return csvText([['Switch', ...found], ...rows])
}

function answersJson(commands: readonly string[], asked: readonly AskedSwitch[]) {
  return JSON.stringify({ version: 1, kind: 'answers', commands, switches: asked.map(switchJson) })
}

function switchJson(asked: AskedSwitch): object {
  if ('failure' in asked) return { name: asked.name, error: errorRecord(asked.failure) }
  const { name, answers, wanted } = asked
  return { name, answers, ...definedMembers({ wanted }) }
}
