import type { DiffLine } from '../../src/plan/plan.ts'

/** The changes of each switch, read back from a plan as it is printed, by its layout alone. */
export type Expanded = ReadonlyMap<string, readonly DiffLine[]>

/** What ends the head of a group. */
const SIZE = / +(?:\+\d+ -\d+|\(no change\))$/

/** Reads the groups of `planText`. */
export function expandedText(text: string): Expanded {
  const found = new Map<string, readonly DiffLine[]>()
  for (const block of text.split('\n\n').filter((one) => /^[A-Z] ─ /.test(one))) {
    const lines = block.split('\n')
    const ended = lines.findIndex((line) => SIZE.test(line))
    const head = lines
      .slice(0, ended + 1)
      .map((line) => line.trim())
      .join(' ')
    const names = head
      .replace(/^[A-Z] ─ \d+ switch(?:es)?: /, '')
      .replace(SIZE, '')
      .split(' ')
    const body = lines.slice(ended + 1)
    const values = tablesIn(body.filter((line) => line.startsWith('  │ ')).map((line) => line.slice(4)))
    const diff = body.filter((line) => !line.startsWith('  │ ')).map((line) => line.slice(2))
    for (const name of names) found.set(name, filled(linesOf(name, names, diff), values.get(name)))
  }
  return found
}

/** The lines that a switch has: one that ends with a bar and some switches of the group is for those only. */
function linesOf(name: string, names: readonly string[], diff: readonly string[]): readonly string[] {
  const bars = diff.filter((line) => line.includes('│'))
  const isInline = bars.length > 0 && bars.every((line) => switchesOf(line).some((one) => names.includes(one)))
  if (!isInline) return diff
  return diff.flatMap((line) => {
    if (!line.includes('│')) return [line]
    return switchesOf(line).includes(name) ? [line.slice(0, line.indexOf('│')).trimEnd()] : []
  })
}

const switchesOf = (line: string): readonly string[] => line.slice(line.indexOf('│') + 2).split(' ')

/** Reads the groups of `planMarkdown`. */
export function expandedMarkdown(text: string): Expanded {
  const found = new Map<string, readonly DiffLine[]>()
  for (const [, title = ''] of text.matchAll(/^\*\*No change\*\* on (.*)$/gm)) {
    for (const name of namesIn(title)) found.set(name, [])
  }
  for (const [, title = '', diff = '', tables = ''] of text.matchAll(
    /^<details open><summary>(.*) \(\+\d+ -\d+\)<\/summary>\n\n```diff\n([\s\S]*?)\n```\n\n([\s\S]*?)<\/details>$/gm,
  )) {
    const rows = tables.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| ---'))
    const cells = rows.map((row) => row.slice(2, -2).split(' | ').map(plainText))
    const marks = cells[0]?.slice(0, -1) ?? []
    const values = new Map<string, Map<string, string>>()
    for (const row of cells.slice(1)) {
      for (const name of row.at(-1)?.split(' ') ?? [])
        values.set(name, new Map(marks.map((mark, n) => [mark, row[n] ?? ''])))
    }
    for (const name of namesIn(title)) found.set(name, filled(diff.split('\n'), values.get(name)))
  }
  return found
}

const plainText = (cell: string): string => cell.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)))

const namesIn = (title: string): string[] =>
  plainText(title)
    .replace(/^\d+ switch(?:es)?: /, '')
    .split(', ')

/** Tables by fixed columns: a header with the marks and `switches`, then the rows; a row without values goes on with the names of the last. */
function tablesIn(rows: readonly string[]): ReadonlyMap<string, Map<string, string>> {
  const values = new Map<string, Map<string, string>>()
  let columns: { mark: string; from: number; to: number }[] = []
  let names = 0
  let row = new Map<string, string>()
  for (const line of rows) {
    const marks = [...line.matchAll(/\{\d+\}/g)]
    if (/^(?:\{\d+\} +)+switches$/.test(line)) {
      names = line.indexOf('switches')
      columns = marks.map((match, n) => ({ mark: match[0], from: match.index, to: marks[n + 1]?.index ?? names }))
      continue
    }
    const letters = [...line]
    const cut = (from: number, to?: number): string => letters.slice(from, to).join('')
    if (cut(0, names).trim() !== '')
      row = new Map(columns.map(({ mark, from, to }) => [mark, cut(from, to - 2).trimEnd()]))
    for (const name of cut(names).split(' ')) values.set(name, new Map([...(values.get(name) ?? []), ...row]))
  }
  return values
}

function filled(lines: readonly string[], values: ReadonlyMap<string, string> = new Map()): readonly DiffLine[] {
  return lines.flatMap((line) => {
    const sign = line.slice(0, 1)
    if (sign === '?') return []
    if (sign !== '+' && sign !== '-' && sign !== ' ') throw new Error(`no sign: ${line}`)
    const text = line.slice(2).replace(/\{\d+\}/g, (mark) => values.get(mark) ?? mark)
    return [{ sign, text }]
  })
}
