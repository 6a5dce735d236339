import { expect, test } from 'vitest'
import { judgeApprovals } from '../../../src/change/policy/approval.ts'
import {
  type ApprovalCase,
  type ApprovalDemand,
  type Decision,
  LOCAL_DEMAND,
  type RecordedUse,
  spentOn,
} from '../../../src/change/policy/approval-case.ts'
import type { PlanRun } from '../../../src/model/plan-run.ts'
import type { Principal } from '../../../src/model/principal.ts'
import { extent } from '../../extent.ts'
import { decisionOf, EIGHT, GIVEN_CASE, HOUR } from './given-approval.ts'

const person = (id: string): Principal => ({ issuer: 'corp', id, kind: 'person', auth: 'oidc', person: id })
const [ANN, BOB] = [person('ann'), person('bob')]

const DEMAND: ApprovalDemand = { ...LOCAL_DEMAND, by: 'the rule', distinct: 'person' }

/** A record of the plan: who approves it, and what becomes of its two executions. */
const WORDS = ['ann', 'bob', 'x1 begins', 'x1 sends', 'x1 is refused', 'x1 is stopped', 'x2 begins'] as const
type Word = (typeof WORDS)[number]

/** A store with these records, each a second behind the one before; what x1 uses is what the judge says. Undefined: no such history. */
class History {
  readonly decisions: Decision[] = []
  readonly uses: RecordedUse[] = []
  runs: PlanRun[] = []
  /** The decisions that came behind the end of x1, once it had sent. */
  behindEnd = 0
  /** Whether x1 has sent, or was stopped: what was on record then is no longer there for x2. */
  isOver = false

  readonly #count: number
  #record = 0

  constructor(count: number) {
    this.#count = count
  }

  get now() {
    return EIGHT + this.#record * 1000
  }

