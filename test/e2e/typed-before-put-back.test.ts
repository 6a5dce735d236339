import { describe, expect, test } from 'vitest'
import { renderConfig } from '../../src/config/render.ts'
import { type Lab, startLab } from './in-memory.ts'
import { whereIs, workflowFor } from './vlan-change.ts'

const ABORT = /^configure session \S+ abort$/
const RESTORE = /^configure replace checkpoint:/

/** What strikes where nothing else is said: a colleague types. */
const TYPED = { kind: 'hand-edit', lines: ['vlan 777'] } as const
const LOST = { kind: 'lost-answer', command: ' abort$' } as const

/** A lab in which something strikes right before the request that puts the switch back. */
function typing(
  write: RegExp,
  workflow: string,
  strikes: typeof TYPED | typeof LOST = TYPED,
): { lab: Lab; typed: () => number } {
  let count = 0
  const lab = startLab({
    workflow,
    before: (its, device, commands) => {
      if (count > 0 || !commands.some((one) => write.test(one))) return
      if (write === ABORT && !renderConfig(its.fabric.device(device).switch.running).includes('vlan 998')) return
      count += 1
      its.fabric.fault({ device, ...strikes })
    },
  })
  return { lab, typed: () => count }
}

const FAILS = '{ within: 4s, stableFor: 0s, every: 2s, checks: [reachable, { vlans-present: { vlans: [4000] } }] }'

describe('a line that a colleague types right before a switch is put back', () => {
  test('by an abort is named: it went with it', async () => {
    const { lab, typed } = typing(ABORT, workflowFor('leaf1', { verify: FAILS }))
    const { code, out, err } = await lab.change()
    expect(typed()).toBe(1)
    expect(code, out + err).toBe(6)
    expect(out + err).toMatch(/leaf1: put back: .*somebody else's change went with it: \+vlan 777/)
    expect(renderConfig(lab.fabric.device('leaf1').switch.running)).not.toContain('vlan 777')
    expect(whereIs(lab.fabric.device('leaf1'))).toBe('BEFORE')
  })

  test('by the restore of a confirmed switch is named too', async () => {
    const { lab, typed } = typing(RESTORE, workflowFor('leaf1,leaf3'))
    lab.fabric.fault({
      device: 'leaf3',
      kind: 'refuse-command',
      command: '^configure session \\S+ commit$',
      code: 1000,
      errors: ['no'],
    })
    const { code, out, err } = await lab.change()
    expect(typed(), out + err).toBe(1)
    expect(code, out + err).toBe(6)
    expect(out + err).toMatch(/put back: .*somebody else's change went with it: \+vlan 777/)
  })

  test('whose answer is lost: that such a line is not known is said', async () => {
    const { lab } = typing(ABORT, workflowFor('leaf1', { verify: FAILS }), LOST)
    const { code, out, err } = await lab.change()
    expect(code, out + err).toBe(6)
    expect(out + err).toMatch(/the answer to what put it back was not read: a line that somebody typed right before it/)
  })
})
