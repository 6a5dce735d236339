import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { TASKS } from '../../../src/change/workflow/machine/machine.ts'
import { type Scope, scopes } from '../../../src/model/principal.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter((file) =>
  file.endsWith('.ts'),
)

/** The functions that ask the policy. */
const ASKS = /\b(?:requireAllowed|decided|decidedFor|mayMove)\(/g
const isScope = (word: string): word is Scope => scopes.some((scope) => scope === word)

/** What stands before the bracket that closes the one before `text`. */
function bracketed(text: string) {
  let depth = 1
  const end = [...text].findIndex((letter) => {
    depth += letter === '(' ? 1 : letter === ')' ? -1 : 0
    return depth === 0
  })
  return text.slice(0, end)
}

/** The actions that the text of a source file asks for by name: as a literal, and `plan.${decision}` as both decisions. */
function askedIn(text: string) {
  const calls = [...text.matchAll(ASKS)].map(({ 0: call, index }) => bracketed(text.slice(index + call.length)))
  return calls.flatMap((given) => [
    ...[...given.matchAll(/'([a-z]+\.[a-z]+)'/g)].flatMap(([, word = '']) => (isScope(word) ? [word] : [])),
    ...(/`plan\.\$\{(?:choice\.)?decision\}`/.test(given) ? (['plan.approve', 'plan.reject'] as const) : []),
  ])
}

describe('the actions of a policy', () => {
  const byCommand = sources.flatMap((file) => askedIn(readFileSync(join(root, 'src', file), 'utf8')))
  const byState = Object.values(TASKS).map(({ scope }) => scope)
  const asked = new Set<Scope>([...byCommand, ...byState])

  test('[D6] are all asked for somewhere', () => {
    expect(sources.length).toBeGreaterThan(1000)
    expect(byCommand.length).toBeGreaterThan(30)
    expect(byState.length).toBeGreaterThanOrEqual(8)
    expect(scopes.filter((scope) => !asked.has(scope))).toEqual([])
  })

  test('are all in the table of the page, each once, with what asks for it', () => {
    const page = readFileSync(join(root, 'docs/policy.md'), 'utf8')
    const [, table = ''] = page.split('| action | what asks for it |\n| --- | --- |\n')
    const rows = (table.split('\n\n')[0] ?? '').split('\n').map((row) => row.slice(2).split(' | '))
    const named = rows.flatMap(([cell = '']) => [...cell.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? ''))
    expect(named.toSorted()).toEqual([...scopes].toSorted())
    const unasked = rows.filter(([, what = '']) => what.startsWith('nothing yet'))
    expect(unasked).toEqual([])
  })

  test('the search can fail: it sees the form of every question', () => {
    const text = `
      await requireAllowed(app, caller, 'policy.edit')
      await requireAllowed(app, caller, 'execution.read', aboutExecution(foldAll(id, await app.store.read(id))))
      if (decided(app, caller, 'task.push', { on: names(one) }).effect === 'deny') return
      await requireAllowed(app, { principal }, \`plan.\${choice.decision}\`, {})
      const other = 'audit.read'`
    expect(askedIn(text)).toEqual(['policy.edit', 'execution.read', 'task.push', 'plan.approve', 'plan.reject'])
  })
})
