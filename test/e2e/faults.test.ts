import { describe, expect, test } from 'vitest'
import type { DeviceFault } from '../../src/sim/fault/fault.ts'
import { everyNthOfLong } from '../extent.ts'
import { exits, isSaved, type Lab, type LabOptions, openLab, whereIs, workflowFor } from '../lab/lab.ts'

const STAGE = /^configure checkpoint save /
const TIMED = /^configure session \S+ commit timer /
const CONFIRM = /^configure session \S+ commit$/
const SAVE = /^copy running-config startup-config$/
const LOOK = /^show configuration sessions detail$/

/** What goes wrong, when, and how it must end. */
interface Fault extends Pick<LabOptions, 'workflow' | 'answers'> {
  readonly name: string
  /** The request before which it goes wrong: the first with this command behind one with that; `start`: before all. */
  readonly before: 'start' | { readonly device: string; readonly command: RegExp; readonly behind?: RegExp }
  readonly does: DeviceFault | 'interrupt'
  readonly code: number
  readonly switches: Readonly<Record<string, 'BEFORE' | 'AFTER'>>
  /** What the output says, in any order. */
  readonly says: readonly RegExp[]
  /** Commits under a timer, of all switches together. */
  readonly timed: number
  /** Commit timers that have run out by themselves. */
  readonly expiries?: number
  /** Switches whose startup-config need not be what they run: the report says so, or a person is told to look. */
  readonly unsaved?: boolean
  /** Lines of somebody else that must still be there. */
  readonly keeps?: string
}

const device = 'leaf1'
const FOREIGN = ['vlan 777', 'name SOMEBODY-ELSE']
const verifying = { device, command: LOOK, behind: TIMED }
const pushing = { device, command: LOOK, behind: /^configure session \S+ abort$/ }
const staging = { device, command: STAGE }
const committing = { device, command: TIMED }
const before = { leaf1: 'BEFORE' } as const
const two = workflowFor('leaf1 or leaf3')
const bothBefore = { leaf1: 'BEFORE', leaf3: 'BEFORE' } as const

