import { describe, expect, test } from 'vitest'
import type { AuditedStore } from '../../../src/change/record/audit/audit-trail.ts'
import type { LeavingPart } from '../../../src/change/record/chains/records.ts'
import type { Retirement } from '../../../src/change/record/chains/retirement.ts'
import { cursorBehind } from '../../../src/change/record/event/cursor.ts'
import type { EventBody } from '../../../src/change/record/event/event.ts'
import { BrokenChainError } from '../../../src/change/record/seal/chain.ts'
import { storeKeys } from '../../../src/change/record/seal/store-keys.ts'
import type { Journal } from '../../../src/change/record/store/journal.ts'
import type { Leases } from '../../../src/change/record/store/lease.ts'
import type { Notes } from '../../../src/change/record/store/notes.ts'
import type { Store } from '../../../src/change/record/store/store.ts'
import type { InstallKeys } from '../../../src/model/install-keys.ts'
import { EACH_MACHINE_EVENT } from './each-machine-event.ts'
import { appendApproved, fill } from './fill-store.ts'
import { ALICE, ONE_OF_EACH, PLAN, STARTED, STATEMENT } from './one-of-each-event.ts'
import { KEY as OLD, thrownBy } from './sqlite/open-for-test.ts'

/** A store as a process has it open. */
type PlacedStore = Store &
  AuditedStore &
  Leases &
  Journal & { readonly notes: Notes; readonly retirement: Retirement; readonly audit: { close(): Promise<void> } }

/** A place that keeps a store: several processes open it, and people without its key can change its rows. */
interface Place {
  /** Opens it as one more process, until the test is over. Default: with the first key only. `keeper`: as a user who may take records out. */
  open(installKey?: InstallKeys, as?: 'keeper'): Promise<PlacedStore>
  /** Runs statements past every trigger. */
  alter(...statements: readonly string[]): Promise<void>
  /** Sets the column by which a decision is found to the plan sha256:b8. Absent: the place makes it of the body. */
  readonly alsoPlan?: string
  /** Replaces the key, as `eosflow key rotate install` does. */
  rotate(keys?: InstallKeys): Promise<{ readonly from: string; readonly to: string } | undefined>
  /** The fault that a verification with these keys finds, or one without any key. */
  fault(keys: InstallKeys | undefined): Promise<{ readonly seq: number; readonly reason: string } | undefined>
}

export const NEW = 'fedcba9876543210'.repeat(4)
const THIRD = '00112233445566778899aabbccddeeff'.repeat(2)
// The first eight digits of HKDF-SHA256 with the info "eosflow-store-v1/check", computed with Python's hmac.
export const OLD_ID = '1fcb497e'
export const NEW_ID = '189f80f5'
/** The rings of a process before a rotation and after it. */
export const BOTH: InstallKeys = { key: OLD, next: NEW, old: [] }
const KEYS: InstallKeys = { key: OLD, old: [] }
export const AFTER: InstallKeys = { key: NEW, old: [OLD] }

const RESUMED: EventBody = { type: 'ExecutionResumed' }
const ENDED: EventBody = { type: 'ExecutionEnded', outcome: 'succeeded', devices: {} }
const STAGED: EventBody = { type: 'ActIntended', device: 'leaf1', act: 'stage', session: 'eosflow-1', checkpoint: 'c' }
const ON: EventBody = { type: 'StateEntered', path: '', state: 'on' }
const AGAIN = { again: true }
const LONG = { lasts: 86_400_000 }

/** Changes of the first or the last of the three records of x1, in positions 1 and 3, in any dialect. */
const ALTERED_ENDS: Readonly<Record<string, string>> = {
  'a first record that says something else': `UPDATE event SET body = replace(body, '"leaf1"', '"leaf9"') WHERE pos = 1`,
  'a last record that says something else': `UPDATE event SET body = replace(body, '"on"', '"no"') WHERE pos = 3`,
  'a first record that is gone': 'DELETE FROM event WHERE pos = 1',
  'a last record that is gone': 'DELETE FROM event WHERE pos = 3',
  'a first record at another place': 'UPDATE event SET pos = 900 WHERE pos = 1',
  'a last record at another place': 'UPDATE event SET pos = 900 WHERE pos = 3',
  'a first record that is said to be another one': 'UPDATE execution SET first = 2',
  'a last record that is said to be another one': 'UPDATE execution SET last = 2',
  'an end that is said to be one before':
    'UPDATE execution SET n = 2, last = 2, hash = (SELECT hash FROM event WHERE pos = 2)',
  'an execution that is said to have ended': 'UPDATE execution SET is_open = NOT is_open',
}

