import { describe, expect, test } from 'vitest'
import { renderConfig } from '../../src/eos/config/text/parse.ts'
import { everyNthOfLong } from '../extent.ts'
import { openLab, typeOn, workflowFor } from '../lab/lab.ts'
import { atRest, commitsOf, placeOf } from './copied-stores.ts'
import { type MortalProcess, within } from './mortal-process.ts'

/**
 * Somebody types lines right before the change is staged, and others when the process that has staged it is dead; another one takes the
 * execution up.
 */
async function takenUp(before: readonly string[], behind: readonly string[] = [], lines?: readonly string[]) {
  let process: MortalProcess | undefined
  let typed = 0
  const lab = openLab({
    workflow: workflowFor('leaf1', lines === undefined ? {} : { lines: [...lines] }),
    seams: (seams) => within(process, seams),
    before: async ({ fabric }, device, commands) => {
      if (typed > 0 || !commands.some((one) => one.startsWith('configure checkpoint save'))) return
      typed += 1
      await typeOn(fabric.device(device), 'configure', ...before, 'end')
    },
  })
  const stage = 'ActFinished stage'
  await lab.eosflow('plan workflow.yaml -o change.plan')
  await lab.eosflow('approve change.plan')
  process = { at: stage, copy: () => undefined, diesAt: '', copied: false, dead: false }
  const killed = process
  await lab.eosflow('run change.plan')
  process = undefined
  expect([killed.dead, typed]).toEqual([true, 1])
  if (behind.length > 0) await typeOn(lab.device('leaf1'), 'configure', ...behind, 'end')
  const ended = await lab.eosflow('resume @latest')
  const came = { ended, place: placeOf(lab), commits: commitsOf(lab) }
  await atRest({ lab })
  return came
}

describe('[G105] a change that is staged upon the lines of somebody else, and taken up by another process', () => {
  test('[P18] is stale, and the switch untouched: those lines remain, and none is of the change', async () => {
    const { ended, place, commits } = await takenUp(['vlan 777', 'name HAND'])
    expect(ended.code, ended.out).toBe(5)
    expect(ended.out).toMatch(/^leaf1 +. untouched/m)
    expect(ended.out).toContain('what EOS or somebody else has changed remains: +vlan 777; +vlan 777 / name HAND')
    expect([place, commits]).toEqual(['BEFORE', 0])
  })

  const taken: readonly (readonly [string, readonly string[], readonly string[]])[] = [
    ['before it was staged', ['vlan 998'], []],
    ['before it was staged, with a name of its own', ['vlan 998', 'name OTHER'], []],
    ['behind the staging', ['vlan 777', 'name HAND'], ['vlan 998']],
    ['behind the staging, on one line with another VLAN', ['vlan 777'], ['vlan 998']],
  ]
  test.each(everyNthOfLong(4, 'moments at which a hand takes the VLAN', taken))(
    '[P18] is stale too where somebody has taken the same VLAN %s',
    async (_, before, behind) => {
      const { ended, commits } = await takenUp(before, behind)
      expect(ended.code, ended.out).toBe(5)
      expect(ended.out).toMatch(/^. leaf1: never committed; what EOS or somebody else has changed remains: /m)
      expect(commits).toBe(0)
    },
  )

  const whole: readonly (readonly [string, readonly string[], readonly string[]])[] = [
    ['and a VLAN besides', ['vlan 777', 'name HAND'], ['vlan 998', 'name TESTED']],
    ['and a VLAN that EOS writes on one line with it', ['vlan 777', 'name TESTED'], ['vlan 998', 'name TESTED']],
  ]
  test.each(everyNthOfLong(2, 'changes that a hand has made', whole))(
    '[P18] is unknown where the whole of this very change is there, %s: nobody knows who made it',
    async (_, before, behind) => {
      const { ended, commits } = await takenUp(before, behind)
      expect(ended.code, ended.out).toBe(7)
      expect(ended.out).toMatch(/^leaf1 +. unknown/m)
      expect(ended.out).toContain('the lines of the change are there, of which this record has committed none')
      expect(commits).toBe(0)
    },
  )
})

test('whoever takes a change up saves no checkpoint over that of before, and a hand that makes the change meanwhile is in none', {
  tags: ['long', 'turn'],
}, async () => {
  let process: MortalProcess | undefined
  const saved: string[] = []
  const lab = openLab({
    seams: (seams) => within(process, seams),
    before: async ({ fabric }, device, commands) => {
      const save = commands.find((one) => one.startsWith('configure checkpoint save'))
      if (save === undefined) return
      saved.push(save.split(' ')[3] ?? '')
      if (saved.length === 2) await typeOn(fabric.device(device), 'configure', 'vlan 998', 'name TESTED', 'end')
    },
  })
  await lab.eosflow('plan workflow.yaml -o change.plan')
  await lab.eosflow('approve change.plan')
  process = { at: 'ActFinished stage', copy: () => undefined, diesAt: '', copied: false, dead: false }
  await lab.eosflow('run change.plan')
  process = undefined
  const ended = await lab.eosflow('resume @latest')
  expect(ended.code, ended.out).toBe(7)
  const [first = '', second = ''] = saved
  expect([saved.length, second]).toEqual([2, `${first}-2`])
  const { checkpoints } = lab.device('leaf1').switch.config
  const held = checkpoints.all().map(({ name, tree }) => [name, renderConfig(tree).includes('vlan 998')])
  expect(held).toEqual([
    [first, false],
    [second, true],
  ])
  await atRest({ lab })
})

test('what somebody has made on one of several switches is named before the first one is touched', {
  tags: ['long', 'turn'],
}, async () => {
  const lab = openLab({ targets: 'leaf1 or leaf3' })
  await lab.eosflow('plan workflow.yaml -o change.plan')
  await lab.eosflow('approve change.plan')
  await typeOn(lab.device('leaf3'), 'configure', 'vlan 998', 'name TESTED', 'end')
  const ended = await lab.eosflow('run change.plan')
  expect(ended.out).toContain('leaf3: running-config has changed since the plan was made: somebody has made this very')
  expect(ended.out).toMatch(/^leaf3 +. unknown/m)
  expect(commitsOf(lab)).toBe(0)
  await atRest({ lab })
})

describe('what else a hand has typed when a change is taken up', () => {
  test('the same where more lines are typed before it is taken up', { tags: ['long', 'turn'] }, async () => {
    const { ended, place } = await takenUp(['vlan 777'], ['vlan 778'])
    expect(ended.code, ended.out).toBe(5)
    expect(ended.out).toContain('what EOS or somebody else has changed remains: +vlan 777-778')
    expect(place).toBe('BEFORE')
  })

  test('is stale too where somebody has changed the very line that the change takes away', {
    tags: ['long', 'turn'],
  }, async () => {
    const lines = ['interface Ethernet9', 'description OURS']
    const hand = ['interface Ethernet9', 'description HAND']
    const { ended } = await takenUp(hand, [], lines)
    expect(ended.code, ended.out).toBe(5)
  })
})
