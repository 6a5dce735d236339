// @module-tag long
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { everyNthOfLong } from '../extent.ts'
import { workflowFor } from '../lab/vlan-change.ts'
import { type Built, build, type Crash, crashAndResume } from './crash.ts'

/** How many crashes are under way at once: the processes mostly wait for their disk. */
const AT_ONCE = 3

type Row = Crash & { readonly expected: 'BEFORE' | 'AFTER' }

const after = (...points: readonly string[]) => points.map((point) => ({ point, expected: 'AFTER' as const }))
const before = (...points: readonly string[]) => points.map((point) => ({ point, expected: 'BEFORE' as const }))

/** Every point of a change that goes well, and where its switches must end when it goes on at once. */
const FORWARD = [
  ...after('intent-plan', 'before-plan', 'plan-sent', 'after-plan', 'plan-journalled'),
  ...after('intent-open', 'before-open', 'open-sent', 'after-open', 'open-journalled'),
  ...after('intent-replay', 'before-replay', 'replay-sent', 'after-replay', 'replay-journalled', 'intent-arm'),
  // The intent of the commit is on record and the switch says that it was never sent: it is not sent later. What it has replaced
  // is in its answer alone: until that is on record the change is not adopted.
  ...before('before-arm', 'arm-sent', 'after-arm'),
  ...after('arm-journalled', 'in-verify'),
  ...after('intent-confirm', 'before-confirm', 'confirm-sent', 'after-confirm', 'confirm-journalled'),
  ...after('before-save', 'save-sent', 'after-save', 'save-journalled'),
]
/** Those of them at which the other EOS version, and the second of two switches, are looked at. */
const SHORT = [
  ...after('before-open', 'after-open', 'open-journalled'),
  ...before('before-arm', 'arm-sent', 'after-arm'),
  ...after('arm-journalled', 'in-verify'),
  ...after('before-confirm', 'after-confirm', 'confirm-journalled', 'before-save', 'after-save', 'save-journalled'),
]
/** Those at which the two versions show their sessions in different forms. */
const UNLIKE = [...before('before-arm', 'after-arm'), ...after('arm-journalled', 'after-confirm', 'before-save')]
/** Those behind which the commit timer runs out before anybody resumes. */
const EXPIRED = [
  ...before('before-arm', 'arm-sent', 'after-arm', 'arm-journalled', 'in-verify', 'before-confirm'),
  ...after('confirm-sent', 'after-confirm'),
]
const ABORTING = before('intent-abort', 'before-abort', 'abort-sent', 'after-abort', 'abort-journalled')
const RESTORING = before('intent-restore', 'before-restore', 'restore-sent', 'after-restore', 'restore-journalled')

const NEVER_GOOD = '{ within: 1s, stableFor: 0s, every: 1s, checks: [{ vlans-present: { vlans: [997] } }] }'
const PROFILES = [
  { eos: '4.31', one: 'leaf1', two: ['leaf1', 'leaf2'], points: FORWARD, second: SHORT },
  { eos: '4.32', one: 'leaf3', two: ['leaf3', 'leaf4'], points: SHORT, second: UNLIKE },
] as const

const ends: string[] = []
let built: Built

beforeAll(async () => {
  built = await build()
})

describe.each(everyNthOfLong(2, 'versions of EOS', PROFILES))(
  'killed on EOS $eos',
  { timeout: 180_000 },
  ({ eos, one, two, points, second: pointsOfSecond }) => {
    const [, second] = two
    const both = workflowFor(two.join(' or '))

    test(`one switch, at ${points.length} points`, { tags: 'night' }, async () => {
      const crash = { on: one, switches: [one], workflow: workflowFor(one) }
      await all(
        eos,
        points.map((point) => ({ ...crash, ...point })),
      )
    })

    test(`the second of two switches, at ${pointsOfSecond.length} points`, { tags: 'night' }, async () => {
      const crash = { on: second, switches: two, workflow: both }
      await all(
        eos,
        pointsOfSecond.map((point) => ({ ...crash, ...point })),
      )
    })

    test(`the commit timer runs out before the resume, at ${EXPIRED.length} points`, { tags: 'night' }, async () => {
      const crash = { on: one, switches: [one], workflow: workflowFor(one), later: 301 }
      await all(
        eos,
        EXPIRED.map((point) => ({ ...crash, ...point })),
      )
    })

    test('the commit timer runs out between the confirms of two switches', { tags: 'night' }, async () => {
      const crash = { on: second, switches: two, workflow: both, later: 301 }
      await all(eos, [{ ...crash, point: 'before-confirm', expected: 'BEFORE' }])
    })

    test(`a rollback under the timer, at ${ABORTING.length} points`, async () => {
      const crash = { on: one, switches: [one], workflow: workflowFor(one, { verify: NEVER_GOOD }) }
      await all(
        eos,
        ABORTING.map((point) => ({ ...crash, ...point })),
      )
    })

    test(`a restore of the first switch because the second cannot be confirmed, at ${RESTORING.length} points`, {
      tags: 'night',
    }, async () => {
      const edit = { device: second, kind: 'hand-edit', on: 'commit', lines: ['vlan 777'] } as const
      const crash = { on: one, switches: two, workflow: both, faults: [edit] }
      await all(
        eos,
        RESTORING.map((point) => ({ ...crash, ...point })),
      )
    })
  },
)

afterAll(() => {
  built.remove()
  const title = `${ends.length} times kill -9, then resume (+: startup-config as running-config)`
  process.stdout.write(`${title}\n${ends.join('\n')}\n`)
})

async function all(eos: string, rows: readonly Row[]): Promise<void> {
  const waiting = [...everyNthOfLong(15, 'points at which a process is killed', rows)]
  const worker = async (): Promise<void> => {
    for (let row = waiting.shift(); row !== undefined; row = waiting.shift()) await judge(eos, row)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
}

async function judge(eos: string, { expected, ...crash }: Row): Promise<void> {
  const { signal, code, ends: found, said, again, text } = await crashAndResume(built.killingCli, crash)
  const everywhere = crash.switches.map(() => expected)
  const where = `${crash.point} on ${crash.on}`
  const late = crash.later === undefined ? '' : `, ${crash.later} s later`
  ends.push(`  ${eos}  ${where.padEnd(30)} exit ${code}  ${found.join(' ')}${late}`)
  expect(signal, where).toBe('SIGKILL')
  expect(code, `${where}\n${text}`).toBe(expected === 'AFTER' ? 0 : 6)
  expect(found, where).toEqual(everywhere.map((place) => `${place}+`))
  expect(said, `${where}\n${text}`).toEqual(everywhere)
  expect(again, where).toEqual({ code, said, requests: 0 })
}
