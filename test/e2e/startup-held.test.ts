// @module-tag long
import { describe, expect, test } from 'vitest'
import { heardJournal } from '../../src/change/record/store/journal.ts'
import { renderConfig } from '../../src/eos/config/text/parse.ts'
import type { DeviceFault } from '../../src/eos/sim/fault/fault.ts'
import { everyNthOfLong } from '../extent.ts'
import { exits, type Lab, type LabOptions, openLab, whereIs, workflowFor } from '../lab/lab.ts'

const TIMER = 300
const SAVE = 'copy running-config startup-config'
const HOLDS = /startup-config holds the change, a reboot brings it back: \+vlan 998; \+vlan 998 \/ name TESTED/

const neverGood = (name: string) =>
  workflowFor(name, {
    verify: '{ within: 1s, stableFor: 0s, every: 1s, checks: [{ vlans-present: { vlans: [997] } }] }',
  })

const of = (lab: Lab, name: string) => lab.device(name)
const startupOf = (lab: Lab, name: string) => renderConfig(of(lab, name).switch.startup)
const runningOf = (lab: Lab, name: string) => renderConfig(of(lab, name).switch.running)
const savesOf = (lab: Lab, name: string) =>
  of(lab, name)
    .requests()
    .filter(({ commands }) => commands.includes(SAVE)).length

/** A change that is never good, and what others do to its switch: before all, and while it is armed. */
async function change(
  name: string,
  { first = [], armed = [], ...options }: { first?: readonly Hand[]; armed?: readonly Hand[] } & LabOptions,
) {
  const lab = openLab({ workflow: neverGood(name), ...options })
  for (const fault of first) lab.fault({ device: name, ...fault } as DeviceFault)
  for (const fault of armed) lab.fault({ device: name, on: 'armed', ...fault } as DeviceFault)
  const { code, out, err } = await lab.change()
  return { lab, code, text: out + err }
}

type Hand = { readonly kind: 'hand-save' } | { readonly kind: 'hand-edit'; readonly lines: readonly string[] }
const save: Hand = { kind: 'hand-save' }
const type = (...lines: readonly string[]): Hand => ({ kind: 'hand-edit', lines })

describe.each(
  everyNthOfLong(2, 'versions of EOS on which somebody saves', [
    ['4.31', 'leaf1'],
    ['4.32', 'leaf3'],
  ] as const),
)('[F14b] somebody saves while a change runs under its timer, EOS %s', (_eos, name) => {
  test('[P1] and nothing else was unsaved: running-config is saved again, and startup-config holds nothing of the change', async () => {
    const { lab, code, text } = await change(name, { armed: [save] })
    expect(code, text).toBe(6)
    expect(text).toMatch(new RegExp(`${name}: put back: read back: running-config equals the one before$`, 'm'))
    expect(startupOf(lab, name)).toBe(runningOf(lab, name))
    expect(startupOf(lab, name)).not.toContain('vlan 998')
    expect(savesOf(lab, name)).toBe(1)
  })

  test('and the switch boots: it runs the change without a timer, and the end says so, and that it is saved', async () => {
    const { lab, code, text } = await change(name, {
      armed: [save],
      workflow: workflowFor(name, {
        verify: '{ within: 60s, stableFor: 20s, every: 2s, checks: [{ vlans-present: { vlans: [998] } }] }',
      }),
      before: (its, device, commands) => {
        if (!commands.some((one) => one.includes('commit timer'))) return
        its.fault({ device, kind: 'reboot', after: 10, seconds: 5 })
      },
    })
    expect(code, text).toBe(7)
    expect(text).toMatch(
      new RegExp(`^. Verify: ${name}: the switch has rebooted: the change is no longer under our`, 'm'),
    )
    expect(text).toMatch(
      new RegExp(
        `${name}: unknown. the switch has rebooted since the commit; running-config holds the change, and no commit timer runs that would take it away; startup-config holds it too: a reboot does not take it away. Log in to ${name}`,
      ),
    )
    expect(text).toMatch(/to go back: configure replace checkpoint:eosflow-\w+ skip-checkpoint/)
    expect(startupOf(lab, name)).toContain('\nvlan 998\n')
    expect(whereIs(of(lab, name))).toBe('AFTER')
  })

  test('and a line was unsaved before the plan: unknown, with both lines and the command, and nothing is saved', async () => {
    const { lab, code, text } = await change(name, { first: [type('vlan 15')], armed: [save] })
    expect(code, text).toBe(7)
    expect(text).toMatch(HOLDS)
    expect(text).toMatch(new RegExp(`left unsaved: \\+vlan 15\\. Once these may be saved, on ${name}: ${SAVE}`))
    expect(whereIs(of(lab, name))).toBe('BEFORE')
    expect(startupOf(lab, name)).toContain('\nvlan 998\n')
    expect(savesOf(lab, name)).toBe(0)
  })

  test('[P1] and the controller is killed, the timer reverts, somebody types a line, resume: unknown, and his line stays unsaved', async () => {
    const lab = openLab({ targets: name })
    await lab.killAt('in-verify', name)
    lab.fault({ device: name, kind: 'hand-save' })
    await lab.clock.advance((TIMER + 1) * 1000)
    lab.fault({ device: name, kind: 'hand-edit', lines: ['vlan 901'] })
    const { out, err } = await exits(7, lab.resume())
    expect(out + err).toMatch(HOLDS)
    expect(out + err).toContain('left unsaved: +vlan 901.')
    expect(runningOf(lab, name)).toContain('\nvlan 901\n')
    expect(startupOf(lab, name)).not.toContain('vlan 901')
    expect(savesOf(lab, name)).toBe(0)
  })

  test('and he types his line again when the timer has reverted it: what he has saved himself is saved again', async () => {
    const lab = openLab({ targets: name })
    await lab.killAt('in-verify', name)
    lab.fault({ device: name, kind: 'hand-edit', lines: ['vlan 901'] })
    lab.fault({ device: name, kind: 'hand-save' })
    await lab.clock.advance((TIMER + 1) * 1000)
    lab.fault({ device: name, kind: 'hand-edit', lines: ['vlan 901'] })
    const { out, err } = await exits(6, lab.resume())
    expect(out + err).toContain('what EOS or somebody else has changed remains: +vlan 901')
    expect(startupOf(lab, name)).toBe(runningOf(lab, name))
    expect(startupOf(lab, name)).toContain('\nvlan 901\n')
    expect(startupOf(lab, name)).not.toContain('vlan 998')
  })

  test('and his own line goes with the timer: it is saved away, and named', async () => {
    const lab = openLab({ targets: name })
    await lab.killAt('in-verify', name)
    lab.fault({ device: name, kind: 'hand-edit', lines: ['vlan 901'] })
    lab.fault({ device: name, kind: 'hand-save' })
    await lab.clock.advance((TIMER + 1) * 1000)
    const { out, err } = await exits(6, lab.resume())
    expect(out + err).toContain("somebody else's change went with it: +vlan 901")
    expect(startupOf(lab, name)).toBe(runningOf(lab, name))
  })

  test('and the save that mends it is refused: unknown, with the words of the switch', async () => {
    const { lab, code, text } = await change(name, {
      armed: [save],
      before: (its, device, commands) => {
        if (!commands.includes(SAVE)) return
        its.fault({
          device,
          kind: 'refuse-command',
          command: `^${SAVE}$`,
          code: 1000,
          errors: ['no space left'],
        })
      },
    })
    expect(code, text).toBe(7)
    expect(text).toMatch(HOLDS)
    expect(text).toContain('no space left')
    expect(startupOf(lab, name)).toContain('\nvlan 998\n')
  })
})

