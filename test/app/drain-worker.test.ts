import { expect, test } from 'vitest'
import { drainWorker } from '../../src/app/drain-worker.ts'
import { cursorBehind } from '../../src/journal/cursor.ts'
import type { WorkerRecord, Workers } from '../../src/journal/workers.ts'
import { ALICE, TeamInMemory } from './sites/team-in-memory.ts'

const row = (id: string, more: Partial<WorkerRecord> = {}): WorkerRecord => ({
  id,
  kind: 'worker',
  sites: ['dc1'],
  version: '0.1.0',
  since: '2026-01-05T08:00:00.000Z',
  beat: '1',
  lastSign: '2026-01-05T08:00:00.000Z',
  ttl: 10_000,
  age: 1000,
  driven: [],
  ...more,
})

/** An application beside these processes; `asked` is whom it has asked to drain, and how many requests were on record then. */
function beside(rows: readonly WorkerRecord[]) {
  const { client } = new TeamInMemory({ workers: [['north']] })
  const drains = async () => {
    const { events } = await client.store.tail(cursorBehind(undefined))
    return events.filter(({ type }) => type === 'DrainRequested')
  }
  const asked: [string, number][] = []
  const workers: Pick<Workers, 'own' | 'list' | 'askToDrain'> = {
    own: 'client',
    list: async () => rows,
    askToDrain: async (id) => {
      asked.push([id, (await drains()).length])
      return true
    },
  }
  return { app: { ...client, workers: workers as Workers }, asked, drains }
}

test('who asked which worker to drain is on record before it is asked', async () => {
  const { app, asked, drains } = beside([row('6a1f', { name: 'rack-1' }), row('7b20', { name: 'rack-2' })])
  expect(await drainWorker(app, ALICE, '6a')).toBe('6a1f')
  expect(asked).toEqual([['6a1f', 1]])
  expect(await drains()).toMatchObject([
    {
      type: 'DrainRequested',
      principal: ALICE.principal,
      actor: ALICE.principal.id,
      worker: '6a1f',
      name: 'rack-1',
      sites: ['dc1'],
      version: '0.1.0',
    },
  ])
})

test.each<[string, string, readonly WorkerRecord[], string]>([
  ['nobody', '', [row('6a1f')], 'no such worker lives'],
  ['a dead one', '6a1f', [row('6a1f', { dead: '2026-01-05T08:00:00.000Z' })], 'no such worker lives'],
  ['a server', '6a1f', [row('6a1f', { kind: 'server' })], 'no such worker lives'],
  ['two', '6a', [row('6a1f'), row('6a20')], '2 workers begin with that'],
])('%s is asked for nothing, and that is on no record', async (_, word, rows, message) => {
  const { app, asked, drains } = beside(rows)
  await expect(drainWorker(app, ALICE, word)).rejects.toMatchObject({ problems: [{ message }] })
  expect([asked, await drains()]).toEqual([[], []])
})
