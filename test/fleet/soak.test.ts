import { describe, expect, test } from 'vitest'
import { exits, inventoryOf, openLab, workflowFor } from '../lab/lab.ts'

const CHECKS = 'every: 5s, checks: [reachable, { vlans-present: { vlans: [998] } }]'

describe('a soak that the workflow does not give', () => {
  test('is as long as the BGP hold time of the switch, and a round, and the plan says why', {
    tags: ['long', 'turn'],
  }, async () => {
    const lab = openLab({
      workflow: workflowFor('leaf1', { push: '{ confirmWithin: 10m }', verify: `{ ${CHECKS} }` }),
    })
    const before = lab.clock.now()
    const { err } = await exits(0, lab.change())
    expect(err).toContain(
      '\nTakes about 3m 10s: 1 wave, verify holds 3m 5s, because the BGP hold time of leaf1 is 3m\n',
    )
    const took = (lab.clock.now() - before) / 1000
    expect(took).toBeGreaterThanOrEqual(185)
    expect(took).toBeLessThan(200)
    expect(lab.whereIs('leaf1')).toBe('AFTER')
  })

  test('[3C6] is ten seconds if only a description changes, and the change takes less than half a minute', async () => {
    const steps = workflowFor('leaf1', { push: '{ confirmWithin: 10m }', verify: '{ checks: [reachable] }' })
    const lines = "lines: ['interface Ethernet10', '   description X']"
    const workflow = steps.replace(/^change: .*$/m, `change: { mode: merge, ${lines} }`)
    expect(workflow).toContain(lines)
    const lab = openLab({ workflow })
    const before = lab.clock.now()
    const { err } = await exits(0, lab.change())
    expect(err).toContain('\nTakes about 15s: 1 wave, verify holds 10s, because only descriptions change\n')
    const took = (lab.clock.now() - before) / 1000
    expect(took).toBeGreaterThanOrEqual(10)
    expect(took).toBeLessThan(30)
  })

  test.each<[string, string, string, RegExp]>([
    [
      'the time of the verification',
      '10m',
      'within: 1m, ',
      /could never be good for 3m5s within 1m; .*BGP hold time of leaf1 is 3m/,
    ],
    [
      'the commit timer',
      '5m',
      '',
      /commit timer of 5m cannot hold: 5m35s of verification in 1 wave \+ 2s to push and confirm it \+ 30s in reserve is 6m7s/,
    ],
  ])('that %s does not hold refuses the plan: nothing is committed, exit 10', async (_, timer, within, says) => {
    const verify = `{ ${within}${CHECKS} }`
    const lab = openLab({ workflow: workflowFor('leaf1', { push: `{ confirmWithin: ${timer} }`, verify }) })
    const { out, err } = await exits(10, lab.change())
    expect(out + err).toMatch(says)
    expect(lab.commits('leaf1')).toEqual({ plain: 0, timed: 0, confirms: 0 })
  })
})

test('a pair that no tag and no area shows is kept apart by its MLAG configuration', async () => {
  const workflow = workflowFor('leaf1 or leaf2 or leaf3').replace('waves: [1], keepApart: mlag', "waves: ['100%']")
  const lab = openLab({ workflow })
  const inventory = inventoryOf(lab.fabric)
  expect(inventory.match(/"mlag":/g)?.length).toBeGreaterThanOrEqual(3)
  lab.write('inventory.yaml', inventory.replaceAll('"mlag":', '"rack":'))
  const { out } = await lab.ok('plan workflow.yaml --json')
  expect((JSON.parse(out) as { plan: { content: { waves: unknown } } }).plan.content.waves).toEqual([
    ['leaf1', 'leaf3'],
    ['leaf2'],
  ])
})
