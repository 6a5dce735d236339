import { visibleLine } from '../visible.ts'
import type { CheckResult } from './check-results.ts'

const HEADER = ['Device', 'Check', 'Status', 'Messages', 'Description', 'Categories', 'Custom field', 'Commands']

/** Results for spreadsheets: RFC 4180, one row each, several messages apart by `; `. */
export function checkResultsCsv(results: readonly CheckResult[]): string {
  const rows = results.map((result) => [
    result.device,
    result.check,
    result.status,
    result.messages.join('; '),
    result.description,
    result.categories.join('; '),
    result.customField ?? '',
    result.commands.join('; '),
  ])
  return [HEADER, ...rows].map((row) => `${row.map(field).join(',')}\r\n`).join('')
}

/** A field in quotes. A spreadsheet takes `=`, `+`, `-` and `@` at its beginning for a formula, which an apostrophe prevents. */
function field(text: string): string {
  const line = visibleLine(text)
  return `"${(/^[=+\-@]/.test(line) ? `'${line}` : line).replaceAll('"', '""')}"`
}
