import { describe, expect, test } from 'vitest'
import { cursorBehind } from '../../../src/change/record/event/cursor.ts'
import type { EventBody } from '../../../src/change/record/event/event.ts'
import type { Journal } from '../../../src/change/record/store/journal.ts'
import type { Leases } from '../../../src/change/record/store/lease.ts'
import type { Store } from '../../../src/change/record/store/store.ts'
import { VirtualClock } from '../../../src/lab/trial/timeline.ts'
import type { Clock } from '../../../src/model/clock.ts'
import { ALICE, ONE_OF_EACH, PLAN, STATEMENT } from './one-of-each-event.ts'
import { thrownBy } from './sqlite/open-for-test.ts'

const RESUMED: EventBody = { type: 'ExecutionResumed' }
const ENDED: EventBody = { type: 'ExecutionEnded', outcome: 'succeeded', devices: {} }
const STAGED: EventBody = { type: 'ActIntended', device: 'leaf1', act: 'stage', session: 'eosflow-1', checkpoint: 'c' }
/** The session of a plan. */
const PLANNED: EventBody = { type: 'ActIntended', device: 'leaf1', act: 'stage', session: 'eosflow-1' }
const REDRIVEN: EventBody = { type: 'ExecutionRedriven' }
const CARRIED = {
  type: 'ApprovalCarried',
  plan: PLAN,
  to: 'sha256:bb',
  approved: 'blob:05',
  nth: 1,
  nonces: [STATEMENT.nonce],
  rules: ['leaf-change'],
  policy: 'sha256:cc',
  differences: [],
  principal: ALICE,
} as const
const STARTED = ONE_OF_EACH[0] as EventBody & { readonly type: 'ExecutionStarted' }
const POLICY: EventBody = { type: 'PolicyLoaded', file: 'policy.yaml', policy: 'sha256:00' }
const ACCEPTED: EventBody = {
  type: 'ClockAccepted',
  principal: ALICE,
  reason: 'it was wrong',
  latest: '2026-01-05T08:00:00.000Z',
  now: '2026-01-05T07:00:00.000Z',
  agreeing: 2,
}
const BUNDLE = {
  type: 'BundlePublished',
  bundle: 'sha256:b0',
  manifest: 'blob:05',
  files: 2,
  version: '0.1.0',
  principal: ALICE,
} as const
const TIMES: Readonly<Record<string, string>> = {
  one: '2026-01-05T09:00:00.000Z',
  two: '2026-01-05T10:00:00.000Z',
  three: '2026-01-05T11:00:00.000Z',
}
const LOGIN = { type: 'LoggedIn', principal: { ...ALICE, person: 'p-bob' }, flow: 'browser' } as const
const FREEZE: EventBody = { type: 'FreezeSet', principal: ALICE, reason: 'INC-1', until: '2026-01-05T09:00:00.000Z' }
const UNFREEZE: EventBody = { type: 'FreezeEnded', principal: ALICE, freeze: 1, reason: 'solved' }
const ARMED: EventBody = { type: 'ActIntended', device: 'leaf1', act: 'arm', session: 'eosflow-1', seconds: 60 }
const BROKEN: EventBody = {
  type: 'BreakGlassUsed',
  principal: ALICE,
  needs: 'execution.start',
  reason: 'INC-1',
  rules: ['e'],
  policy: 'sha256:00',
}
/** The record of shares of one budget, each for a switch of its number, beside others. */
function sharesTaken(numbers: readonly string[], beside: Readonly<Record<string, string>> = {}): EventBody {
  const share = (number: string) => `budget role:leaf [] ${number}`
  return {
    type: 'SharesTaken',
    shares: numbers.map((number) => ({ device: `leaf${number.slice(1)}`, share: share(number) })),
    seconds: 300,
    budgets: [{ budget: 'role:leaf', max: 3 }],
    beside: Object.entries(beside).map(([number, execution]) => ({ share: share(number), execution })),
  }
}
const ASKED: EventBody = { type: 'SecretResolved', reference: 'env:A', outcome: 'ok' }

