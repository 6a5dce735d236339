import { readFileSync } from 'node:fs'
import { cwd } from 'node:process'
import { keptValues } from '../../project/authoring/completion/kept-values.ts'
import { type CompletionTable, lineCompletion, printed } from './completion-line.ts'

export function quickCompletion(asked: readonly string[]): string | undefined {
  const table = readTable()
  if (table === undefined) return undefined
  const { wanted, offered } = lineCompletion(table, asked)
  const known = 'length' in wanted ? wanted : keptValues(cwd(), wanted, Date.now())
  return known === undefined ? undefined : printed(offered(known))
}

function readTable() {
  try {
    return JSON.parse(readFileSync(new URL('completion.json', import.meta.url), 'utf8')) as CompletionTable
  } catch {
    return undefined
  }
}
