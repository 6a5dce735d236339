import { type Place, type Problem, problemOf, type ValueOrProblems } from '../../model/error.ts'
import { acceptUnless, lineStartsOf, placeOfOffset, readText, refuse } from './located.ts'

// The size that a CSV file may have: 4 MiB.
const CSV_LIMIT = 4_194_304

export interface Cell {
  readonly text: string
  readonly offset: number
}

export interface Csv {
  readonly file: string
  readonly lineStarts: readonly number[]
  readonly header: readonly Cell[]
  readonly rows: readonly (readonly Cell[])[]
}

const MOST_PROBLEMS = 100

/** Reads CSV as RFC 4180 has it, and as spreadsheets write it: a byte order mark is passed over, lines end as on Unix or Windows, a header without commas may have semicolons or tabs instead, and rows without anything in them are not there. A row that is not as long as the header is a problem, and so is a quote where none can be, and a row beyond `mostRows`. */
export function readCsv(content: string | Uint8Array, file: string, mostRows: number): ValueOrProblems<Csv> {
  const read = readText(content, file, CSV_LIMIT)
  if (!read.ok) return read
  const text = read.value
  const lines = { file, lineStarts: lineStartsOf(text) }
  const at = (offset: number) => placeOfOffset(lines, offset)
  const scanner = scannerOf(text, separatorOf(text), at)
  const rows: (readonly Cell[])[] = []
  for (let row = scanner.row(); row !== undefined && scanner.problems.length < MOST_PROBLEMS; row = scanner.row()) {
    if (row.every((cell) => cell.text === '')) continue
    if (rows.length > mostRows) return refuse(tooMany(mostRows, at(row[0]?.offset ?? 0)))
    rows.push(row)
  }
  const [header, ...others] = rows
  const uneven = header === undefined ? [] : others.flatMap((row) => unevenRow(row, header, at)).slice(0, MOST_PROBLEMS)
  const problems = [...scanner.problems, ...headerProblems(header ?? [], at), ...uneven]
  if (header === undefined && problems.length === 0)
    return refuse(problemOf(file, 'empty-file', 'there is no header row', 'name the columns in the first row'))
  return acceptUnless(problems, () => ({ ...lines, header: header ?? [], rows: others }))
}

export function csvText(header: readonly string[], rows: readonly (readonly string[])[]): string {
  return [header, ...rows].map((row) => row.map(quoted).join(',')).join('\n')
}

function quoted(text: string) {
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

function separatorOf(text: string) {
  const header = /^\s*(.*)/.exec(text)?.[1] ?? ''
  if (header.includes(',')) return ','
  return /[;\t]/.exec(header)?.[0] ?? ','
}

function headerProblems(header: readonly Cell[], at: (offset: number) => Place): readonly Problem[] {
  const seen = new Set<string>()
  return header.flatMap(({ text, offset }): Problem[] => {
    const problem = (message: string, hint: string): Problem[] => [
      { code: 'bad-header', message, at: at(offset), hint },
    ]
    if (text === '') return problem('a column has no name', 'name it, or delete it in every row')
    if (seen.has(text)) return problem(`the column \`${text}\` is there twice`, 'delete one of the two in every row')
    seen.add(text)
    return []
  })
}

function unevenRow(row: readonly Cell[], header: readonly Cell[], at: (offset: number) => Place): readonly Problem[] {
  if (row.length === header.length) return []
  const offset = (row[header.length] ?? row.at(-1))?.offset ?? 0
  const message = `the row has ${row.length} cells, and the header has ${header.length}`
  const hint =
    row.length > header.length
      ? 'put a text with a comma in it in quotes'
      : 'write an empty cell as nothing between two commas'
  return [{ code: 'bad-row', message, at: at(offset), hint }]
}

function tooMany(most: number, at: Place): Problem {
  return { code: 'too-many-rows', message: `there are more than ${most} rows`, at, hint: 'split the file' }
}

function scannerOf(text: string, separator: string, place: (offset: number) => Place) {
  const problems: Problem[] = []
  let at = 0

  function row(): readonly Cell[] | undefined {
    if (at >= text.length) return undefined
    const cells: Cell[] = []
    for (;;) {
      cells.push(cell())
      if (text[at] !== separator) break
      at += 1
    }
    at += text.startsWith('\r\n', at) ? 2 : 1
    return cells
  }

  function cell(): Cell {
    passBlanks()
    return text[at] === '"' ? quotedCell() : plainCell()
  }

  function passBlanks() {
    while (text[at] === ' ' || (text[at] === '\t' && separator !== '\t')) at += 1
  }

  function plainCell(): Cell {
    const offset = at
    while (!isEnd()) at += 1
    const written = text.slice(offset, at)
    const quote = written.indexOf('"')
    if (quote >= 0)
      fault(
        offset + quote,
        'a quote is in the middle of a cell',
        'put the whole cell in quotes, and write a quote in it twice',
      )
    return { text: written.trim(), offset }
  }

  function quotedCell(): Cell {
    const offset = at + 1
    let end = text.indexOf('"', offset)
    while (end >= 0 && text[end + 1] === '"') end = text.indexOf('"', end + 2)
    if (end < 0) {
      fault(offset - 1, 'a quote is not closed', 'write `"` at the end of the cell')
      at = text.length
      return { text: '', offset }
    }
    at = end + 1
    passBlanks()
    if (!isEnd()) fault(at, 'a cell goes on behind its quotes', 'write a quote in a cell twice')
    while (!isEnd()) at += 1
    return { text: text.slice(offset, end).replaceAll('""', '"'), offset }
  }

  function isEnd() {
    const character = text[at]
    return character === undefined || character === separator || character === '\n' || character === '\r'
  }

  function fault(offset: number, message: string, hint: string) {
    problems.push({ code: 'bad-cell', message, at: place(offset), hint })
  }

  return { row, problems }
}
