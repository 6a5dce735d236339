import { expect, test } from 'vitest'
import { inventoryOf, LEAVES, sixtySwitches } from '../fleet/fleet.ts'
import { exits, isSaved, type Lab, type LabOptions, openLab, workflowFor } from '../lab/lab.ts'

const CONFIRM = /^configure session \S+ commit$/
const SAVE = /^copy running-config startup-config$/

/** A lab of sixty switches, those that are changed in it, and the order in which they are confirmed and saved. */
function fleet(
  targets: 'role:leaf' | 'leaf?',
  rollout: string,
  push: string,
  before: NonNullable<LabOptions['before']> = () => undefined,
) {
  const verify = '{ within: 2s, stableFor: 0s, every: 1s, checks: [reachable] }'
  const workflow = workflowFor(targets, { push, verify }).replace(/^rollout: .*$/m, `rollout: { ${rollout} }`)
  const acts: { readonly act: 'confirm' | 'save'; readonly name: string; readonly at: number }[] = []
  const lab = openLab({
    switches: { fabric: sixtySwitches() },
    workflow,
    before: async (at, name, commands) => {
      await before(at, name, commands)
      const act = commands.some((one) => CONFIRM.test(one))
        ? 'confirm'
        : commands.some((one) => SAVE.test(one)) && 'save'
      if (act) acts.push({ act, name, at: at.clock.monotonic() })
    },
  })
  lab.write('inventory.yaml', inventoryOf(lab.fabric))
  const leaves = targets === 'leaf?' ? LEAVES.slice(0, 9) : LEAVES
  return { lab, acts, leaves }
}

const ends = (lab: Lab, leaves: readonly string[]) => [
  ...new Set(leaves.map((name) => `${lab.whereIs(name)} ${isSaved(lab.device(name))}`)),
]

test.each<[string, 'role:leaf' | 'leaf?', string, number]>([
  ['all of 56', 'role:leaf', 'atomic: change, concurrency: 5', 100_000],
  ['those of a wave', 'leaf?', 'atomic: wave, concurrency: 1', 80_000],
])(
  '[F29] %s are confirmed before the first is saved, however slow saves are',
  { tags: 'long' },
  async (_, targets, rollout, longest) => {
    const given = `${rollout}, waves: ['100%'], keepApart: none`
    const { lab, acts, leaves } = fleet(targets, given, '{ confirmWithin: 75s }')
    for (const device of leaves) lab.fault({ device, kind: 'slow-save', seconds: 10 })
    await exits(0, lab.change())
    expect(ends(lab, leaves)).toEqual(['AFTER true'])
    const confirms = acts.filter(({ act }) => act === 'confirm')
    const saves = acts.filter(({ act }) => act === 'save')
    expect([confirms.length, saves.length]).toEqual([leaves.length, leaves.length])
    expect(acts.slice(0, leaves.length)).toEqual(confirms)
    // The saves alone take longer than the commit timers ran.
    expect((saves.at(-1)?.at ?? 0) - (saves[0]?.at ?? 0)).toBeGreaterThanOrEqual(longest)
  },
)

test('[G103] [F29] [P12] a confirm is not begun without time left for the others: everything is put back while it still has its timer', {
  tags: 'long',
}, async () => {
  let isSlow = false
  const { lab, acts, leaves } = fleet(
    'leaf?',
    'concurrency: 2, keepApart: none',
    '{ confirmWithin: 60s }',
    (at, _, commands) => {
      if (isSlow || !commands.some((one) => CONFIRM.test(one))) return
      isSlow = true
      for (const device of leaves) at.fault({ device, kind: 'slow', before: 12 })
    },
  )
  const { code, out, err } = await lab.change()
  // Behind the first confirm of 24 s four rounds are left, as slow as that one was.
  expect(out + err).toMatch(
    /not confirmed: only \d+ s are left of the commit timer of leaf\d, and [78] to confirm take \d+ s/,
  )
  expect(code).toBe(6)
  expect(ends(lab, leaves)).toEqual(['BEFORE true'])
  expect(acts.map(({ act }) => act)).toEqual(['confirm', 'confirm'])
})

test('[F29] what is confirmed and not yet saved is put back by its checkpoint when another save fails, and startup-config with it', {
  tags: 'long',
}, async () => {
  const { lab, acts, leaves } = fleet(
    'leaf?',
    "concurrency: 5, waves: ['100%'], keepApart: none",
    '{ confirmWithin: 5m }',
  )
  lab.fault({
    device: 'leaf7',
    kind: 'refuse-command',
    command: '^copy running-config',
    code: 1002,
    errors: ['Flash is full'],
  })
  await exits(6, lab.change())
  expect(ends(lab, leaves)).toEqual(['BEFORE true'])
  expect(acts.filter(({ act }) => act === 'confirm')).toHaveLength(leaves.length)
})
