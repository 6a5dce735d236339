// @module-tag long
import { expect, test } from 'vitest'
import { everyNthOfLong } from '../../../extent.ts'
import { whereIs } from '../../../lab/vlan-change.ts'
import { BOTH_SITES, teamInMemory } from './team-in-memory.ts'

/** The change of both sites, of any of four switches: two in each site. */
const ALL_FOUR = BOTH_SITES.replace('targets: leaf1 or leaf3', "targets: '*'").replace(', keepApart: mlag', '')

/** Two changes that are begun, and approved, side by side. `late`: how long each first request for a commit to a switch is held up, in milliseconds. */
async function sideBySide(only: readonly string[], late: Readonly<Record<string, number>> = {}, isNarrow = false) {
  const held = new Set<string>()
  const team = await teamInMemory({
    workflow: ALL_FOUR,
    ...(isNarrow ? { limit: 1, workers: [['north'], ['south']] } : {}),
    before: async (device, commands, { clock }) => {
      if (held.has(device) || !commands.some((command) => command.includes('commit timer'))) return
      held.add(device)
      await clock.sleep(late[device] ?? 0)
    },
  })
  const ids: string[] = []
  for (const names of only) ids.push(await team.begin(names))
  await Promise.all(ids.map((id) => team.decide(id)))
  const ends = await Promise.all(ids.map((id) => team.ended(id)))
  expect(team.strayed).toEqual([])
  const devices = ['leaf1', 'leaf2', 'leaf3', 'leaf4'].map((name) => team.lab.device(name))
  for (const device of devices) device.switch.settle()
  return {
    outcomes: ends.map(({ outcome }) => outcome ?? ''),
    after: devices.flatMap((device) => (whereIs(device) === 'AFTER' ? [device.name] : [])),
    confirms: Object.fromEntries(devices.map((device) => [device.name, device.counters().commits.confirms])),
  }
}

test('two changes of the same switches in both sites: one is made, and the one approval is used once', {
  tags: 'turn',
}, async () => {
  const { outcomes, after, confirms } = await sideBySide(['leaf1 or leaf3', 'leaf1 or leaf3'])
  expect(outcomes.toSorted()).toEqual(['refused', 'succeeded'])
  expect([after, confirms]).toEqual([['leaf1', 'leaf3'], { leaf1: 1, leaf2: 0, leaf3: 1, leaf4: 0 }])
})

test('two changes of other switches in both sites are both made', { tags: ['long', 'turn'] }, async () => {
  const { outcomes, after } = await sideBySide(['leaf1 or leaf3', 'leaf2 or leaf4'])
  expect([outcomes, after]).toEqual([
    ['succeeded', 'succeeded'],
    ['leaf1', 'leaf2', 'leaf3', 'leaf4'],
  ])
})

test('two changes of other switches that keep each other from the only places wait no longer than their commit timers', {
  tags: ['long', 'turn'],
}, async () => {
  // Each has the only place of one site at first.
  const { outcomes, after } = await sideBySide(
    ['leaf1 or leaf3', 'leaf2 or leaf4'],
    { leaf1: 20_000, leaf4: 20_000 },
    true,
  )
  const changed = [
    ...(outcomes[0] === 'succeeded' ? ['leaf1', 'leaf3'] : []),
    ...(outcomes[1] === 'succeeded' ? ['leaf2', 'leaf4'] : []),
  ]
  expect(outcomes.every((outcome) => ['succeeded', 'rolled-back', 'refused'].includes(outcome))).toBe(true)
  expect(after).toEqual(changed.toSorted())
})

/** Which of the switches of each is reached late, in seconds: the second change has one of them with the first. */
const LATE: readonly (readonly [number, number, number])[] = [
  [0, 0, 0],
  [0, 0, 40],
  [0, 40, 0],
  [40, 0, 0],
  [40, 40, 0],
  [40, 0, 40],
  [0, 40, 40],
  [250, 0, 0],
  [0, 250, 0],
]

test.each(everyNthOfLong(9, 'two changes with one switch in both', LATE))(
  'a switch in the plans of two changes has one master, whichever is there first (%i, %i, %i s)',
  { tags: ['long', 'turn'] },
  async (leaf1, leaf3, leaf4) => {
    const late = { leaf1: leaf1 * 1000, leaf3: leaf3 * 1000, leaf4: leaf4 * 1000 }
    const { outcomes, after, confirms } = await sideBySide(['leaf1 or leaf3', 'leaf1 or leaf4'], late)
    const [first, second] = outcomes.map((outcome) => outcome === 'succeeded')
    expect(first && second).toBe(false)
    expect(outcomes.filter((outcome) => !['succeeded', 'rolled-back', 'refused'].includes(outcome))).toEqual([])
    expect(after).toEqual(first ? ['leaf1', 'leaf3'] : second ? ['leaf1', 'leaf4'] : [])
    expect(confirms.leaf1).toBeLessThanOrEqual(1)
  },
)