const decision = (made: 'approve' | 'reject', nonce: string): EventBody => ({
  type: 'ApprovalDecided',
  statement: { ...STATEMENT, decision: made, nonce },
  seal: 'hmac:1',
})
/** Changes of the decisions about a plan, and for each decision that is left if it counts. Undefined: none is given. */
const DECISIONS: readonly (readonly [change: string, counts: readonly boolean[] | undefined])[] = [
  ["UPDATE register SET body = replace(body, '2026-01-05T12', '2027-01-05T12') WHERE pos = 4", [false, false]],
  [`UPDATE register SET body = replace(body, '"reject"', '"approve"') WHERE pos = 6`, [false, false]],
  ['UPDATE register SET prev = hash WHERE pos = 6', [false, false]],
  ['DELETE FROM register WHERE pos = 4', [false]],
  ['DELETE FROM register WHERE pos = 6', [false]],
  ['DELETE FROM register WHERE pos < 6', [false]],
  ['DELETE FROM register WHERE pos IN (4, 6)', undefined],
]

/** Changes of how far receivers are. */
const DELIVERIES = [
  "UPDATE delivery SET position = 9 WHERE receiver = 'sink siem'",
  "UPDATE delivery SET position = 1 WHERE receiver = 'sink siem'",
  "UPDATE delivery SET position = 99 WHERE receiver = 'sink siem'",
  "UPDATE delivery SET fault = 'away' WHERE receiver = 'sink siem'",
  "DELETE FROM delivery WHERE receiver = 'sink siem'",
  'DELETE FROM delivery',
  "INSERT INTO delivery VALUES ('sink other', 9, '2026-01-05T08:00:00.000Z', NULL)",
]

