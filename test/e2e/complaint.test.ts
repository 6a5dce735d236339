import { describe, expect, test } from 'vitest'
import { renderConfig } from '../../src/config/render.ts'
import { exits, isSaved, type Lab, openLab, whereIs, workflowFor } from '../lab/lab.ts'
import { recordingLab } from '../report/view/recorded.ts'

const TIMED = /^configure session \S+ commit timer /
const CONFIRM = /^configure session \S+ commit$/
const SAVE = /^copy running-config startup-config$/
const WARNING = '% Warning: the agent answers slowly'

/** What a switch does with a command: it carries it out and complains, or it refuses. */
type Does = 'complains' | 'refuses'

/** A lab in which leaf1 complains of the first such command, or refuses it. */
function lab(command: RegExp, does: Does, targets = 'leaf1'): Lab {
  let isSet = false
  return openLab({
    workflow: workflowFor(targets),
    before: (its, device, commands) => {
      if (isSet || device !== 'leaf1' || !commands.some((one) => command.test(one))) return
      isSet = true
      if (does === 'complains') {
        its.fabric.fault({ device, kind: 'error-line', command: command.source, message: WARNING })
      } else {
        const errors = ['internal error']
        its.fabric.fault({ device, kind: 'refuse-command', command: command.source, code: 1000, errors })
      }
    },
  })
}

const endOf = (its: Lab, name: string) => {
  const device = its.fabric.device(name)
  return { is: whereIs(device), saved: isSaved(device) }
}

describe('a switch that complains of a confirm or a save and shows that it has carried it out', () => {
  test.each([
    ['confirm', CONFIRM],
    ['save', SAVE],
  ])('%s: the change stays, saved, on all switches', { tags: 'long' }, async (_, command) => {
    const its = lab(command, 'complains', 'leaf1 or leaf3')
    const { out, err } = await exits(0, its.change())
    for (const name of ['leaf1', 'leaf3']) expect(endOf(its, name)).toEqual({ is: 'AFTER', saved: true })
    // What it said is told all the same.
    expect(out + err).toMatch(/leaf1 refused '.*': .*Warning: the agent answers slowly/)
    const leaf1 = its.fabric.device('leaf1')
    expect(leaf1.counters().commits).toEqual({ plain: 0, timed: 1, confirms: 1 })
    expect(leaf1.requests().filter((one) => one.commands.some((each) => SAVE.test(each)))).toHaveLength(1)
  })
})

test('a confirm that a switch complains of and has carried out is on record as done', async () => {
  let isSet = false
  const { lab: its, events } = recordingLab({
    workflow: workflowFor('leaf1'),
    before: ({ fabric }, device, commands) => {
      if (isSet || !commands.some((one) => CONFIRM.test(one))) return
      isSet = true
      fabric.fault({ device, kind: 'error-line', command: CONFIRM.source, message: WARNING })
    },
  })
  await exits(0, its.change())
  const ends = events.flatMap((one) => (one.type === 'ActFinished' && one.act === 'confirm' ? [one.outcome] : []))
  expect(ends).toEqual(['refused', 'done'])
})

describe('a switch that refuses a confirm or a save', () => {
  test.each([
    ['confirm', CONFIRM, 0],
    ['save', SAVE, 1],
  ])('%s: is put back, and what it said is the reason', { tags: 'long' }, async (_, command, confirms) => {
    const its = lab(command, 'refuses')
    const { out, err } = await exits(6, its.change())
    expect(endOf(its, 'leaf1')).toEqual({ is: 'BEFORE', saved: true })
    expect(out + err).toMatch(/leaf1 refused '.*': internal error/)
    expect(its.fabric.device('leaf1').counters().commits).toEqual({ plain: 0, timed: 1, confirms })
  })
})

describe('somebody has saved under the timer, and the save that mends startup-config is answered with', () => {
  const NEVER = workflowFor('leaf1', {
    verify: '{ within: 6s, stableFor: 0s, every: 2s, checks: [{ vlans-present: { vlans: [997] } }] }',
  })
  test.each(['complains', 'refuses'] as const)('%s', { tags: 'night' }, async (does) => {
    let isArmed = false
    let saves = 0
    const its = openLab({
      workflow: NEVER,
      before: (the, device, commands) => {
        if (commands.some((one) => TIMED.test(one))) {
          isArmed = true
          the.fabric.fault({ device, kind: 'hand-save', on: 'armed' })
        }
        if (!isArmed || !commands.some((one) => SAVE.test(one))) return
        saves += 1
        if (does === 'complains') {
          the.fabric.fault({ device, kind: 'error-line', command: SAVE.source, message: WARNING })
        } else {
          const errors = ['flash is full']
          the.fabric.fault({ device, kind: 'refuse-command', command: SAVE.source, code: 1000, errors })
        }
      },
    })
    const { code, out, err } = await its.change()
    const { running, startup } = its.fabric.device('leaf1').switch
    expect(renderConfig(running)).not.toContain('vlan 998')
    if (does === 'complains') {
      expect(code, out + err).toBe(6)
      expect(saves).toBe(1)
      expect(renderConfig(startup)).not.toContain('vlan 998')
      return
    }
    expect(code, out + err).toBe(7)
    expect(renderConfig(startup)).toContain('vlan 998')
    expect(out + err).toMatch(/startup-config holds the change.*flash is full.*copy running-config startup-config/)
    its.fabric.device('leaf1').switch.config.save(its.fabric.device('leaf1').switch.now)
  })
})
