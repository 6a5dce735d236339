import { describe, expect, test } from 'vitest'
import { MemoryStore } from '../../simulate/memory-store.ts'
import { cursorBehind } from '../../src/journal/cursor.ts'
import type { EventBody } from '../../src/journal/event.ts'
import type { Journal } from '../../src/journal/journal.ts'
import type { Store } from '../../src/journal/store.ts'
import { VirtualClock } from '../../src/trial/virtual-clock.ts'
import { PLAN, STATEMENT } from './one-of-each-event.ts'
import { asAlice, openForTest, thrownBy } from './sqlite/open-for-test.ts'

type Asked = Journal &
  Pick<
    Store,
    | 'as'
    | 'read'
    | 'put'
    | 'get'
    | 'approvals'
    | 'approvalUses'
    | 'executionIds'
    | 'executions'
    | 'openExecutions'
    | 'resolveExecution'
    | 'stopRequest'
    | 'tail'
  >

const RESUMED: EventBody = { type: 'ExecutionResumed' }
const ENDED: EventBody = { type: 'ExecutionEnded', outcome: 'succeeded', devices: {} }
const STAGED: EventBody = { type: 'ActIntended', device: 'leaf1', act: 'stage', session: 'eosflow-1', checkpoint: 'c' }
const ASKED: EventBody = { type: 'SecretResolved', reference: 'env:A', outcome: 'ok' }