/** Tests the promises of a store to several processes, over a new key, and against people who have its rows. `made` gives the place of an empty one. */
export function describePlace(name: string, made: () => Promise<Place>) {
  const two = async () => {
    const place = await made()
    return { place, one: await place.open(), other: await place.open() }
  }

  describe(`processes that share ${name}`, () => {
    test('read every type of event as another one has written it', async () => {
      const { one, other } = await two()
      const bodies = [...ONE_OF_EACH, ...EACH_MACHINE_EVENT]
      const written = await one.append('x1', bodies)
      expect(written).toMatchObject(bodies)
      expect(written.length).toBeGreaterThan(70)
      expect(await other.read('x1')).toEqual(written)
    })

    test('of two that append behind the same record one is refused, and of what they append at once nothing is lost', async () => {
      const { one, other } = await two()
      const both = await Promise.allSettled([one.append('x1', [STARTED], 0), other.append('x1', [RESUMED], 0)])
      expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
      const many = [one, other].flatMap((store, process) =>
        Array.from({ length: 20 }, (_, index) => [
          store.append(`p${process}-${index}`, [RESUMED]),
          store.append(undefined, [{ type: 'StopRequested', stopped: 'x1', reason: 'no' }]),
        ]),
      )
      const written = (await Promise.all(many.flat())).flat().map(({ seq }) => seq)
      expect(new Set(written).size).toBe(80)
      for (const store of [one, other]) expect(await store.executionIds()).toHaveLength(41)
      expect(await other.verifyChain()).toEqual(await one.head())
    })

    test('use an approval, a key of a request and an instant of a schedule once, whichever comes first', async () => {
      const { one, other } = await two()
      const uses = (round: number): readonly (readonly [EventBody, string])[] => [
        [{ type: 'ApprovalUsed', plan: PLAN, nonce: `n${round}` }, 'not-approved'],
        [{ ...STARTED, request: { key: `k${round}`, of: 'sha256:00' } }, 'busy'],
      ]
      for (let round = 0; round < 10; round += 1) {
        for (const [event, kind] of uses(round)) {
          const ids = [`${event.type}-a${round}`, `${event.type}-b${round}`] as const
          const both = await Promise.allSettled([one.append(ids[0], [event]), other.append(ids[1], [RESUMED, event])])
          expect(both.flatMap((end) => (end.status === 'rejected' ? [end.reason.kind] : []))).toEqual([kind])
        }
        const instant = `2026-01-05T09:0${round}:00.000Z`
        const fired = { type: 'ScheduleFired', schedule: 'hourly', instant, does: 'drift' } as const
        const both = await Promise.allSettled([
          one.append(undefined, [fired]),
          other.append(undefined, [{ ...fired, does: 'check' }]),
        ])
        expect(both.flatMap((end) => (end.status === 'rejected' ? [end.reason] : []))).toMatchObject([
          { kind: 'busy', message: 'another process has decided about this instant of the schedule' },
        ])
      }
      expect(await one.approvalUses(PLAN)).toHaveLength(10)
      expect(await other.schedules()).toHaveLength(10)
    })

    test('of two that take a switch at once one has it; the other one takes it when that has ended', async () => {
      const { one, other } = await two()
      await one.append('x1', [STARTED])
      await other.append('x2', [STARTED])
      const both = await Promise.allSettled([one.append('x1', [STAGED]), other.append('x2', [STAGED])])
      const refused = both.flatMap((end) => (end.status === 'rejected' ? [end.reason] : []))
      expect(refused).toMatchObject([{ kind: 'busy', device: 'leaf1' }])
      const [owner, waits] = both[0].status === 'fulfilled' ? [one, other] : [other, one]
      const [had, next] = owner === one ? ['x1', 'x2'] : ['x2', 'x1']
      await owner.append(had, [ENDED])
      // What it has learned then is no longer so.
      expect(await waits.append(next, [STAGED])).toHaveLength(1)
      expect(await owner.leaseOf('leaf1')).toMatchObject({ execution: next, token: 2 })
    })

    test.each(['the same process', 'another one'])(
      'an execution that is redriven takes its switch again behind one that %s has changed it by meanwhile',
      async (by) => {
        const { one, other } = await two()
        await one.append('x1', [STARTED, STAGED, ENDED])
        await (by === 'another one' ? other : one).append('x2', [STARTED, STAGED, ENDED])
        await one.append('x1', [{ type: 'ExecutionRedriven' }])
        expect(await one.append('x1', [STAGED])).toHaveLength(1)
      },
    )

    test('know at once what others have begun, ended, answered and frozen', async () => {
      const { place, one, other } = await two()
      await one.append('x1', [STARTED])
      await other.append('x2', [STARTED])
      await one.append('x1', [ENDED])
      for (const store of [one, other, await place.open()])
        expect((await store.openExecutions()).map(({ id }) => id)).toEqual(['x2'])
      expect(await one.signals(['t4'], cursorBehind(undefined))).toEqual([])
      await other.append(undefined, [{ type: 'SignalSent', token: 't4', answer: { signal: 'heartbeat' } }])
      expect(await one.signals(['t4'], cursorBehind(undefined))).toMatchObject([{ seq: 4 }])
      const until = '2026-01-05T09:00:00.000Z'
      await one.append(undefined, [{ type: 'FreezeSet', principal: ALICE, reason: 'INC-1', until }])
      expect(await thrownBy(() => other.append('x3', [STARTED]))).toMatchObject({ kind: 'window-closed' })
      await one.append(undefined, [{ type: 'FreezeEnded', principal: ALICE, freeze: 5, reason: 'solved' }])
      expect(await other.append('x3', [STARTED])).toHaveLength(1)
    })

    test('let the records of no execution leave of whose plan an approval has not expired, also where it was carried to that plan', async () => {
      const one = await (await made()).open(undefined, 'keeper')
      await appendApproved(one, one)
      const leaving = async (part: LeavingPart, now: string) =>
        (await one.retirement.leaving(part, { executions: [], through: 1_000, now })).map(({ id }) => id)
      const ever = { before: '9999-01-01T00:00:00.000Z' }
      expect(await leaving(ever, '2026-02-01T00:00:00.000Z')).toEqual(['over', 'late'])
      expect(await leaving(ever, '2026-02-02T00:00:00.000Z')).toEqual(['over', 'live', 'carried', 'late'])
      expect(await leaving({ keep: 1 }, '2026-02-01T00:00:00.000Z')).toEqual(['over'])
    })

    test('sign nothing twice, and nothing where nothing was written', async () => {
      const { one, other } = await two()
      await one.append('x1', [RESUMED])
      for (const { audit } of [one, one, other]) await audit.checkpoint()
      await one.audit.close()
      expect((await other.audit.checkpoints(0)).map(({ id, seq }) => [id, seq])).toEqual([[1, 1]])
      await one.append(undefined, [{ type: 'StopRequested', stopped: 'x1', reason: '' }])
      await one.audit.checkpoint()
      await one.audit.close()
      expect((await one.audit.checkpoints(0)).map(({ id, seq }) => [id, seq])).toEqual([
        [1, 1],
        [2, 2],
      ])
    })

    test('give the records of all chains in order, some at a time, and take back nothing that a receiver has', async () => {
      const { one, other } = await two()
      await one.append('x1', [RESUMED, ON])
      await other.append('x2', [RESUMED])
      await one.append('x1', [ON, ON])
      const given = async (from: number, limit: number) =>
        (await other.audit.records(from, limit)).map(({ seq }) => seq)
      expect([await given(2, 3), await given(5, 3), await given(6, 3)]).toEqual([[2, 3, 4], [5], []])
      expect(await other.audit.delivery('worm')).toBeUndefined()
      await one.audit.delivered('worm', 4)
      await other.audit.delivered('worm', 2, 'the disk is full')
      expect(await one.audit.delivery('worm')).toMatchObject({ position: 4, fault: 'the disk is full' })
      await one.audit.delivered('worm', 5)
      expect(await other.audit.delivery('worm')).toMatchObject({ position: 5, fault: undefined })
      expect(await other.audit.delivery('other')).toBeUndefined()
    })

    test('list again what others have written meanwhile, and parse only what is new', async () => {
      const { one, other } = await two()
      await other.append('x1', [STARTED, ON, ON])
      const [before] = await one.executions(AGAIN)
      const [moved] = await other.append('x1', [RESUMED])
      const [after] = await one.executions(AGAIN)
      expect(after?.last).toEqual(moved)
      expect(after?.first === before?.first).toBe(true)
      await other.append('x2', [STARTED])
      expect((await one.executions({ open: true, ...AGAIN })).map(({ id }) => id)).toEqual(['x2', 'x1'])
      await other.append('x1', [ENDED])
      expect((await one.executions({ open: true, ...AGAIN })).map(({ id }) => id)).toEqual(['x2'])
    })
  })

  describe(`a person who has the rows of ${name}, and no key`, () => {
    test('changes no end of an execution that a list does not find, the first time and again', async () => {
      let looked = 0
      for (const [what, change] of Object.entries(ALTERED_ENDS)) {
        const { place, one, other } = await two()
        await other.append('x1', [STARTED, ON, ON])
        expect([await one.executions(AGAIN), await one.executions(AGAIN)].map(({ length }) => length)).toEqual([1, 1])
        await place.alter(change)
        for (const _time of [1, 2])
          expect([what, await thrownBy(() => one.executions(AGAIN))]).toEqual([what, expect.any(BrokenChainError)])
        looked += 1
      }
      expect(looked).toBe(10)
    })

    test('puts right what was altered: it is listed again', async () => {
      const { place, one } = await two()
      await one.append('x1', [STARTED, ON])
      const before = await one.executions(AGAIN)
      await place.alter(`UPDATE event SET body = replace(body, '"leaf1"', '"leaf9"') WHERE pos = 1`)
      expect(await thrownBy(() => one.executions(AGAIN))).toBeInstanceOf(BrokenChainError)
      await place.alter(`UPDATE event SET body = replace(body, '"leaf9"', '"leaf1"') WHERE pos = 1`)
      expect(await one.executions(AGAIN)).toEqual(before)
    })

    test.each([
      "body = replace(body, 'x1', 'x9')",
      'prev = hash',
      'hash = prev',
      "covers = (SELECT e.covers FROM event AS e WHERE e.execution = 'x1' AND e.n = 1)",
      'pos = 9',
      'n = 9',
    ])('has each reading of an execution find it: %s', async (change) => {
      const { place, one, other } = await two()
      await one.append('x1', [RESUMED])
      for (let count = 0; count < 2; count += 1) await one.append('x1', [ON])
      await one.append('x2', [ON])
      expect([await one.read('x1'), await other.read('x1')].map(({ length }) => length)).toEqual([3, 3])
      await place.alter(`UPDATE event SET ${change} WHERE execution = 'x1' AND n = 2`)
      for (const store of [one, other, await place.open()]) {
        expect(await thrownBy(() => store.read('x1'))).toBeInstanceOf(BrokenChainError)
        expect(await store.read('x2')).toHaveLength(1)
      }
    })

    test('shows no snapshot that was altered, and each other one', async () => {
      const { place, one } = await two()
      const taken = { snapshot: 'blob:1', devices: ['leaf1'], baseline: ['leaf1'], notices: ['leaf1'] } as const
      await one.append(undefined, [{ type: 'SnapshotTaken', ...taken, name: 'a' }])
      await one.append('x1', [{ type: 'UndoStarted', device: 'leaf1' }])
      await one.append(undefined, [{ type: 'SnapshotTaken', ...taken, name: 'b' }])
      await place.alter("UPDATE event SET body = replace(body, 'leaf1', 'leaf9')")
      expect((await one.snapshots()).map((snapshot) => snapshot.name)).toEqual(['b', 'a'])
      await place.alter("UPDATE register SET body = replace(body, 'leaf1', 'leaf9') WHERE n = 1")
      expect(await thrownBy(() => one.snapshots())).toBeInstanceOf(BrokenChainError)
    })

    test.each(DECISIONS)('hides no decision about a plan from who would count on it: %s', async (change, counts) => {
      const { place, one, other } = await two()
      await one.append('x1', [ON, { type: 'PlanMade', digest: PLAN, plan: 'blob:1', waves: [], unchanged: [] }, ON])
      await one.append(undefined, [decision('approve', 'n1')])
      await one.append(undefined, [{ type: 'StopRequested', stopped: 'x1', reason: 'no' }])
      await one.append(undefined, [decision('reject', 'n2')])
      await one.append(undefined, [{ type: 'StopRequested', stopped: 'x1', reason: 'yes' }])
      const counted = async (store: Store) => (await store.approvals(PLAN)).map(({ verified }) => verified)
      expect([await counted(one), await counted(other)]).toEqual([
        [true, true],
        [true, true],
      ])
      await place.alter(change)
      for (const store of [one, one, other, other, await place.open()])
        if (counts === undefined) expect(await thrownBy(() => counted(store))).toMatchObject({ kind: 'store' })
        else expect(await counted(store)).toEqual(counts)
    })

    test.each([
      ['taken out', () => 'DELETE FROM register WHERE pos = 1'],
      [
        'about another plan',
        ({ alsoPlan = '' }: Place) =>
          `UPDATE register SET body = replace(body, '${PLAN}', 'sha256:b8')${alsoPlan} WHERE pos = 1`,
      ],
    ])('hides none where another process has walked the register before: %s', async (_, change) => {
      const { place, one, other } = await two()
      await one.append(undefined, [decision('reject', 'n1')])
      const word = { type: 'StopRequested', stopped: 'x2', reason: 'more' } as const
      await one.append(
        undefined,
        Array.from({ length: 600 }, () => word),
      )
      const counted = async (store: Store) => (await store.approvals(PLAN)).map(({ verified }) => verified)
      expect(await counted(one)).toEqual([true])
      expect(await other.notes.read('decisions', 'register')).toBeDefined()
      expect(await counted(other)).toEqual([true])
      await one.append(undefined, [decision('approve', 'n2')])
      await place.alter(change(place))
      for (const store of [one, other, await place.open()]) expect(await counted(store)).toEqual([false])
    })

    test('is not believed about how far a receiver is, and each look finds it', async () => {
      let looked = 0
      for (const change of DELIVERIES) {
        const { place, one } = await two()
        for (let count = 0; count < 10; count += 1) await one.append('x1', [ON])
        await one.audit.checkpoint()
        await one.audit.delivered('sink siem', 8)
        await one.audit.delivered('anchor worm', 1)
        expect(await one.audit.delivery('sink siem')).toMatchObject({ position: 8 })
        await place.alter(change)
        const altered = {
          kind: 'store',
          message: expect.stringContaining(
            'how far receivers of records and checkpoints are is not what was sealed last',
          ),
        }
        for (const store of [one, await place.open()]) {
          expect([change, await thrownBy(() => store.audit.delivery('sink siem'))]).toMatchObject([change, altered])
          expect([change, await thrownBy(() => store.audit.delivered('anchor worm', 2))]).toMatchObject([
            change,
            altered,
          ])
        }
        for (const _time of [1, 2]) expect(await place.fault(KEYS)).toBeDefined()
        looked += 1
      }
      expect(looked).toBe(7)
    })

    test('takes out or exchanges notes: they are none, and what was used stays used', async () => {
      const { place, one, other } = await two()
      await one.notes.put('session', 'ann', 'ann', LONG)
      await one.notes.put('session', 'ben', 'ben', LONG)
      await one.notes.put('spent', 'token', '', LONG)
      await place.alter(
        'CREATE TABLE was AS SELECT * FROM note',
        "UPDATE note SET body = (SELECT o.body FROM was AS o WHERE o.kind = 'session' AND o.name <> note.name) WHERE kind = 'session'",
        "DELETE FROM note WHERE kind = 'spent'",
        'DROP TABLE was',
      )
      for (const { notes } of [one, other]) {
        expect([await notes.read('session', 'ann'), await notes.all('session')]).toEqual([undefined, []])
        expect(await notes.put('spent', 'token', '', LONG)).toBe(false)
      }
      await expect(one.verifyChain()).rejects.toThrow(/a note of the kind "(?:session" was altered|spent" is gone)/)
    })
  })

  describe(`a new key of ${name}`, () => {
    /** A store of sixteen records under the old key, in which nobody is. */
    const filled = async (): Promise<Place> => {
      const place = await made()
      const store = await place.open()
      await fill(store, () => store.audit.close())
      await store.notes.put('session', 'ann', 'ann', LONG)
      await store.notes.put('link', 'secret', '', LONG)
      await store.notes.put('spent', 'token', '', LONG)
      await store.notes.set('event', 'two', '', LONG)
      await store.close()
      return place
    }

    test('has an execution go on, and all that was written under the old one read and verified', async () => {
      const place = await filled()
      expect(await place.rotate()).toEqual({ from: OLD_ID, to: NEW_ID })
      expect(await place.rotate(AFTER)).toBeUndefined()
      expect(await place.rotate()).toBeUndefined()
      const store = await place.open(AFTER)
      const plans = (await store.read('x1')).flatMap((event) => (event.type === 'PlanMade' ? [event.plan] : []))
      expect(await Promise.all(plans.map((ref) => store.get(ref)))).toEqual(['the plan'])
      expect(await store.approvals(PLAN)).toMatchObject([{ verified: true }, { verified: true }])
      await store.append('x2', [ON])
      expect((await store.verifyChain()).seq).toBe(18)
      expect(await store.read('x2')).toHaveLength(8)
      expect(await place.fault(AFTER)).toBeUndefined()
    })

    test('takes away what servers had kept for a while, and leaves what was used used and what was handled handled', async () => {
      const place = await filled()
      await place.rotate()
      const store = await place.open(AFTER)
      const { notes } = store
      expect([await notes.read('session', 'ann'), await notes.take('link', 'secret')]).toEqual([undefined, undefined])
      expect(await notes.all('session')).toEqual([])
      expect(await notes.put('spent', 'token', '', LONG)).toBe(false)
      expect(await notes.read('event', 'two')).toMatchObject({ text: '' })
      await store.verifyChain()
    })

    test('is the only one that counts: who has the old one alone is refused by name, and no store goes back to it', async () => {
      const place = await filled()
      await place.rotate()
      expect(await thrownBy(() => place.open({ key: OLD, old: [] }))).toMatchObject({
        kind: 'store',
        message: expect.stringContaining(`was written under another key: under ${NEW_ID}`),
      })
      expect(await thrownBy(() => place.rotate({ key: NEW, next: OLD, old: [] }))).toMatchObject({
        kind: 'store',
        message: expect.stringContaining(`the next install key ${OLD_ID} was replaced before`),
      })
    })

    test('is followed by another one, with all of them at hand or the oldest gone', async () => {
      const place = await filled()
      await place.rotate()
      await place.rotate({ key: NEW, next: THIRD, old: [OLD] })
      const store = await place.open({ key: THIRD, old: [NEW, OLD] })
      expect((await store.verifyChain()).seq).toBe(18)
      await (await place.open({ key: THIRD, old: [NEW] })).verifyChain()
      expect(await place.fault({ key: THIRD, old: [NEW] })).toBeUndefined()
    })

    test('is named in the record by its check, beside the old one and who did it; neither key is there', async () => {
      const place = await filled()
      await place.rotate()
      const store = await place.open(AFTER)
      const rotated = (await store.audit.records(17, 1))[0]
      expect(JSON.parse(rotated?.body ?? '')).toMatchObject({
        type: 'KeyRotated',
        key: 'install',
        from: expect.stringMatching(new RegExp(`^${OLD_ID}[0-9a-f]{56}$`)),
        to: expect.stringMatching(new RegExp(`^${NEW_ID}[0-9a-f]{56}$`)),
        reason: 'a laptop was lost',
        principal: { id: 'local:1000:alice@noc1' },
        actor: 'local:1000:alice@noc1',
        proofs: { from: expect.stringMatching(/^[0-9a-f]{64}$/), to: expect.stringMatching(/^[0-9a-f]{64}$/) },
      })
      expect(rotated?.body).not.toContain(OLD)
      expect(rotated?.body).not.toContain(NEW)
    })

    test('verifies all chains by itself, and has no text that the old one names', async () => {
      const place = await filled()
      await place.rotate()
      const store = await place.open({ key: NEW, old: [] })
      expect((await store.verifyChain()).seq).toBe(17)
      const plans = (await store.read('x1')).flatMap((event) => (event.type === 'PlanMade' ? [event.plan] : []))
      expect(plans).toHaveLength(1)
      for (const ref of plans) expect(await thrownBy(() => store.get(ref))).toMatchObject({ kind: 'store' })
      expect(await place.fault({ key: NEW, old: [] })).toBeUndefined()
    })

    test('must be the one that the store says it is under', async () => {
      const place = await filled()
      await place.rotate()
      await place.alter(`UPDATE store SET key_check = '${storeKeys(OLD).check}'`)
      expect((await place.fault(undefined))?.reason).toMatch(
        new RegExp(`^the store was rotated to the key ${NEW_ID}, and says that it is under ${OLD_ID}`),
      )
      expect(await thrownBy(() => place.open(AFTER))).toMatchObject({
        kind: 'store',
        message: expect.stringMatching(/is given here as an old one, that only reads|is broken/),
      })
    })

    test('is put over no head that the present one has not sealed', async () => {
      const place = await filled()
      await place.alter("UPDATE execution SET seal = (SELECT seal FROM execution WHERE id = 'x2') WHERE id = 'x1'")
      expect(await thrownBy(() => place.rotate())).toBeInstanceOf(BrokenChainError)
      expect(await thrownBy(() => place.open({ key: NEW, old: [] }))).toMatchObject({
        message: expect.stringContaining(`was written under another key: under ${OLD_ID}`),
      })
    })
  })
}
