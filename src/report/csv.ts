import { visibleLine } from './visible.ts'

/** Rows for spreadsheets: RFC 4180. */
export function csvText(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => `${row.map(field).join(',')}\r\n`).join('')
}

/** A field in quotes. A spreadsheet takes `=`, `+`, `-` and `@` at its beginning for a formula, which an apostrophe prevents. */
function field(text: string): string {
  const line = visibleLine(text)
  return `"${(/^[=+\-@]/.test(line) ? `'${line}` : line).replaceAll('"', '""')}"`
}
