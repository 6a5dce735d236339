import { expect, test } from 'vitest'
import { cursorBehind } from '../../src/change/record/event/cursor.ts'
import type { WorkerRecord, Workers } from '../../src/change/record/store/workers.ts'
import type { SharedStore } from '../../src/project/app/store/project-store.ts'
import { drainWorker, listWorkers } from '../../src/project/worker/drain-worker.ts'
import { workersJson, workersText } from '../../src/report/phrases/workers.ts'
import { ALICE, workerRow as row, teamInMemory } from './history/sites/team-in-memory.ts'

/** An application beside these processes; `asked` is whom it has asked to drain, and how many requests were on record then. */
async function beside(rows: readonly WorkerRecord[]) {
  const { client } = await teamInMemory({ workers: [['north']] })
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
  return { app: { ...client, shared: { workers } as SharedStore }, asked, drains }
}

test('who asked which worker to drain is on record before it is asked', async () => {
  const { app, asked, drains } = await beside([row('6a1f', { name: 'rack-1' }), row('7b20', { name: 'rack-2' })])
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
  ['two', '6a', [row('6a1f'), row('6a20')], '2 workers are meant by that: 6a1f, 6a20'],
  [
    'two of one name',
    'rack-1',
    [row('6a1f', { name: 'rack-1' }), row('7b20', { name: 'rack-1', drain: '2026-01-05T08:00:00.000Z' })],
    '2 workers are meant by that: rack-1 (6a1f), rack-1 (7b20), which drains',
  ],
  [
    'one of which it is the name, and one whose id begins with it',
    '6a1f',
    [row('6a1f0000'), row('7b20', { name: '6a1f' })],
    '2 workers are meant by that: 6a1f0000, 6a1f (7b20)',
  ],
  ['a dead one of that name', 'rack-1', [row('6a1f', { name: 'rack-1', dead: 'then' })], 'no such worker lives'],
  ['a beginning of a name', 'rack', [row('6a1f', { name: 'rack-1' })], 'no such worker lives'],
])('%s is asked for nothing, and that is on no record', async (_, word, rows, message) => {
  const { app, asked, drains } = await beside(rows)
  await expect(drainWorker(app, ALICE, word)).rejects.toMatchObject({ problems: [{ message }] })
  expect([asked, await drains()]).toEqual([[], []])
})

test.each<[string, string, readonly WorkerRecord[]]>([
  ['its name', 'rack-1', [row('7b20', { name: 'rack-2' })]],
  ['its name as records have it', 'worker:rack-1', [row('7b20', { name: 'rack-10' })]],
  ['its name, which one had that is dead', 'rack-1', [row('7b20', { name: 'rack-1', dead: 'then' })]],
  ['its name, which one has that is silent', 'rack-1', [row('7b20', { name: 'rack-1', age: 10_001 })]],
  ['its name, which a server has, too', 'rack-1', [row('7b20', { name: 'rack-1', kind: 'server' })]],
  ['its id, with which that of another one begins', '6a1f', [row('6a1f00', { name: 'rack-2' })]],
  ['its id, which is the name of another one', '6a1f', [row('7b20', { name: '6a1f' })]],
])('a worker is known by %s', async (_, word, others) => {
  const { app } = await beside([row('6a1f', { name: 'rack-1' }), ...others])
  expect(await drainWorker(app, ALICE, word)).toBe('6a1f')
})

test('a silent worker of which there is no other is known by its name', async () => {
  const { app } = await beside([row('6a1f', { name: 'rack-1', age: 10_001 })])
  expect(await drainWorker(app, ALICE, 'rack-1')).toBe('6a1f')
})

test('`workers` shows the name that records have', async () => {
  const { app } = await beside([
    row('6a1f', { name: 'rack-1' }),
    row('7b20', { name: 'noc-1', kind: 'server', sites: [] }),
    row('8c31', { version: '0.0.9' }),
  ])
  const listing = await listWorkers(app, ALICE)
  expect(workersText(listing).split('\n')).toEqual([
    'worker  name    kind    state  sites  version  last sign  drives',
    '6a1f    rack-1  worker  alive  dc1    0.1.0    1.0 s ago  -',
    '7b20    noc-1   server  alive  -      0.1.0    1.0 s ago  -',
    '8c31    -       worker  alive  dc1    0.0.9    1.0 s ago  -',
  ])
  const { workers } = workersJson(listing) as { readonly workers: readonly { readonly name?: string }[] }
  expect(workers.map(({ name }) => name)).toEqual(['rack-1', 'noc-1', undefined])
})