/** What every store promises, whatever it is made of. `made` gives an empty one. */
export const describeStore = (name: string, made: (clock?: Clock) => Promise<Store & Leases & Journal>) => {
  describe(`[G47] a store of ${name}`, () => {
    test('gives the records of one execution in order, and no others', async () => {
      const store = await made()
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

    test('gives each record its place, time and actor, and reads back the same', async () => {
      const clock = new VirtualClock()
      const store = await made(clock)
      const [first] = await store.append('x1', [RESUMED])
      await clock.advance(1_500)
      const later = await store.append('x1', [{ type: 'UndoStarted', device: 'leaf1' }, RESUMED])
      const by = { v: 1, actor: 'local:1000:alice@noc1', execution: 'x1' }
      expect([first, ...later]).toEqual([
        { ...by, seq: 1, at: '2026-01-05T08:00:00.000Z', type: 'ExecutionResumed' },
        { ...by, seq: 2, at: '2026-01-05T08:00:01.500Z', type: 'UndoStarted', device: 'leaf1' },
        { ...by, seq: 3, at: '2026-01-05T08:00:01.500Z', type: 'ExecutionResumed' },
      ])
      expect(await store.read('x1')).toEqual([first, ...later])
    })

    test('is not misled by an execution that speaks of another one', async () => {
      const store = await made()
      const output = { execution: 'x1', ratio: 0.5 }
      await store.append('x1', [RESUMED])
      await store.append('x2', [{ type: 'TaskSucceeded', path: '', state: 'a', output }])
      await store.append('quoted "x1"', [RESUMED])
      expect((await store.read('x1')).map(({ seq }) => seq)).toEqual([1])
      expect(await store.read('x2')).toMatchObject([{ seq: 2, output }])
      expect((await store.read('quoted "x1"')).map(({ seq }) => seq)).toEqual([3])
    })

    test.each<[string, EventBody, RegExp]>([
      ['has no form', { type: 'TaskSucceeded', path: '', state: 'a', output: { ratio: Number.NaN } }, /./],
      ['could not be read again', { type: 'WaitStarted', path: '', state: 'a' } as never, /WaitStarted.*until/],
    ])('writes nothing of a batch of which one record %s', async (_, event, message) => {
      const store = await made()
      const error = await thrownBy(() => store.append('x1', [RESUMED, event]))
      expect(error).toMatchObject({ kind: 'bug', message: expect.stringMatching(message) })
      expect([await store.read('x1'), (await store.head()).seq]).toEqual([[], 0])
    })

    test('gives those of some types, or all but some, whatever their texts hold', async () => {
      const store = await made()
      const done: EventBody = { type: 'TaskSucceeded', path: '', state: 'Plan', output: { type: 'ExecutionEnded' } }
      await store.append('x1', [RESUMED, STAGED, done])
      await store.append('x1', [ENDED], 3)
      const read = async (types: Parameters<Store['read']>[1]) => (await store.read('x1', types)).map(({ seq }) => seq)
      expect(await read({ of: ['ExecutionEnded'] })).toEqual([4])
      expect(await read({ of: ['ActIntended', 'TaskSucceeded'] })).toEqual([2, 3])
      expect(await read({ of: [] })).toEqual([])
      expect(await read({ but: ['TaskSucceeded', 'ExecutionResumed'] })).toEqual([2, 4])
      expect(await read({ but: [] })).toEqual([1, 2, 3, 4])
      expect(await store.read('x3', { but: [] })).toEqual([])
    })

    test('names on each record whoever has appended it, and lets several write by turns and at once', async () => {
      const store = await made()
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
      const store = await made()
      await store.append('x1', [RESUMED], 0)
      expect(await thrownBy(() => store.append('x1', [ENDED], 0))).toMatchObject({ kind: 'busy' })
      expect(await store.read('x1')).toHaveLength(1)
      expect(await store.openExecutions()).toEqual([{ id: 'x1', hasActed: false }])
    })

    test('refuses what is bound to the newest record of an execution, or to nobody having it stop or rest, where that does not hold', async () => {
      const store = await made()
      const stop: EventBody = { type: 'StopRequested', stopped: 'x1', reason: 'no' }
      const suspend: EventBody = { type: 'SuspendRequested', suspended: 'x1', reason: 'no' }
      await store.append('x1', [RESUMED, STAGED])
      const start = cursorBehind(undefined)
      expect(await thrownBy(() => store.append(undefined, [stop], [{ of: 'x1', newest: 1 }]))).toMatchObject({
        kind: 'busy',
      })
      expect(await store.stopRequest('x1', start)).toBeUndefined()
      await store.append(undefined, [stop], [{ of: 'x1', newest: 2 }])
      const stopped = await thrownBy(() =>
        store.append('x1', [RESUMED], [{ of: 'x1', newest: 2, unaskedSince: start }]),
      )
      expect(stopped).toMatchObject({
        kind: 'busy',
        message: expect.stringContaining('x1 was asked to stop or to rest'),
      })
      const behindStop = cursorBehind({ seq: 3 })
      await store.append('x1', [RESUMED], [{ of: 'x1', newest: 2, unaskedSince: behindStop }])
      await store.append(undefined, [suspend], [{ of: 'x1', newest: 4 }])
      const refused = await thrownBy(() =>
        store.append('x1', [RESUMED], [{ of: 'x1', newest: 4, unaskedSince: behindStop }]),
      )
      expect(refused).toMatchObject({
        kind: 'busy',
        message: expect.stringContaining('x1 was asked to stop or to rest'),
      })
      // Another execution is not meant, and what was asked before the cursor is over.
      await store.append('x2', [RESUMED], [{ of: 'x2', newest: 0, unaskedSince: start }])
      await store.append('x1', [RESUMED], [{ of: 'x1', newest: 4, unaskedSince: cursorBehind({ seq: 5 }) }])
      // All of several must hold.
      const both = [
        { of: 'x3', newest: 0 },
        { of: 'x2', newest: 7 },
      ]
      expect(await thrownBy(() => store.append('x3', [RESUMED], both))).toMatchObject({ kind: 'busy' })
      expect([(await store.read('x1')).map(({ seq }) => seq), await store.read('x3')]).toEqual([[1, 2, 4, 7], []])
    })

    test('gives what was written behind a cursor, a thousand records at a time', async () => {
      const store = await made()
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

    test('ends every lease where it was restored from a backup, and gives no token again', async () => {
      const store = await made()
      expect(await store.restored()).toBeUndefined()
      await store.append('x1', [RESUMED, STAGED])
      const restored = { type: 'StoreRestored', principal: ALICE, reason: 'disk', records: 2, open: ['x1'] } as const
      await store.append(undefined, [restored])
      expect(await store.restored()).toMatchObject({ seq: 3, records: 2, open: ['x1'] })
      expect(await store.leaseOf('leaf1')).toEqual({
        device: 'leaf1',
        execution: 'x1',
        token: 1_000_000_001,
        until: null,
      })
      expect(await thrownBy(() => store.fence('x1', 'leaf1'))).toMatchObject({ kind: 'busy' })
    })

    test('[N1] lists executions newest first, in pages', async () => {
      const store = await made()
      for (const id of ['x1', 'x2', 'x3']) await store.append(id, [RESUMED])
      await store.append('x1', [STAGED])
      expect(await store.executionIds()).toEqual(['x3', 'x2', 'x1'])
      expect(await store.executionIds(2)).toEqual(['x3', 'x2'])
      expect((await store.executions({ limit: 2 })).map(({ id }) => id)).toEqual(['x3', 'x2'])
      expect(await store.executions({ limit: 2, before: 'x2' })).toMatchObject([
        { id: 'x1', first: { seq: 1 }, last: { seq: 4 } },
      ])
      expect(await store.executions({ before: 'x9' })).toEqual([])
    })

    test('lists the open ones alone, in pages too: one that has ended is not among them until it is redriven', async () => {
      const store = await made()
      const open = async (page: { readonly limit?: number; readonly before?: string } = {}) =>
        (await store.executions({ ...page, open: true })).map(({ id }) => id)
      expect(await open()).toEqual([])
      for (const id of ['x1', 'x2', 'x3', 'x4']) await store.append(id, [STARTED])
      await store.append('x2', [ENDED])
      await store.append('x2', [ASKED])
      expect([await open(), await open({ limit: 2 }), await open({ limit: 2, before: 'x3' })]).toEqual([
        ['x4', 'x3', 'x1'],
        ['x4', 'x3'],
        ['x1'],
      ])
      await store.append('x2', [REDRIVEN])
      expect([await open(), await open({ before: 'x3' }), await open({ before: 'x9' })]).toEqual([
        ['x4', 'x3', 'x2', 'x1'],
        ['x2', 'x1'],
        [],
      ])
      expect(await store.executions({ open: true, limit: 1 })).toMatchObject([{ id: 'x4', first: { seq: 4 } }])
    })

    test('[N2] knows the open executions, and which of them have touched a switch', async () => {
      const store = await made()
      await store.append('x1', [RESUMED, PLANNED])
      await store.append('x2', [RESUMED, STAGED])
      await store.append('x3', [RESUMED, { ...STAGED, device: 'leaf3' } as EventBody, ENDED])
      await store.append('x3', [ASKED])
      expect(await store.openExecutions()).toEqual([
        { id: 'x2', hasActed: true },
        { id: 'x1', hasActed: false },
      ])
      await store.append('x2', [ENDED])
      await store.append('x3', [{ type: 'ExecutionRedriven' }])
      expect(await store.openExecutions()).toEqual([
        { id: 'x3', hasActed: true },
        { id: 'x1', hasActed: false },
      ])
    })

    test.each([
      ['@latest', { found: 'one', id: 'abc2' }],
      ['abc1', { found: 'one', id: 'abc1' }],
      ['abd', { found: 'one', id: 'abd1' }],
      ['ab', { found: 'several', ids: ['abc2', 'abd1', 'abc', 'abc1'] }],
      ['abc', { found: 'one', id: 'abc' }],
      ['x', { found: 'none' }],
    ])('resolves %s', async (word, expected) => {
      const store = await made()
      expect(await store.resolveExecution(word)).toEqual({ found: 'none' })
      for (const id of ['abc1', 'abc', 'abd1', 'abc2']) await store.append(id, [RESUMED])
      await store.append('abc1', [RESUMED])
      expect(await store.resolveExecution(word)).toEqual(expected)
    })

    test('[G60] lets an approval be used once, and gives the decisions about a plan', async () => {
      const store = await made()
      await store.append(undefined, [{ type: 'ApprovalDecided', statement: STATEMENT, seal: 'hmac:1' }])
      await store.append('x1', [{ type: 'ApprovalUsed', nonce: 'n1', plan: PLAN }])
      const again = () => store.append('x2', [RESUMED, { type: 'ApprovalUsed', nonce: 'n1', plan: PLAN }])
      expect(await thrownBy(again)).toMatchObject({ kind: 'not-approved' })
      expect(await store.read('x2')).toEqual([])
      expect(await store.approvals(PLAN)).toMatchObject([{ event: { seq: 1 }, verified: true }])
      const other = { ...STATEMENT, plan: 'sha256:other', nonce: 'n2' }
      const reject = { ...STATEMENT, decision: 'reject', nonce: 'n3' } as const
      await store.append(undefined, [
        { type: 'ApprovalDecided', statement: other, seal: 'hmac:2' },
        { type: 'ApprovalDecided', statement: reject, seal: 'hmac:3' },
      ])
      expect(await store.approvals(PLAN)).toMatchObject([
        { event: { seq: 1, statement: STATEMENT, seal: 'hmac:1' }, verified: true },
        { event: { seq: 4, statement: reject, seal: 'hmac:3' }, verified: true },
      ])
      expect(await store.approvals('sha256:none')).toEqual([])
      expect(await store.approvalUses(PLAN)).toEqual([{ nonce: 'n1', execution: 'x1' }])
    })

    test('lets the approvals of a plan carry once for each time, and gives where they have carried to', async () => {
      const store = await made()
      const carried = (nth: number, to: string) => ({ ...CARRIED, nth, to }) as const
      await store.append(undefined, [carried(1, 'sha256:b1')])
      expect(await thrownBy(() => store.append(undefined, [carried(1, 'sha256:b2')]))).toMatchObject({ kind: 'stale' })
      await store.append(undefined, [{ ...carried(1, 'sha256:b1'), plan: 'sha256:other' }, carried(2, 'sha256:b2')])
      expect((await store.carried(PLAN)).map(({ nth, to }) => [nth, to])).toEqual([
        [1, 'sha256:b1'],
        [2, 'sha256:b2'],
      ])
      expect(await store.carried('sha256:b1')).toEqual([])
      expect(await store.approvals(PLAN)).toEqual([])
    })

    test('gives the executions that were begun to send a plan, where each began and ended last', async () => {
      const store = await made()
      const plan = { type: 'PlanMade', digest: PLAN, plan: 'blob:01', waves: [['leaf1']], unchanged: [] } as const
      await store.append('x0', [{ ...STARTED, purpose: 'plan' }, plan, ENDED])
      expect(await store.planRuns(PLAN)).toEqual([])
      await store.append('x1', [STARTED, plan])
      await store.append('x2', [STARTED, { ...plan, digest: 'sha256:other' }])
      const [, one] = await store.read('x1')
      const began = (one?.seq ?? 0) - 1
      expect(await store.planRuns(PLAN)).toEqual([{ execution: 'x1', began }])
      const [end] = await store.append('x1', [{ ...ENDED, outcome: 'refused' }])
      const ended = { record: end?.seq, at: end?.at, isRefused: true }
      await store.append('x1', [{ type: 'DeviceReleased', device: 'leaf1', released: 'x1', reason: 'late' }])
      expect(await store.planRuns(PLAN)).toEqual([{ execution: 'x1', began, ended }])
      await store.append('x1', [REDRIVEN])
      expect(await store.planRuns(PLAN)).toEqual([{ execution: 'x1', began }])
      const [again] = await store.append('x1', [ENDED])
      expect(await store.planRuns(PLAN)).toMatchObject([{ ended: { record: again?.seq, isRefused: false } }])
      expect(await store.planRuns('sha256:other')).toMatchObject([{ execution: 'x2' }])
    })

    test('remembers where somebody stopped an execution, whatever came of it since', async () => {
      const store = await made()
      const plan = { type: 'PlanMade', digest: PLAN, plan: 'blob:01', waves: [['leaf1']], unchanged: [] } as const
      await store.append('x1', [STARTED, plan])
      expect((await store.planRuns(PLAN)).map(({ stopped }) => stopped)).toEqual([undefined])
      const [stop] = await store.append('x1', [{ ...ENDED, outcome: 'cancelled' }])
      const stopped = { record: stop?.seq, at: stop?.at }
      expect(await store.planRuns(PLAN)).toMatchObject([{ ended: { record: stop?.seq, isRefused: false }, stopped }])
      await store.append('x1', [REDRIVEN])
      expect(await store.planRuns(PLAN)).toEqual([{ execution: 'x1', began: expect.any(Number), stopped }])
      await store.append('x1', [{ ...ENDED, outcome: 'refused' }])
      expect(await store.planRuns(PLAN)).toMatchObject([{ ended: { isRefused: true }, stopped }])
      await store.append('x1', [REDRIVEN])
      const [again] = await store.append('x1', [{ ...ENDED, outcome: 'cancelled' }])
      expect(await store.planRuns(PLAN)).toMatchObject([{ stopped: { record: again?.seq } }])
    })

    test('keeps a text once, under the same name', async () => {
      const store = await made()
      const text = 'hostname leaf1\r\n!\nbanner login\nZutritt verboten \u{1f512}\nEOF\n'
      const ref = await store.put(text)
      expect(ref).toMatch(/^blob:[0-9a-f]{64}$/)
      expect(await store.put(text)).toBe(ref)
      expect(await store.markOf(ref)).toBe(await store.markOf(ref))
      expect(await store.get(ref)).toBe(text)
      expect(await store.get(await store.put(''))).toBe('')
      expect(await thrownBy(() => store.get('blob:00'))).toMatchObject({
        kind: 'store',
        message: expect.stringContaining('blob:00'),
      })
    })

    test('lets an execution be asked for once under a key, and finds it', async () => {
      const store = await made()
      await store.append('x1', [{ ...STARTED, request: { key: 'CHG1', of: 'sha256:00' } }])
      const again = () => store.append('x2', [{ ...STARTED, request: { key: 'CHG1', of: 'sha256:11' } }])
      expect(await thrownBy(again)).toMatchObject({
        kind: 'busy',
        message: 'another execution was begun under this key',
      })
      expect(await store.requested('CHG1')).toMatchObject({ execution: 'x1', request: { of: 'sha256:00' } })
      expect(await store.requested('CHG2')).toBeUndefined()
      expect(await store.executionIds()).toEqual(['x1'])
    })

    test('knows a plan that a record names, and no other', async () => {
      const store = await made()
      expect(await store.knowsPlan(PLAN)).toBe(false)
      await store.append('x1', [{ type: 'ApprovalRequested', plan: PLAN }])
      expect([await store.knowsPlan(PLAN), await store.knowsPlan('sha256:other')]).toEqual([true, false])
    })

    test('gives snapshots newest first, and the newest word about the policy', async () => {
      const store = await made()
      expect(await store.policySeen()).toBeUndefined()
      for (const name of ['before', 'behind']) {
        await store.append(undefined, [
          { type: 'SnapshotTaken', name, snapshot: 'blob:04', devices: [], baseline: [], notices: [] },
        ])
      }
      expect((await store.snapshots()).map(({ name }) => name)).toEqual(['behind', 'before'])
      await store.append(undefined, [POLICY])
      await store.append(undefined, [{ ...POLICY, policy: PLAN }])
      expect(await store.policySeen()).toMatchObject({ seq: 4, policy: PLAN })
    })

    test('writes what a policy allowed only while no other one came into force', async () => {
      const store = await made()
      const RETIRED: EventBody = {
        type: 'PolicyRetired',
        principal: ALICE,
        file: 'policy.yaml',
        policy: 'sha256:00',
        since: TIMES.one ?? '',
        reason: 'no more',
        rules: [],
      }
      await store.append(undefined, [UNFREEZE], [{ policy: 0 }])
      let known = 0
      for (const [index, record] of [BUNDLE, POLICY, RETIRED, BUNDLE].entries()) {
        const [written] = await store.append(undefined, [record])
        const moved = written?.seq ?? 0
        const id = `x${index}`
        const refused = { kind: 'stale', message: 'another policy came into force meanwhile: nothing was written' }
        const other = await thrownBy(() => store.append(undefined, [UNFREEZE], [{ policy: known }]))
        expect(other, record.type).toMatchObject(refused)
        const begun = await thrownBy(() => store.append(id, [STARTED], [{ of: id, newest: 0 }, { policy: known }]))
        expect(begun, record.type).toMatchObject(refused)
        expect(await store.read(id)).toEqual([])
        await store.append(id, [STARTED], [{ of: id, newest: 0 }, { policy: moved }])
        const [head] = (await store.read(id)).slice(-1)
        const goes = await thrownBy(() =>
          store.append(id, [RESUMED], [{ of: id, newest: head?.seq ?? 0 }, { policy: known }]),
        )
        expect(goes, record.type).toMatchObject(refused)
        await store.append(id, [RESUMED], [{ of: id, newest: head?.seq ?? 0 }, { policy: moved }])
        await store.append(undefined, [UNFREEZE], [{ policy: moved }])
        known = moved
      }
      expect(known).toBeGreaterThan(0)
    })

    test('lets one of several through that were allowed by the same policy and each bring another one', async () => {
      const store = await made()
      const [first] = await store.append(undefined, [BUNDLE])
      const after = [{ policy: first?.seq ?? 0 }]
      const each = ['sha256:b1', 'sha256:b2', 'sha256:b3', 'sha256:b4', 'sha256:b5', 'sha256:b6']
      const outcomes = await Promise.allSettled(
        each.map((bundle) => store.append(undefined, [{ ...BUNDLE, bundle }], after)),
      )
      expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', ...Array(5).fill('rejected')])
      expect(await store.bundles()).toHaveLength(2)
    })

    test('gives published bundles newest first, all or so many, and takes none for a plan', async () => {
      const store = await made()
      expect(await store.bundles()).toEqual([])
      for (const [index, bundle] of ['sha256:b0', 'sha256:b1', 'sha256:b0'].entries()) {
        await store.append(undefined, [{ ...BUNDLE, bundle, files: index + 1 }])
        await store.append('x1', [{ type: 'UndoStarted', device: 'leaf1' }])
      }
      const found = async (limit?: number) => (await store.bundles(limit)).map(({ bundle, files }) => [bundle, files])
      expect(await found()).toEqual([
        ['sha256:b0', 3],
        ['sha256:b1', 2],
        ['sha256:b0', 1],
      ])
      expect(await found(1)).toEqual([['sha256:b0', 3]])
      expect(await found(2)).toHaveLength(2)
      expect(await store.knowsPlan('sha256:b0')).toBe(false)
    })

    test('gives logins, and requests for approval, newest first, and no more than were asked for', async () => {
      const store = await made()
      expect(await store.newestOf('ApprovalRequested', 3)).toEqual([])
      for (const reason of ['one', 'two', 'three']) {
        await store.append(undefined, [
          { type: 'ApprovalRequested', plan: PLAN, reason },
          { ...LOGIN, until: TIMES[reason] ?? '' },
        ])
        await store.append('x1', [{ type: 'UndoStarted', device: 'leaf1' }])
      }
      const reasons = async (limit: number) =>
        (await store.newestOf('ApprovalRequested', limit)).map(({ reason }) => reason)
      expect(await reasons(3)).toEqual(['three', 'two', 'one'])
      expect(await reasons(2)).toEqual(['three', 'two'])
      const logins = await store.newestOf('LoggedIn', 2)
      expect(logins.map(({ until, principal }) => [until, principal.person])).toEqual([
        [TIMES.three, 'p-bob'],
        [TIMES.two, 'p-bob'],
      ])
    })

    test('gives the freezes in force, in order, until somebody ends one or its time is over', async () => {
      const clock = new VirtualClock()
      const store = await made(clock)
      const inForce = async (at: string): Promise<readonly number[]> => (await store.freezes(at)).map(({ seq }) => seq)
      expect(await inForce('2026-01-05T08:00:00.000Z')).toEqual([])
      await store.append(undefined, [FREEZE])
      await store.append(undefined, [POLICY])
      await store.append(undefined, [{ ...FREEZE, until: '2026-01-05T08:30:00.000Z' }])
      expect(await inForce('2026-01-05T08:00:00.000Z')).toEqual([1, 3])
      expect(await inForce('2026-01-05T08:29:59.999Z')).toEqual([1, 3])
      expect(await inForce('2026-01-05T08:30:00.000Z')).toEqual([1])
      expect(await inForce('2026-01-05T09:00:00.000Z')).toEqual([])
      expect(await store.freezes('2026-01-05T08:00:00.000Z')).toMatchObject([
        { reason: 'INC-1', until: '2026-01-05T09:00:00.000Z' },
        { until: '2026-01-05T08:30:00.000Z' },
      ])
      await store.append(undefined, [UNFREEZE])
      expect(await inForce('2026-01-05T08:00:00.000Z')).toEqual([3])
      await store.append(undefined, [UNFREEZE])
      expect(await inForce('2026-01-05T08:00:00.000Z')).toEqual([3])
    })

    test('takes one decision about an instant of a schedule, whoever makes it, and gives what is known of each', async () => {
      const store = await made()
      const loaded = {
        type: 'ScheduleChanged',
        schedule: 'hourly',
        change: 'loaded',
        tz: 'UTC',
        cron: '0 * * * *',
      } as const
      const instant = (hour: number) => `2026-01-05T${String(hour).padStart(2, '0')}:00:00.000Z`
      const fired = { type: 'ScheduleFired', schedule: 'hourly', instant: instant(9), does: 'drift' } as const
      const skipped = { type: 'ScheduleSkipped', schedule: 'hourly', because: 'overlap', reason: 'it runs' } as const
      await store.append(undefined, [loaded])
      await store.append(undefined, [fired])
      await expect(store.append(undefined, [fired])).rejects.toMatchObject({ kind: 'busy' })
      // Nothing of the same call is written.
      const both = [
        { ...skipped, instant: instant(10) },
        { ...skipped, instant: instant(9) },
      ]
      await expect(store.append(undefined, both)).rejects.toMatchObject({ kind: 'busy' })
      await store.append(undefined, [{ ...fired, schedule: 'another' }])
      await store.append(undefined, [{ ...skipped, instant: instant(10) }])
      await store.append(undefined, [
        { type: 'ScheduleFinished', schedule: 'hourly', instant: instant(9), outcome: 'ok', reason: 'done' },
      ])
      expect((await store.schedules()).map(({ seq, type, schedule }) => [seq, type, schedule])).toEqual([
        [1, 'ScheduleChanged', 'hourly'],
        [2, 'ScheduleFired', 'hourly'],
        [3, 'ScheduleFired', 'another'],
        [4, 'ScheduleSkipped', 'hourly'],
        [5, 'ScheduleFinished', 'hourly'],
      ])
    })

    test('gives the last occurrence of a schedule and how it ended, however many instants have passed since', async () => {
      const store = await made()
      const instant = (minute: number) => new Date(Date.UTC(2026, 0, 5, 8, minute)).toISOString()
      await store.append(undefined, [{ type: 'ScheduleFired', schedule: 'often', instant: instant(0), does: 'check' }])
      const skips = Array.from({ length: 130 }, (_, index) => ({
        type: 'ScheduleSkipped' as const,
        schedule: 'often',
        instant: instant(index + 1),
        because: 'overlap' as const,
        reason: 'it runs',
      }))
      await store.append(undefined, skips)
      await store.append(undefined, [
        { type: 'ScheduleFinished', schedule: 'often', instant: instant(0), outcome: 'ok', reason: 'done' },
      ])
      const given = await store.schedules()
      // A hundred of the newest, and the two of the last occurrence.
      expect([given.length, given[0]?.seq, given[1]?.seq, given.at(-1)?.seq]).toEqual([102, 1, 32, 132])
    })

    test('refuses the start and the redrive of a change while a freeze is in force, and nothing of the same call is written', async () => {
      const clock = new VirtualClock()
      const store = await made(clock)
      await store.append(undefined, [FREEZE])
      const refusal = {
        kind: 'window-closed',
        message: 'nothing new begins until 2026-01-05T09:00:00.000Z: freeze 1, set by local:1000:alice@noc1: INC-1',
        hint: expect.stringContaining('eosflow unfreeze 1 --reason'),
      }
      expect(await thrownBy(() => store.append('x1', [STARTED], 0))).toMatchObject(refusal)
      expect(await thrownBy(() => store.append('x1', [RESUMED, { type: 'ExecutionRedriven' }]))).toMatchObject(refusal)
      expect(await store.read('x1')).toEqual([])
      // A plan begins nothing, and the glass may be broken.
      await store.append('x2', [{ ...STARTED, purpose: 'plan' }], 0)
      await store.append('x3', [{ ...STARTED, request: { key: 'x3', of: PLAN } }, BROKEN], 0)
      await store.append('x3', [ARMED])
      await store.append(undefined, [UNFREEZE])
      await store.append('x1', [STARTED], 0)
      expect((await store.head()).seq).toBe(7)
    })

    test('refuses the first timed commit of an execution while a freeze is in force, and no later one', async () => {
      const clock = new VirtualClock()
      const store = await made(clock)
      await store.append('x1', [STARTED, STAGED])
      await store.append('x2', [{ ...STARTED, request: { key: 'x2', of: PLAN } }])
      await store.append('x2', [{ ...ARMED, device: 'leaf2' }])
      await store.append(undefined, [FREEZE])
      expect(await thrownBy(() => store.append('x1', [ARMED]))).toMatchObject({ kind: 'window-closed' })
      await store.append('x1', [{ ...ARMED, act: 'abort' }])
      await store.append('x2', [{ ...ARMED, device: 'leaf3' }])
      await store.append('x2', [{ ...ARMED, device: 'leaf2', act: 'confirm' }])
      // Started again, it has begun nothing.
      await store.append(undefined, [{ ...UNFREEZE, freeze: 5 }])
      await store.append('x2', [{ type: 'ExecutionRedriven' }])
      await store.append(undefined, [FREEZE])
      expect(await thrownBy(() => store.append('x2', [{ ...ARMED, device: 'leaf2' }]))).toMatchObject({
        kind: 'window-closed',
      })
      await clock.advance(3_600_000)
      await store.append('x2', [{ ...ARMED, device: 'leaf2' }])
      await store.append('x1', [ARMED])
    })

    test('gives the answers to tokens behind a position, in order', async () => {
      const store = await made()
      const answer = { signal: 'heartbeat' } as const
      for (const token of ['t1', 't2', 't3', 't1'])
        await store.append(undefined, [{ type: 'SignalSent', token, answer }])
      expect((await store.signals(['t1', 't2'], cursorBehind(undefined))).map(({ seq }) => seq)).toEqual([1, 2, 4])
      expect((await store.signals(['t1', 't2'], cursorBehind({ seq: 1 }))).map(({ seq }) => seq)).toEqual([2, 4])
      expect(await store.signals(['t1'], cursorBehind({ seq: 4 }))).toEqual([])
      expect(await store.signals(['x1', 't9', '"t1"'], cursorBehind(undefined))).toEqual([])
      expect(await store.signals([], cursorBehind(undefined))).toEqual([])
      // An execution may bear the name of a token.
      await store.append(undefined, [{ type: 'StopRequested', stopped: 't1', reason: 'no' }])
      expect((await store.signals(['t1'], cursorBehind(undefined))).map(({ seq }) => seq)).toEqual([1, 4])
    })

    test('gives the newest word to an execution behind a position: to stop, or to rest', async () => {
      const store = await made()
      const rest = (suspended: string, reason: string) => ({ type: 'SuspendRequested', suspended, reason }) as const
      const stop = (stopped: string, reason: string) => ({ type: 'StopRequested', stopped, reason }) as const
      await store.append(undefined, [rest('x1', 'once'), rest('x2', 'no'), rest('x1', 'twice')])
      expect(await store.stopRequest('x1', cursorBehind(undefined))).toBeUndefined()
      await store.append(undefined, [stop('x1', 'too late'), stop('x2', 'wrong switch')])
      await store.append(undefined, [stop('x1', 'still')])
      // An execution may bear the name of a token.
      await store.append(undefined, [stop('t1', 'a name twice')])
      for (const [asked, first, last, reason] of [
        ['suspendRequest', 1, 3, 'twice'],
        ['stopRequest', 4, 6, 'still'],
      ] as const) {
        expect(await store[asked]('x1', cursorBehind(undefined))).toMatchObject({ seq: last, reason })
        expect(await store[asked]('x1', cursorBehind({ seq: last - 1 }))).toMatchObject({ seq: last })
        expect(await store[asked]('x1', cursorBehind({ seq: last }))).toBeUndefined()
        expect(await store[asked]('x2', cursorBehind(undefined))).toMatchObject({ seq: first + 1 })
        expect(await store[asked]('x3', cursorBehind(undefined))).toBeUndefined()
      }
      expect(await store.stopRequest('t1', cursorBehind(undefined))).toMatchObject({ seq: 7 })
    })

    test('remembers the highest wall time of any record, until somebody accepts another clock', async () => {
      let set = 0
      const clock = new VirtualClock()
      const store = await made({
        now: () => clock.now() + set,
        monotonic: () => clock.monotonic(),
        sleep: (milliseconds) => clock.sleep(milliseconds),
      })
      expect(await store.head()).toMatchObject({ seq: 0, latest: undefined })
      await store.append('x1', [RESUMED])
      set = -3_600_000
      await store.append('x1', [RESUMED])
      expect(await store.head()).toMatchObject({ seq: 2, latest: '2026-01-05T08:00:00.000Z' })
      await store.append(undefined, [ACCEPTED])
      expect(await store.head()).toMatchObject({ seq: 3, latest: '2026-01-05T07:00:00.000Z' })
      expect(await store.verifyChain()).toEqual(await store.head())
    })

    test('[G76] gives a switch to one execution at a time, until that has ended', async () => {
      const store = await made()
      await store.append('x1', [RESUMED, STAGED])
      expect(await store.leaseOf('leaf1')).toMatchObject({
        execution: 'x1',
        token: 1,
        until: '2026-01-05T08:03:00.000Z',
      })
      expect(await thrownBy(() => store.append('x2', [RESUMED, STAGED]))).toMatchObject({
        kind: 'busy',
        device: 'leaf1',
      })
      expect(await store.read('x2')).toEqual([])
      await store.append('x1', [{ ...ARMED, seconds: 300 } as EventBody])
      expect(await store.leaseOf('leaf1')).toMatchObject({ token: 1, until: '2026-01-05T08:08:00.000Z' })
      // The session of a plan needs no lease, and neither does what is outside an execution.
      await store.append('x3', [PLANNED, { type: 'ActIntended', device: 'leaf1', act: 'abort', session: 'eosflow-1' }])
      await store.append(undefined, [ARMED])
      expect(await store.leaseOf('leaf1')).toMatchObject({ execution: 'x1', token: 1 })
      await store.append('x1', [ENDED])
      expect(await store.leaseOf('leaf1')).toEqual({ device: 'leaf1', execution: 'x1', token: 1, until: null })
      await store.append('x2', [STAGED])
      expect(await store.leaseOf('leaf1')).toMatchObject({ execution: 'x2', token: 2 })
      expect(await store.leaseOf('leaf2')).toBeUndefined()
    })

    test('a switch that was put back is given back while its network is read, and whoever had it sends nothing more there', async () => {
      const store = await made()
      await store.append('x1', [RESUMED, STAGED])
      await store.append('x1', [{ type: 'NetworkAwaited', devices: ['leaf1', 'leaf9'], within: 300 }])
      expect(await store.leaseOf('leaf1')).toMatchObject({ execution: 'x1', token: 1, until: null })
      await store.verifyChain()
      await store.append('x2', [STAGED])
      expect(await store.leaseOf('leaf1')).toMatchObject({ execution: 'x2', token: 2 })
      expect(await thrownBy(() => store.append('x1', [STAGED]))).toMatchObject({ kind: 'busy', device: 'leaf1' })
      await store.append('x1', [{ type: 'NetworkAwaited', devices: ['leaf1'], within: 300 }, ENDED])
      expect((await store.leaseOf('leaf1'))?.until).not.toBeNull()
      await store.verifyChain()
    })

    test('gives shares of a budget as it gives switches: all of a record or none, beside those that are still held', async () => {
      const clock = new VirtualClock()
      const store = await made(clock)
      const held = async () =>
        (await store.liveLeases('shares')).map(({ device, execution, until }) => [device.slice(-2), execution, until])
      await store.append('x1', [RESUMED, STAGED, sharesTaken(['#1'])])
      expect(await held()).toEqual([['#1', 'x1', '2026-01-05T08:08:00.000Z']])
      expect((await store.liveLeases('all')).map(({ device }) => device).toSorted()).toEqual([
        'budget role:leaf [] #1',
        'leaf1',
      ])
      const refused = await thrownBy(() => store.append('x2', [RESUMED, sharesTaken(['#2', '#1'])]))
      expect(refused).toMatchObject({ kind: 'busy', device: 'budget role:leaf [] #1' })
      expect(await thrownBy(() => store.append('x2', [RESUMED, sharesTaken(['#2'], { '#1': 'x9' })]))).toMatchObject({
        kind: 'busy',
        device: 'budget role:leaf [] #1',
      })
      expect([await store.read('x2'), (await held()).length]).toEqual([[], 1])
      await store.append('x2', [RESUMED, sharesTaken(['#2'], { '#1': 'x1' })])
      expect(await store.leaseOf('budget role:leaf [] #1')).toMatchObject({ execution: 'x1', token: 1 })
      await store.append('x1', [{ type: 'SharesGivenBack', devices: ['leaf1'], shares: ['budget role:leaf [] #1'] }])
      await store.verifyChain()
      expect(await held()).toEqual([['#2', 'x2', '2026-01-05T08:08:00.000Z']])
      expect(await thrownBy(() => store.append('x3', [sharesTaken(['#3'], { '#1': 'x1' })]))).toMatchObject({
        kind: 'busy',
      })
      await store.append('x3', [RESUMED, sharesTaken(['#1'])])
      await store.append('x3', [ENDED])
      expect(await held()).toEqual([['#2', 'x2', '2026-01-05T08:08:00.000Z']])
      await store.verifyChain()
    })

    test('a share lasts as long as the switch that it is for, and an act whose share somebody else has by then is refused', async () => {
      const clock = new VirtualClock()
      const store = await made(clock)
      const SHARE = 'budget role:leaf [] #1'
      await store.append('x1', [RESUMED, sharesTaken(['#1'])])
      await clock.advance(400_000)
      await store.append('x1', [
        { ...STAGED, shares: [SHARE] },
        { ...ARMED, shares: [SHARE] },
      ])
      expect((await store.leaseOf(SHARE))?.until).toBe('2026-01-05T08:10:40.000Z')
      expect((await store.leaseOf('leaf1'))?.until).toBe('2026-01-05T08:10:40.000Z')
      await clock.advance(240_000)
      expect(await store.liveLeases('all')).toEqual([])
      await store.append('x2', [RESUMED, sharesTaken(['#1'])])
      expect(await thrownBy(() => store.append('x1', [{ ...STAGED, shares: [SHARE] }]))).toMatchObject({
        kind: 'busy',
        device: SHARE,
      })
      await store.append('x1', [{ type: 'ActIntended', device: 'leaf1', act: 'confirm', session: 'eosflow-1' }, ENDED])
      expect(await store.leaseOf(SHARE)).toMatchObject({ execution: 'x2', token: 2 })
      await store.verifyChain()
    })

    test('a takeover raises the token of every switch; the fence of the new owner holds', async () => {
      const store = await made()
      await store.append('x1', [RESUMED, STAGED])
      await store.append('x1', [RESUMED])
      expect(await store.leaseOf('leaf1')).toMatchObject({ execution: 'x1', token: 2 })
      expect(await store.fence('x1', 'leaf1')).toMatchObject({ isFresh: true })
      await store.append('x1', [STAGED])
      expect(await store.leaseOf('leaf1')).toMatchObject({ execution: 'x1', token: 3 })
      expect(await store.fence('x1', 'leaf1')).toMatchObject({ isFresh: true })
    })

    test('an unclean takeover keeps the switch from others past the end of its execution, until that is over or somebody ends it', async () => {
      const clock = new VirtualClock()
      const store = await made(clock)
      await store.append('x1', [RESUMED, STAGED])
      await store.append('x1', [{ type: 'ExecutionResumed', abandoned: ['leaf1', 'leaf2'] }, ENDED])
      expect(await store.leaseOf('leaf1')).toMatchObject({ until: null, quarantine: '2026-01-05T08:00:10.000Z' })
      expect(await store.leaseOf('leaf2')).toBeUndefined()
      expect(await thrownBy(() => store.append('x2', [STAGED]))).toMatchObject({ kind: 'busy', device: 'leaf1' })
      await store.append(undefined, [{ type: 'DeviceReleased', device: 'leaf1', released: 'x1', reason: 'seen' }])
      expect(await store.leaseOf('leaf1')).not.toHaveProperty('quarantine')
      await store.append('x2', [STAGED])
      expect(await store.leaseOf('leaf1')).toMatchObject({ execution: 'x2' })
    })
  })
}
