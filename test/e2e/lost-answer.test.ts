import { describe, expect, test } from 'vitest'
import type { RequestRecord } from '../../src/sim/switch/counters.ts'
import { isSaved, type Lab, openLab, whereIs, workflowFor } from '../lab/lab.ts'

type Place = 'BEFORE' | 'AFTER'

/** How a change ends. */
interface End {
  readonly code: number
  readonly switches: Readonly<Record<string, Place>>
}

/** One write of the protocol whose answer is lost, once carried out and once not. */
interface Write {
  readonly name: string
  /** A command of the request. */
  readonly command: RegExp
  /** A command that was sent before: the abort of a plan's session is another write than that of an armed one. */
  readonly behind?: RegExp
  readonly workflow?: string
  /** What else goes wrong, so that this write is come to at all. */
  readonly trouble?: (lab: Lab, device: string, commands: readonly string[]) => void
  readonly carriedOut: End
  readonly dropped: End
}

const after: End = { code: 0, switches: { leaf1: 'AFTER' } }
const reverted: End = { code: 6, switches: { leaf1: 'BEFORE' } }
const refused: End = { code: 10, switches: { leaf1: 'BEFORE' } }
const bothReverted: End = { code: 6, switches: { leaf1: 'BEFORE', leaf3: 'BEFORE' } }

const TIMED = /^configure session \S+ commit timer/
const CONFIRM = /^configure session \S+ commit$/
const ABORT = /^configure session \S+ abort$/

/** A workflow whose checks never pass, because it asks for another VLAN than it adds. */
const NEVER_GOOD = workflowFor('leaf1', {
  verify: '{ within: 6s, stableFor: 0s, every: 2s, checks: [{ vlans-present: { vlans: [997] } }] }',
})

const WRITES: readonly Write[] = [
  { name: "a plan's session", command: ABORT, carriedOut: refused, dropped: refused },
  { name: 'staging', command: /^configure checkpoint save/, carriedOut: refused, dropped: refused },
  // What a timed commit has replaced is in its answer alone: without it nothing is adopted.
  { name: '[F5] [F16] the timed commit', command: TIMED, carriedOut: reverted, dropped: reverted },
  { name: '[F10] the confirm', command: CONFIRM, carriedOut: after, dropped: after },
  { name: 'the save', command: /^copy running-config startup-config$/, carriedOut: after, dropped: after },
  {
    name: '[F12] the abort under the timer',
    command: ABORT,
    behind: TIMED,
    workflow: NEVER_GOOD,
    carriedOut: reverted,
    dropped: reverted,
  },
  {
    name: 'the restore of a checkpoint',
    command: /^configure replace checkpoint:/,
    workflow: workflowFor('leaf1 or leaf3'),
    trouble: (lab, device, commands) => {
      if (device !== 'leaf3' || !commands.some((command) => CONFIRM.test(command))) return
      lab.fabric.fault({ device, kind: 'refuse-commit', message: 'Cannot commit session' })
    },
    carriedOut: bothReverted,
    dropped: bothReverted,
  },
]

describe.each(WRITES)('[G4] the answer to $name is lost', ({ command, behind, workflow, trouble, ...ends }) => {
  test.each([
    { applied: true, end: ends.carriedOut },
    { applied: false, end: ends.dropped },
  ])('carried out: $applied', { tags: 'long' }, async ({ applied, end }) => {
    let waiting = behind === undefined
    let struck: string | undefined
    const lab = openLab({
      ...(workflow === undefined ? {} : { workflow }),
      before: (its, device, commands) => {
        trouble?.(its, device, commands)
        if (struck === undefined && waiting && commands.some((one) => command.test(one))) {
          struck = device
          its.fabric.fault({ device, kind: 'lost-answer', request: 1, applied })
        }
        waiting ||= commands.some((one) => behind?.test(one) === true)
      },
    })
    const { code, out, err } = await lab.change()

    const requests = lab.fabric.device(struck ?? '').requests()
    const lost = requests.findIndex(({ answer }) => answer === 'lost')
    expect(requests.filter(({ answer }) => answer === 'lost')).toHaveLength(1)
    expect(requests[lost]).toMatchObject({ kind: 'write' } satisfies Partial<RequestRecord>)
    expect(requests[lost + 1], 'the next request').toMatchObject({ kind: 'read', answer: 200 })

    expect(code, out + err).toBe(end.code)
    for (const [name, place] of Object.entries(end.switches)) {
      const device = lab.fabric.device(name)
      expect(out).toMatch(new RegExp(`^${name}\\s.*${place}`, 'm'))
      expect(whereIs(device)).toBe(place)
      expect(isSaved(device)).toBe(true)
      expect(device.counters().commits.timed).toBeLessThanOrEqual(1)
      expect(device.counters().commits.plain).toBe(0)
    }
  })
})

test('seven writes are looked at, each carried out and not', () => {
  expect(WRITES).toHaveLength(7)
})

describe("[F16] a plan's session stays open at a refused line, and the switch is out of reach", () => {
  test.each([
    { seconds: 30, code: 10, says: /untouched|nothing was committed/, open: 0 },
    {
      seconds: 3_000,
      code: 7,
      says: /the planning session eosflow-\w{8}-1 may still be open: eosflow sessions gc/,
      open: 1,
    },
  ])(
    'for $seconds s: it is asked for until it is known to be gone, or called unknown',
    async ({ seconds, code, says, open }) => {
      let struck = false
      let away = false
      const lab = openLab({
        before: (its, device, commands) => {
          if (!struck && commands.some((one) => ABORT.test(one))) {
            struck = true
            its.fabric.fault({ device, kind: 'refuse-line', line: 1, message: 'Invalid input' })
          } else if (struck && !away) {
            away = true
            its.fabric.fault({ device, kind: 'unreachable', for: seconds })
          }
        },
      })
      const ended = await lab.eosflow('plan', 'workflow.yaml')
      expect(ended.code, ended.out + ended.err).toBe(code)
      expect(ended.out + ended.err).toMatch(says)
      const { sessions } = lab.fabric.device('leaf1').switch
      expect(sessions.all().filter(({ state }) => state === 'pending')).toHaveLength(open)
      lab.fabric.clearFaults()
      expect((await lab.eosflow('sessions', 'gc')).code).toBe(0)
      expect(sessions.all().filter(({ state }) => state === 'pending')).toHaveLength(0)
    },
  )
})
