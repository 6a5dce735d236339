import { csvText } from '../text/csv.ts'
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
  return csvText([HEADER, ...rows])
}
