import { expect, test } from 'vitest'
import type { ResolvedExecution } from '../../src/change/record/store/store.ts'
import { kindOf } from '../../src/project/history/plans/plan-source.ts'
import { hintWords } from '../../src/report/hint-words.ts'
import { type App, partOf, temporaryFolder } from '../lab/lab.ts'

/** A store that knows two executions, and counts how often it is asked to resolve a word. */
function appWith(executions: readonly string[]): { app: App; asked: string[] } {
  const cwd = temporaryFolder({ plan: '{}', '20260105': '{}' })
  const asked: string[] = []
  const resolveExecution = async (word: string): Promise<ResolvedExecution> => {
    asked.push(word)
    const ids = word === '@latest' ? executions.slice(0, 1) : executions.filter((id) => id.startsWith(word))
    const [id, ...others] = ids
    if (id === undefined) return { found: 'none' }
    return others.length === 0 ? { found: 'one', id } : { found: 'several', ids }
  }
  const store = { resolveExecution, executionIds: async (most?: number) => executions.slice(0, most) }
  return { app: partOf<App>({ cwd, words: hintWords, store }), asked }
}

const TWO = ['20260105-090000-bb', '20260105-080000-aa']

test.each<[string, readonly string[], object, number]>([
  ['@latest', TWO, { kind: 'execution', id: TWO[0] }, 1],
  ['20260105-08', TWO, { kind: 'execution', id: TWO[1] }, 1],
  ['p.plan', TWO, { kind: 'file' }, 0],
  ['plans/p', TWO, { kind: 'file' }, 0],
  ['plan', TWO, { kind: 'file' }, 1],
  ['20260105', [], { kind: 'file' }, 1],
])('%s is what it names, and the store is asked once at most', async (word, executions, named, times) => {
  const { app, asked } = appWith(executions)
  expect(await kindOf(app, word)).toEqual(named)
  expect(asked).toHaveLength(times)
})

test.each<[string, readonly string[], string, string]>([
  [
    '@latest',
    [],
    'no execution has changed a switch yet, or tried to',
    'eosflow executions and eosflow plans list them.',
  ],
  [
    '20260105',
    TWO,
    `several executions begin like this: ${TWO.join(', ')}`,
    'eosflow executions and eosflow plans list them.',
  ],
  [
    'nothing',
    TWO,
    'there is no such execution, and no file of this name',
    `eosflow executions and eosflow plans list them, the newest are ${TWO.join(', ')}; a saved plan is named by its path`,
  ],
])('%s names neither, and it is said why', async (word, executions, message, hint) => {
  const { app, asked } = appWith(executions)
  await expect(kindOf(app, word)).rejects.toMatchObject({ problems: [{ code: 'no-such-execution', message, hint }] })
  expect(asked).toEqual([word])
})
