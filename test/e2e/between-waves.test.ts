import { expect, test } from 'vitest'
import { exits, inventoryOf, type Lab, openLab, PEOPLE, policyWith, SETTINGS } from '../lab/lab.ts'

const TIMED = / commit timer /

/** Something happens once the first switch of leaf1 and leaf3 is under its commit timer. */
const afterTheFirst =
  (happens: (lab: Lab) => void) => async (lab: Lab, device: string, commands: readonly string[]) => {
    if (device === 'leaf1' && commands.some((command) => TIMED.test(command))) happens(lab)
  }

const timedCommits = (lab: Lab) => ['leaf1', 'leaf3'].map((name) => lab.commits(name).timed)
const where = (lab: Lab) => ['leaf1', 'leaf3'].map((name) => lab.whereIs(name))

test('[3C1] a right that a switch takes away between two waves: the second is not pushed, and the first is put back', async () => {
  const before = afterTheFirst(({ fabric }) =>
    fabric.fault({
      device: 'leaf3',
      kind: 'refuse-command',
      command: '^show vlan$',
      code: 1005,
      errors: ['no right'],
    }),
  )
  const lab = openLab({ targets: 'leaf1 or leaf3', before })
  const { err } = await exits(6, lab.change())
  expect(err).toContain('leaf3 refuses `show vlan`: no right')
  expect(timedCommits(lab)).toEqual([1, 0])
  expect(where(lab)).toEqual(['BEFORE', 'BEFORE'])
})

test('a policy that forbids the push between two waves: the second is not pushed, and the first is put back', {
  tags: ['long', 'turn'],
}, async () => {
  const lab = openLab({
    targets: 'leaf1 or leaf3',
    caller: PEOPLE.alice,
    before: afterTheFirst((one) =>
      one.write('policy.yaml', policyWith({ rules: ['{ id: no, deny: [task.push], to: [operator] }'] })),
    ),
  })
  lab.write('inventory.yaml', inventoryOf(lab.fabric).replaceAll('"tags":{', '"tags":{"role":"leaf",'))
  lab.write('eosflow.yaml', SETTINGS)
  lab.write('policy.yaml', policyWith())
  const id = /Execution (\S+):/.exec((await lab.eosflow('run workflow.yaml --detach')).out)?.[1] ?? ''
  lab.caller = PEOPLE.bob
  await lab.ok(`approve ${id}`)
  lab.caller = PEOPLE.alice
  const { err } = await lab.exits(6, `resume ${id}`)
  expect(err).toContain('leaf3')
  expect(timedCommits(lab)).toEqual([1, 0])
  expect(where(lab)).toEqual(['BEFORE', 'BEFORE'])
})
