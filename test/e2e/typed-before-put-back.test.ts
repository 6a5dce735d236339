import { describe, expect, test } from 'vitest'
import { renderConfig } from '../../src/eos/config/text/parse.ts'
import { exits, openLab, typeOn, workflowFor } from '../lab/lab.ts'

const ABORT = /^configure session \S+ abort$/
const RESTORE = /^configure replace checkpoint:/

/** What strikes where nothing else is said: a colleague types. */
const TYPED = { kind: 'hand-edit', lines: ['vlan 777'] } as const
const LOST = { kind: 'lost-answer', command: ' abort$' } as const

/** A lab in which something strikes right before the request that puts the switch back. */
function typing(write: RegExp, workflow: string, strikes: typeof TYPED | typeof LOST = TYPED) {
  let count = 0
  const lab = openLab({
    workflow,
    before: (its, device, commands) => {
      if (count > 0 || !commands.some((one) => write.test(one))) return
      if (write === ABORT && !renderConfig(its.device(device).switch.running).includes('vlan 998')) return
      count += 1
      its.fault({ device, ...strikes })
    },
  })
  return { lab, typed: () => count }
}

const FAILS = '{ within: 4s, stableFor: 0s, every: 2s, checks: [reachable, { vlans-present: { vlans: [4000] } }] }'

describe('a line that a colleague types right before a switch is put back', () => {
  test('[P16] by an abort is named: it went with it', async () => {
    const { lab, typed } = typing(ABORT, workflowFor('leaf1', { verify: FAILS }))
    const { code, out, err } = await lab.change()
    expect(typed()).toBe(1)
    expect(code, out + err).toBe(6)
    expect(out + err).toMatch(/leaf1: put back: .*somebody else's change went with it: \+vlan 777/)
    expect(lab.running('leaf1')).not.toContain('vlan 777')
    expect(lab.whereIs('leaf1')).toBe('BEFORE')
  })

  test('[P16] by the restore of a confirmed switch is named too', async () => {
    const { lab, typed } = typing(RESTORE, workflowFor('leaf1,leaf3'))
    lab.fault({
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

  test('[P16] whose answer is lost: that such a line is not known is said', async () => {
    const { lab } = typing(ABORT, workflowFor('leaf1', { verify: FAILS }), LOST)
    const { out, err } = await exits(6, lab.change())
    expect(out + err).toContain(
      'the answer to what put it back was not read: a line that somebody typed right before it',
    )
  })
})

describe('a line that a colleague types on a confirmed switch before it is put back, and that EOS writes into one of the change', () => {
  test.each([
    ['a VLAN beside a VLAN', ['vlan 998'], ['vlan 777'], 'vlan 777,998'],
    [
      'a VLAN of a trunk beside another',
      ['interface Ethernet9', 'switchport trunk allowed vlan 10,20'],
      ['interface Ethernet9', 'switchport trunk allowed vlan add 30'],
      'switchport trunk allowed vlan 10,20,30',
    ],
  ])('[P18] %s: the change is taken for gone by nobody', { tags: 'long' }, async (_, lines, typed, makes) => {
    let count = 0
    let made = ''
    const workflow = workflowFor('leaf1,leaf3', {
      lines,
      verify: '{ within: 4s, stableFor: 0s, every: 2s, checks: [reachable] }',
    })
    const lab = openLab({
      workflow,
      before: async ({ fabric }, device, commands) => {
        if (device !== 'leaf3' || count > 0 || !commands.some((one) => /^configure session \S+ commit$/.test(one)))
          return
        count += 1
        const leaf1 = fabric.device('leaf1')
        await typeOn(leaf1, 'configure', ...typed, 'end')
        made = renderConfig(leaf1.switch.running)
      },
    })
    const before = lab.running('leaf1')
    lab.fault({
      device: 'leaf3',
      kind: 'refuse-command',
      command: '^configure session \\S+ commit$',
      code: 1000,
      errors: ['no'],
    })
    const { code, out, err } = await lab.change()
    expect([count, made.includes(makes)], out + err).toEqual([1, true])
    expect(lab.running('leaf1'), out + err).toBe(before)
    expect(code, out + err).toBe(6)
    expect(out + err).toContain('leaf1: put back: ')
  })
})
