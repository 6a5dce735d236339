/** The rows of a text, without empty ones and remarks, which begin with `#`. */
const linesIn = (text: TemplateStringsArray, values: readonly string[]) =>
  String.raw(text, ...values)
    .split('\n')
    .map((row) => row.trim())
    .filter((row) => row !== '' && !row.startsWith('#'))

/** The rows of a table in text: a line each, the cells as they are written, two blanks or more apart. */
export function table(text: TemplateStringsArray, ...values: readonly string[]): string[][] {
  return linesIn(text, values).map((row) => row.split(/ {2,}/))
}

/** Rows whose cells are parted by `|`: the first is a text, each other a list, whose parts are parted by `; `. */
export function lists(text: TemplateStringsArray, ...values: readonly string[]): [string, ...string[][]][] {
  return linesIn(text, values).map((row) => {
    const [first = '', ...cells] = row.split(/ *\|(?: |$)/)
    return [first, ...cells.map((cell) => (cell === '' ? [] : cell.split('; ')))]
  })
}

/** The rows of a table in text: a line for each, with its cells between bars. */
export const rowsOf = (table: string): readonly (readonly string[])[] =>
  table
    .trim()
    .split('\n')
    .map((line) => line.split('||').map((cell) => cell.trim()))

/** A text without the blanks that all its lines begin with. */
export function dedented(text: string) {
  const rows = text.split('\n').filter((row) => row.trim() !== '')
  const depth = Math.min(...rows.map((row) => row.search(/\S/)))
  return rows.map((row) => `${row.slice(depth)}\n`).join('')
}

/** The lines of such a text. */
export const linesOf = (text: string) => dedented(text).split('\n').slice(0, -1)
