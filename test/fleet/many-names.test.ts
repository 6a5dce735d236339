import { describe, expect, test } from 'vitest'
import { type Lab, openLab, whereIs } from '../lab/lab.ts'
import { inventoryOf, standalone } from './fleet.ts'

const WORKFLOW = `name: many
targets: role:access
change: { mode: merge, lines: ['vlan 998', '   name TESTED'] }
rollout: { waves: ['50%'], concurrency: 50, atomic: wave }
steps:
  - snapshot
  - plan
  - approve
  - push: { confirmWithin: 1h }
  - verify: { within: 20s, stableFor: 4s, every: 4s, checks: [reachable, { vlans-present: { vlans: [998] } }] }
  - confirm
`

const changed = (lab: Lab) => lab.fabric.devices.filter((one) => whereIs(one) === 'AFTER').length

async function approveAndResume(lab: Lab) {
  const shown = await lab.eosflow('show @latest --json')
  const [digest = ''] = /sha256:[0-9a-f]{64}/.exec(shown.out) ?? []
  await lab.ok(`approve @latest --digest ${digest}`)
  const { code, out, err } = await lab.eosflow('resume @latest')
  expect(code, (out + err).slice(-600)).toBe(0)
  return code
}

/** So many that a selector of all their names has more words than a selector may have. */
describe('a change of 101 switches', { timeout: 120_000 }, () => {
  test('[P8] is planned, saved, run, rolled back: the set of switches is never read as a selector', {
    tags: 'long',
  }, async () => {
    const lab = openLab({ switches: { fabric: standalone(101) }, workflow: WORKFLOW })
    lab.write('inventory.yaml', inventoryOf(lab.fabric))
    await lab.ok('plan workflow.yaml -o many.plan')
    await lab.exits(12, 'run many.plan --detach')
    await approveAndResume(lab)
    expect(changed(lab)).toBe(101)
    await lab.exits(12, 'rollback @latest --detach')
    await approveAndResume(lab)
    expect(changed(lab)).toBe(0)
  })
})