const FAULTS: readonly Fault[] = [
  {
    name: '[F21] a hand edit while the session is opened',
    before: staging,
    does: { kind: 'hand-edit', device, on: 'session-open', lines: FOREIGN },
    code: 5,
    switches: before,
    says: [/running-config has changed since the plan/, /never committed/],
    timed: 0,
    unsaved: true,
    keeps: 'vlan 777',
  },
  {
    name: '[F21] a hand edit between the read-back and the commit',
    before: committing,
    does: { kind: 'hand-edit', device, lines: FOREIGN },
    code: 6,
    switches: before,
    says: [/running-config has changed since the plan/, /remains: \+vlan 777/],
    timed: 1,
    unsaved: true,
    keeps: 'vlan 777',
  },
  {
    name: '[F21] a hand edit while the timer runs',
    before: verifying,
    does: { kind: 'hand-edit', device, lines: FOREIGN },
    code: 6,
    switches: before,
    says: [/somebody else has changed: \+vlan 777/, /somebody else's change went with it: \+vlan 777/],
    timed: 1,
  },
  {
    name: 'a hand edit between the confirm and the save',
    before: { device, command: SAVE },
    does: { kind: 'hand-edit', device, lines: FOREIGN },
    code: 6,
    switches: before,
    says: [/not the approved one after the save/, /went with it: \+vlan 777/],
    timed: 1,
  },
  {
    name: 'a commit that the switch refuses',
    before: 'start',
    does: { kind: 'refuse-commit', device, message: 'Cannot commit session: out of TCAM' },
    code: 10,
    switches: before,
    says: [/leaf1 refused 'configure session \S+ commit timer 00:05:00': .*Cannot commit session: out of TCAM/],
    timed: 0,
  },
  {
    name: 'a line that the switch refuses at the plan',
    before: 'start',
    does: { kind: 'refuse-line', device, line: 2, message: 'VLAN name is taken', code: 1000 },
    code: 10,
    switches: before,
    says: [/leaf1 refused line 2 of the change, 'name TESTED': VLAN name is taken/],
    timed: 0,
  },
  {
    name: 'a line that the switch refuses at the push',
    before: staging,
    does: { kind: 'refuse-line', device, line: 2, message: 'VLAN name is taken', code: 1000 },
    code: 10,
    switches: before,
    says: [/leaf1 refused line 2 of the change, 'name TESTED': VLAN name is taken/],
    timed: 0,
  },
  {
    name: '[F14] a reboot under the timer',
    before: verifying,
    does: { kind: 'reboot', device, seconds: 8 },
    code: 6,
    switches: before,
    says: [
      /leaf1: the switch has rebooted: the change is no longer under our commit timer$/m,
      /read back: running-config equals the one before; the switch has rebooted since the commit$/m,
    ],
    timed: 1,
  },
  {
    name: '[F15] a reboot between the confirm and the save',
    before: { device, command: SAVE },
    does: { kind: 'reboot', device, seconds: 0 },
    code: 6,
    switches: before,
    says: [/not the approved one after the save/],
    timed: 1,
  },
  {
    name: 'an outage from the commit until the timer has run out',
    before: verifying,
    does: { kind: 'unreachable', device, for: 330 },
    code: 6,
    switches: before,
    says: [/reachable.*no answer/, /read back: running-config equals the one before/],
    timed: 1,
    expiries: 1,
  },
  {
    name: '[F12] an outage from the commit for good',
    before: verifying,
    does: { kind: 'unreachable', device },
    code: 7,
    switches: before,
    says: [/leaf1\s+\? unknown/, /\? leaf1: .*Log in to leaf1 and compare: show configuration sessions detail/],
    timed: 1,
    expiries: 1,
  },
  {
    name: 'an unreachable switch at the plan',
    before: 'start',
    does: { kind: 'unreachable', device },
    code: 10,
    switches: before,
    says: [/the connection was refused/],
    timed: 0,
  },
  {
    name: 'a foreign timer at the plan',
    before: 'start',
    does: { kind: 'foreign-timer', device, seconds: 120, session: 'other-tool' },
    code: 9,
    switches: before,
    says: [/leaf1: session other-tool is under a commit timer, 120 s left/],
    timed: 1,
    expiries: 1,
  },
  {
    name: '[F19] a foreign timer at the push',
    before: pushing,
    does: { kind: 'foreign-timer', device, seconds: 120, session: 'other-tool' },
    code: 9,
    switches: before,
    says: [/leaf1: session other-tool is under a commit timer, 120 s left/],
    timed: 1,
    expiries: 1,
  },
  {
    name: 'no room for a session',
    before: 'start',
    does: { kind: 'session-limit', device },
    code: 10,
    switches: before,
    says: [/Maximum number of pending sessions/],
    timed: 0,
  },
  {
    name: '[F30] an interrupt during verification',
    before: verifying,
    does: 'interrupt',
    code: 11,
    switches: before,
    says: [/read back: running-config equals the one before/, /cancelled/],
    timed: 1,
  },
  {
    name: '[F29] a second switch that refuses its confirm',
    workflow: two,
    before: { device: 'leaf3', command: CONFIRM },
    does: { kind: 'refuse-commit', device: 'leaf3', message: 'Cannot commit session' },
    code: 6,
    switches: bothBefore,
    says: [/leaf3 refused .*Cannot commit session/, /leaf1: restore done/],
    timed: 2,
  },
  {
    name: '[F29] a second switch that is gone before its confirm, until after its timer',
    workflow: two,
    before: { device: 'leaf3', command: CONFIRM },
    does: { kind: 'unreachable', device: 'leaf3', for: 330 },
    code: 6,
    switches: bothBefore,
    says: [/leaf1: restore done/, /leaf3\s+↺ put back/],
    timed: 2,
    expiries: 1,
  },
  {
    name: '[F29] a second switch that is gone for good before its confirm',
    workflow: two,
    before: { device: 'leaf3', command: CONFIRM },
    does: { kind: 'unreachable', device: 'leaf3' },
    code: 7,
    switches: bothBefore,
    says: [
      /leaf1\s+↺ put back/,
      /leaf3\s+\? unknown/,
      /Log in to leaf3 and compare.*configure replace checkpoint:eosflow-/,
    ],
    timed: 2,
    expiries: 1,
  },
  // leaf1 runs EOS 4.31, leaf3 4.32: another shape of the sessions, another dialect, the same verdict.
  ...['leaf1', 'leaf3'].map(
    (name): Fault => ({
      name: `[F13] a change that takes the way into ${name} away`,
      workflow: workflowFor(name, { lines: ['vlan 998', 'interface Management1', 'shutdown'] }),
      before: 'start',
      does: { kind: 'slow', device: name, before: 1, command: 'no such command' },
      code: 6,
      switches: { [name]: 'BEFORE' },
      says: [
        new RegExp(`${name}: no answer since the timed commit .*may have cut the way in`),
        new RegExp(
          `${name}: management-lost: out of reach until the switch had put itself back; read back: running-config equals the one before`,
        ),
        /rolled back · 1 switch: 1 put back\n/,
      ],
      timed: 1,
      expiries: 1,
    }),
  ),
]

describe('[G2] [G4] what goes wrong end to end', () => {
  test.each(everyNthOfLong(2, 'faults of a change', FAULTS))('$name', { tags: 'long' }, async (fault) => {
    const stop = new AbortController()
    const seen: string[] = []
    let struck = false
    const strike = (lab: Lab): void => {
      struck = true
      if (fault.does === 'interrupt') stop.abort()
      else lab.fabric.fault(fault.does)
    }
    const { switches: _, ...given } = fault
    const lab = openLab({
      ...given,
      stop: stop.signal,
      before: (its, name, commands) => {
        const when = fault.before
        if (when !== 'start' && !struck && name === when.device && commands.some((one) => when.command.test(one))) {
          if (when.behind === undefined || seen.some((one) => when.behind?.test(one))) strike(its)
        }
        if (when !== 'start' && name === when.device) seen.push(...commands)
      },
    })
    if (fault.before === 'start') strike(lab)
    const { code, out, err } = await lab.change()

    const text = out + err + (await lab.eosflow('history', '@latest')).out
    expect(struck).toBe(true)
    expect(code, text).toBe(fault.code)
    for (const words of fault.says) expect(text).toMatch(words)
    // What still runs by itself runs out now.
    await lab.clock.advance(600_000)
    lab.fabric.clearFaults()
    for (const one of lab.fabric.devices) one.switch.settle()
    for (const [name, place] of Object.entries(fault.switches)) {
      expect(whereIs(lab.fabric.device(name))).toBe(place)
      if (fault.unsaved !== true) expect(isSaved(lab.fabric.device(name))).toBe(true)
      if (fault.keeps !== undefined)
        expect(`${lab.fabric.device(name).switch.running.children.map(({ line }) => line)}`).toContain(fault.keeps)
    }
    const counters = lab.fabric.devices.map((one) => one.counters())
    expect(counters.reduce((sum, { commits }) => sum + commits.timed, 0)).toBe(fault.timed)
    expect(counters.reduce((sum, { expiries }) => sum + expiries, 0)).toBe(fault.expiries ?? 0)
    expect(counters.reduce((sum, { commits }) => sum + commits.plain, 0)).toBe(0)
  })

  test('[F32] another switch behind the address is sent nothing that writes', async () => {
    let planned = false
    const lab = openLab({
      before: (_lab, _device, commands) => {
        planned ||= commands.some((command) => /^configure session \S+ abort$/.test(command))
      },
      answers: (_lab, name) => (planned && name === 'leaf1' && asked ? 'leaf3' : name),
    })
    let asked = false
    const planning = await lab.eosflow('plan', 'workflow.yaml', '-o', 'plan.json')
    expect(planning.code).toBe(0)
    asked = true
    await lab.eosflow('approve', 'plan.json')
    const { out, err } = await exits(10, lab.eosflow('run', 'plan.json'))
    expect(out + err).toMatch(/leaf1: another switch answers: serial JPE21310203.*planned was serial JPE21310201/)
    const asking = lab.fabric.device('leaf3').requests()
    expect(asking.length).toBeGreaterThan(0)
    expect(asking.filter(({ kind }) => kind === 'write')).toEqual([])
  })

  test('[F32] a session in a state that nobody knows is never taken for confirmed', async () => {
    const lab = openLab({
      hears: (_lab, { status, body }) => ({ status, body: body.replaceAll('"pendingCommitTimer"', '"heldBack"') }),
    })
    const { out } = await exits(6, lab.change())
    expect(out).toMatch(/the change is no longer under our commit timer/)
    expect(whereIs(lab.fabric.device('leaf1'))).toBe('BEFORE')
    expect(lab.fabric.device('leaf1').counters().commits).toEqual({ plain: 0, timed: 1, confirms: 0 })
  })

  test('[F13] a change that takes our user away is waited out, and read back', async () => {
    let live = false
    const lab = openLab({
      hears: (its, answer) => {
        const refused = live && whereIs(its.fabric.device('leaf1')) === 'AFTER'
        live ||= whereIs(its.fabric.device('leaf1')) === 'AFTER'
        return refused ? { status: 401, body: 'Unable to authenticate user' } : answer
      },
    })
    const { err } = await exits(6, lab.change())
    expect(err).toMatch(/leaf1: put back: management-lost: .*read back: running-config equals the one before/)
    expect(whereIs(lab.fabric.device('leaf1'))).toBe('BEFORE')
    expect(lab.fabric.device('leaf1').counters()).toMatchObject({ expiries: 1, commits: { timed: 1, confirms: 0 } })
  })

  test('21 faults are looked at', () => {
    expect(FAULTS).toHaveLength(21)
  })
})
