import { csvText } from '../text/csv.ts'
import type { AskedSwitch } from './answers.ts'
import { queryRows, wantedCells } from './wanted.ts'

/** What was wanted of the answers, for spreadsheets: RFC 4180. `columns`: those of a table; without them the rows of a query. */
export function answersCsv(asked: readonly AskedSwitch[], columns: readonly string[] | undefined): string {
  if (columns !== undefined) return csvText([['Switch', ...columns], ...wantedCells(asked, '')])
  const { columns: found, rows } = queryRows(asked)
  return csvText([['Switch', ...found], ...rows])
}
