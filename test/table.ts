/** The rows of a table in text: a line each, the cells as they are written, two blanks or more apart. */
export function table({ raw }: TemplateStringsArray): string[][] {
  const rows = raw.join('').split('\n')
  return rows.flatMap((row) => (row.trim() === '' ? [] : [row.trim().split(/ {2,}/)]))
}
