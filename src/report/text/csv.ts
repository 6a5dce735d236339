import { visibleLine } from './visible.ts'

/** Rows for spreadsheets: RFC 4180. */
export function csvText(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => `${row.map(field).join(',')}\r\n`).join('')
}

function field(text: string) {
  const line = visibleLine(text)
  return `"${(/^[\t ]*[=+\-@\uff1d\uff0b\uff0d\uff20]/.test(line) ? `'${line}` : line).replaceAll('"', '""')}"`
}