test('nobody saves: a line that was unsaved before the plan stays unsaved, and nothing is written', async () => {
  const { lab, code, text } = await change('leaf1', { first: [type('vlan 15')] })
  expect(code, text).toBe(6)
  expect(text).toContain('running-config equals the one before; startup-config differs from running-config')
  expect(savesOf(lab, 'leaf1')).toBe(0)
})

test('startup-config is read behind a timed commit that was refused, too', async () => {
  const { lab, code, text } = await change('leaf1', {
    first: [{ kind: 'refuse-commit', message: 'out of TCAM' } as unknown as Hand],
  })
  expect(code, text).toBe(10)
  expect(text).toMatch(/leaf1: untouched: never committed$/m)
  const last = of(lab, 'leaf1').requests().at(-1)?.commands
  expect(last).toEqual(['enable', 'show startup-config'])
})

describe('[F14b] an execution that an earlier version has begun, which kept no startup-config', () => {
  /** Its journal, as that version wrote it. */
  const earlier: Pick<LabOptions, 'seams'> = {
    seams: (seams) => ({
      ...seams,
      journal: (journal) =>
        heardJournal(seams.journal(journal), [
          ({ events }) => ({
            events: events.map((event) => {
              if (event.type !== 'ActFinished') return event
              const { startup: _, replaced: __, ...rest } = event
              return rest
            }),
          }),
        ]),
    }),
  }

  test('and that found all saved: running-config is saved again', async () => {
    const { lab, code, text } = await change('leaf1', { armed: [save], ...earlier })
    expect(code, text).toBe(6)
    expect(startupOf(lab, 'leaf1')).not.toContain('vlan 998')
  })

  test('and that found a line unsaved: unknown', async () => {
    const { lab, code, text } = await change('leaf1', { first: [type('vlan 15')], armed: [save], ...earlier })
    expect(code, text).toBe(7)
    expect(text).toContain('nobody knows what startup-config held before')
    expect(savesOf(lab, 'leaf1')).toBe(0)
  })

  test('and that was killed behind its timed commit: it is resumed, verified and confirmed', async () => {
    const lab = openLab(earlier)
    await lab.killAt('in-verify')
    await exits(0, lab.resume())
    expect(whereIs(of(lab, 'leaf1'))).toBe('AFTER')
  })
})