/** What every store promises, whatever it is made of. */
describe.each<[string, () => Asked]>([
  ['SQLite', () => openForTest(':memory:')],
  ['memory', () => asAlice(new MemoryStore(new VirtualClock()))],
])('a store of %s', (_name, made) => {
  test('gives the records of one execution in order, and no others', async () => {
    const store = made()
    await store.append('x1', [RESUMED, STAGED])
    await store.append(undefined, [{ type: 'StopRequested', stopped: 'x1', reason: 'no' }])
    await store.append('x2', [RESUMED])
    await store.append('x1', [ENDED], 2)
    expect((await store.read('x1')).map(({ seq, type }) => [seq, type])).toEqual([
      [1, 'ExecutionResumed'],
      [2, 'ActIntended'],
      [5, 'ExecutionEnded'],
    ])
    expect(await store.read('x3')).toEqual([])
    expect(await store.stopRequest('x1', cursorBehind(undefined))).toMatchObject({ seq: 3, reason: 'no' })
    expect(await store.stopRequest('x1', cursorBehind({ seq: 3 }))).toBeUndefined()
  })

  test('names on each record whoever has appended it, and lets several write by turns and at once', async () => {
    const store = made()
    const local = store.as({ issuer: 'local', id: 'local:1000:bob@noc1', auth: 'os' })
    const corp = store.as({ issuer: 'corp', id: '00u1', auth: 'oidc' })
    await local.append('x1', [RESUMED], 0)
    await Promise.all([
      corp.append('x2', [RESUMED, STAGED]),
      local.append('x1', [{ ...STAGED, device: 'leaf2' }], 1),
      corp.append('x3', [ENDED]),
    ])
    await corp.append('x1', [ENDED], 4)
    await corp.append(undefined, [{ type: 'StopRequested', stopped: 'x1', reason: 'no' }])
    expect((await local.read('x1')).map(({ actor, seq, type }) => [actor, seq, type])).toEqual([
      ['local:1000:bob@noc1', 1, 'ExecutionResumed'],
      ['local:1000:bob@noc1', 4, 'ActIntended'],
      ['corp:00u1', 6, 'ExecutionEnded'],
    ])
    expect((await store.read('x2')).map(({ actor, seq }) => [actor, seq])).toEqual([
      ['corp:00u1', 2],
      ['corp:00u1', 3],
    ])
    expect(await store.stopRequest('x1', cursorBehind(undefined))).toMatchObject({ actor: 'corp:00u1', seq: 7 })
    // Who has not folded what another has written is refused, whoever it is.
    expect(await thrownBy(() => local.append('x1', [RESUMED], 4))).toMatchObject({ kind: 'busy' })
    expect(await store.read('x1')).toHaveLength(3)
  })

  test('refuses who has not folded the newest record, and writes nothing then', async () => {
    const store = made()
    await store.append('x1', [RESUMED], 0)
    expect(await thrownBy(() => store.append('x1', [ENDED], 0))).toMatchObject({ kind: 'busy' })
    expect(await store.read('x1')).toHaveLength(1)
    expect(await store.openExecutions()).toEqual([{ id: 'x1', hasActed: false }])
  })

  test('gives what was written behind a cursor, a thousand records at a time', async () => {
    const store = made()
    await store.append('x1', [RESUMED, STAGED])
    const now = await store.tail()
    expect(now.events).toEqual([])
    expect(await store.tail(now.cursor)).toEqual(now)
    await store.append(undefined, [{ type: 'StopRequested', stopped: 'x1', reason: 'no' }])
    await store.append('x2', [RESUMED])
    const later = await store.tail(now.cursor)
    expect(later.events.map(({ type, execution }) => [type, execution])).toEqual([
      ['StopRequested', undefined],
      ['ExecutionResumed', 'x2'],
    ])
    expect((await store.tail(later.cursor)).events).toEqual([])
    await store.append(
      'x3',
      Array.from({ length: 1_001 }, () => RESUMED),
    )
    const page = await store.tail(later.cursor)
    expect(page.events).toHaveLength(1_000)
    expect((await store.tail(page.cursor)).events).toHaveLength(1)
    expect((await store.tail(cursorBehind(undefined))).events[0]).toMatchObject({
      type: 'ExecutionResumed',
      execution: 'x1',
    })
  })

  test('lists executions newest first, in pages', async () => {
    const store = made()
    for (const id of ['x1', 'x2', 'x3']) await store.append(id, [RESUMED])
    await store.append('x1', [STAGED])
    expect(await store.executionIds()).toEqual(['x3', 'x2', 'x1'])
    expect((await store.executions({ limit: 2 })).map(({ id }) => id)).toEqual(['x3', 'x2'])
    expect(await store.executions({ limit: 2, before: 'x2' })).toMatchObject([
      { id: 'x1', first: { seq: 1 }, last: { seq: 4 } },
    ])
    expect(await store.executions({ before: 'x9' })).toEqual([])
  })

  test('knows the open executions, and which of them have touched a switch', async () => {
    const store = made()
    await store.append('x1', [RESUMED])
    await store.append('x2', [RESUMED, STAGED])
    await store.append('x3', [RESUMED, ENDED])
    await store.append('x3', [ASKED])
    expect(await store.openExecutions()).toEqual([
      { id: 'x2', hasActed: true },
      { id: 'x1', hasActed: false },
    ])
    await store.append('x2', [ENDED])
    await store.append('x3', [{ type: 'ExecutionRedriven' }])
    expect((await store.openExecutions()).map(({ id }) => id)).toEqual(['x3', 'x1'])
  })

  test.each([
    ['@latest', { found: 'one', id: 'ab2' }],
    ['ab1', { found: 'one', id: 'ab1' }],
    ['a', { found: 'several', ids: ['ab2', 'ab1'] }],
    ['c', { found: 'none' }],
  ])('resolves %s', async (word, expected) => {
    const store = made()
    for (const id of ['ab1', 'ab2']) await store.append(id, [RESUMED])
    expect(await store.resolveExecution(word)).toEqual(expected)
  })

  test('lets an approval be used once, and gives the decisions about a plan', async () => {
    const store = made()
    await store.append(undefined, [{ type: 'ApprovalDecided', statement: STATEMENT, seal: 'hmac:1' }])
    await store.append('x1', [{ type: 'ApprovalUsed', nonce: 'n1', plan: PLAN }])
    const again = () => store.append('x2', [RESUMED, { type: 'ApprovalUsed', nonce: 'n1', plan: PLAN }])
    expect(await thrownBy(again)).toMatchObject({ kind: 'not-approved' })
    expect(await store.read('x2')).toEqual([])
    expect(await store.approvals(PLAN)).toMatchObject([{ event: { seq: 1 }, verified: true }])
    expect(await store.approvals('sha256:other')).toEqual([])
    expect(await store.approvalUses(PLAN)).toEqual([{ nonce: 'n1', execution: 'x1' }])
  })

  test('keeps a text once, under the same name', async () => {
    const store = made()
    const ref = await store.put('hostname leaf1\n')
    expect(await store.put('hostname leaf1\n')).toBe(ref)
    expect(await store.get(ref)).toBe('hostname leaf1\n')
    expect(await thrownBy(() => store.get('blob:00'))).toMatchObject({ kind: 'store' })
  })
})