  judged(execution: string): ReturnType<typeof judgeApprovals> {
    const facts: ApprovalCase = {
      ...GIVEN_CASE,
      decisions: this.decisions,
      demands: [{ ...DEMAND, count: this.#count }],
      requesters: [person('rita')],
      runners: [person('ralf')],
      uses: this.uses,
      runs: this.runs,
      now: this.now,
      highestWallTimeSeen: this.now,
      monotonic: this.now - EIGHT,
      execution,
    }
    return judgeApprovals(facts)
  }

  /** Writes one record; false where it cannot come there. */
  add(word: Word) {
    this.#record += 1
    if (word === 'ann' || word === 'bob') return this.#decide(word === 'ann' ? ANN : BOB)
    const [execution = '', verb = ''] = word.split(/ (.*)/)
    const run = this.runs.find((one) => one.execution === execution)
    if (verb === 'begins') {
      if (run !== undefined) return false
      this.runs.push({ execution, began: this.#record })
      return true
    }
    if (run === undefined || run.ended !== undefined) return false
    if (verb === 'sends') return this.#send(execution)
    const isRefused = verb === 'is refused'
    const ended = { record: this.#record, at: new Date(this.now).toISOString(), isRefused }
    this.runs = this.runs.map((one) => (one === run ? { ...run, ended } : one))
    const hasSent = this.uses.some((use) => use.execution === execution)
    // One that waited already when another was stopped before it had sent anything keeps what people have said.
    if (!hasSent && (isRefused || this.runs.some((one) => one.execution === 'x2'))) return true
    this.isOver = true
    this.behindEnd = 0
    return true
  }

  #send(execution: string) {
    if (this.uses.some((use) => use.execution === execution)) return false
    const judged = this.judged(execution)
    if (judged.status !== 'approved') return false
    for (const { nonce } of judged.uses) this.uses.push({ nonce, execution })
    this.isOver = true
    this.behindEnd = 0
    return true
  }

  #decide(approver: Principal) {
    const [notBefore, expires] = [this.now, this.now + HOUR].map((at) => new Date(at).toISOString())
    this.decisions.push(
      decisionOf(
        { approver, notBefore, expires, nonce: `n${this.#record}` },
        { record: this.#record, loaded: { wall: this.now, monotonic: this.now - EIGHT } },
      ),
    )
    const isOpen = this.runs.some(({ execution, ended }) => execution === 'x1' && ended === undefined)
    const isSentNow = isOpen && this.uses.some((use) => use.execution === 'x1')
    if (!isSentNow) this.behindEnd += 1
    return true
  }
}

/** All histories of so many records. */
function* histories(length: number, before: readonly Word[] = []): Generator<readonly Word[]> {
  if (before.length === length) {
    yield before
    return
  }
  for (const word of WORDS) yield* histories(length, [...before, word])
}

test.for([1, 2])(
  '[S13] whoever approves how often and when, no second execution is sent by words of before: %d people demanded',
  (count) => {
    let [possible, refused, approved] = [0, 0, 0]
    for (const words of histories(extent(4, 6))) {
      const history = new History(count)
      if (!words.every((word) => history.add(word)) || !history.runs.some(({ execution }) => execution === 'x2'))
        continue
      possible += 1
      const judged = history.judged('x2')
      if (judged.status !== 'approved') refused += 1
      else {
        approved += 1
        if (history.isOver && history.behindEnd < count) expect(words).toBe('sent again by words of before')
      }
    }
    expect(possible).toBeGreaterThan(extent(40, 1500))
    expect(refused).toBeGreaterThan(extent(10, 500))
    expect(approved).toBeGreaterThan(count === 1 ? extent(10, 100) : extent(1, 10))
  },
)

/** An approval of this person that is on record, given at eight. */
const ownAs = (record: number) => ({
  statement: { nonce: 'own', notBefore: '2026-01-05T08:00:00.000Z', maxRuns: 1 },
  record,
})

/** x1 has sent the plan and ended at 08:01:00, as record 50. */
const X1 = { execution: 'x1', began: 10, ended: { record: 50, at: '2026-01-05T08:01:00.000Z', isRefused: false } }

test.for([
  ['is brought behind the end and was signed a millisecond before it', 51, '2026-01-05T08:00:59.999Z', true],
  ['is brought behind the end and was signed at it', 51, '2026-01-05T08:01:00.000Z', false],
  ['is on record before the end, by a clock that is ahead', 49, '2026-01-05T08:02:00.000Z', true],
] as const)('of an execution that has ended, an approval that %s', ([, record, notBefore, hasLapsed]) => {
  const spending = { runs: [X1], uses: [{ nonce: 'other', execution: 'x1' }], execution: 'x2' }
  const why = spentOn({ statement: { nonce: 'own', notBefore, maxRuns: 1 }, record }, spending)
  expect(why).toBe(hasLapsed ? 'the approval lapsed when x1 ended; approve the plan again' : undefined)
})

test.for([
  [
    'has sent it',
    true,
    'the approval is for x1, which carries the plan out; approve the plan again when that has ended',
  ],
  ['has sent nothing yet', false, undefined],
] as const)('while another execution of the plan %s', ([, isSent, expected]) => {
  const spending = {
    runs: [{ execution: 'x1', began: 10 }],
    uses: isSent ? [{ nonce: 'other', execution: 'x1' }] : [{ nonce: 'other', execution: 'x3' }],
    execution: 'x2',
  }
  expect(spentOn(ownAs(20), spending)).toBe(expected)
})

test('two approvals of one person that are on record are one word: whoever uses one uses both', () => {
  const history = new History(1)
  for (const word of ['x1 begins', 'ann', 'ann', 'bob'] as const) expect(history.add(word)).toBe(true)
  const judged = history.judged('x1')
  expect(judged.status === 'approved' && judged.approvals.map(({ nonce }) => nonce)).toEqual(['n4'])
  const again = new History(1)
  for (const word of ['x1 begins', 'ann', 'ann'] as const) expect(again.add(word)).toBe(true)
  const own = again.judged('x1')
  expect(own.status === 'approved' && own.uses.map(({ nonce }) => nonce)).toEqual(['n3', 'n2'])
})

test.each([
  ['that execution has used it', [{ nonce: 'n', execution: 'x' }], undefined],
  ['that execution has used another one', [{ nonce: 'other', execution: 'x' }], 'gone'],
  ['another execution has used it', [{ nonce: 'n', execution: 'y' }], 'gone'],
  ['nobody has used it', [], 'gone'],
] as const)('an approval that has carried to another plan, where %s', (_what, uses, comes) => {
  const given = { statement: { nonce: 'n', notBefore: '2026-01-05T08:00:00.000Z', maxRuns: 1 }, record: 5 }
  const carriedAway = { to: 'sha256:b', seq: 9 }
  expect(spentOn(given, { uses, runs: [], execution: 'x', carriedAway })).toBe(
    comes === 'gone'
      ? 'the approval has carried to the plan sha256:b, and is none for this one any more; approve the plan again'
      : undefined,
  )
})

/** The end or the stop of an execution, by its number on record: the one that is asked about begins as record 30. */
const endAt = (record: number) => ({ record, at: '2026-01-05T08:01:00.000Z', isRefused: false })
const FOR_X1 = 'the approval is for x1, which carries the plan out; approve the plan again when that has ended'
const LAPSED = 'the approval lapsed when x1 ended; approve the plan again'

test.each<readonly [string, Partial<PlanRun>, string | undefined]>([
  ['ended before', { ended: endAt(20) }, LAPSED],
  ['ended behind the begin', { ended: endAt(40) }, undefined],
  ['was refused before', { ended: { ...endAt(20), isRefused: true } }, undefined],
  ['was stopped before, and has not ended yet', { stopped: endAt(20) }, FOR_X1],
  ['was stopped behind the begin, and has not ended yet', { stopped: endAt(40) }, undefined],
  [
    'was stopped before, and was refused then',
    { stopped: endAt(20), ended: { ...endAt(21), isRefused: true } },
    LAPSED,
  ],
])('an execution that has sent nothing takes an approval along where it %s', (_what, other, expected) => {
  const given = ownAs(5)
  const runs = [
    { execution: 'x1', began: 10, ...other },
    { execution: 'x2', began: 30 },
  ]
  expect(spentOn(given, { runs, uses: [], execution: 'x2' })).toBe(expected)
})

test.each([
  ['stopped behind it', endAt(20), 'the approval lapsed when x was stopped; approve the plan again'],
  ['not stopped, has used the approval of somebody else', undefined, undefined],
] as const)('an approval for an execution that is %s', (_what, stopped, expected) => {
  const given = ownAs(15)
  const runs = [{ execution: 'x', began: 10, ...(stopped === undefined ? {} : { stopped }) }]
  expect(spentOn(given, { runs, uses: [{ nonce: 'other', execution: 'x' }], execution: 'x' })).toBe(expected)
})

test('of two executions that have taken an approval along the last is named', () => {
  const given = ownAs(5)
  const runs = [
    { execution: 'x0', began: 6, ended: endAt(18) },
    { execution: 'x1', began: 10, ended: endAt(20) },
  ]
  expect(spentOn(given, { runs, uses: [], execution: 'x2' })).toBe(LAPSED)
})
