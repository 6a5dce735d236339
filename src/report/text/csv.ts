import { visibleLine } from './visible.ts'

/** Rows for spreadsheets: RFC 4180. */
export function csvText(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => `${row.map(field).join(',')}\r\n`).join('')
}

/** A field in quotes. A spreadsheet takes `=`, `+`, `-` and `@` at its beginning for a formula, which an apostrophe prevents; it may pass over a tab, or take the wide forms of these for them. */
function field(text: string): string {
  const line = visibleLine(text)
  return `"${(/^[\t ]*[=+\-@\uff1d\uff0b\uff0d\uff20]/.test(line) ? `'${line}` : line).replaceAll('"', '""')}"`
}
