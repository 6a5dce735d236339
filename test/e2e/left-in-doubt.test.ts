// @module-tag long
import { expect, test } from 'vitest'
import { openLab, whereIs, workflowFor } from '../lab/lab.ts'

const workflow = (rollout: string) =>
  workflowFor('leaf1 or leaf3 or spine1').replace(/rollout: \{.*\}/, `rollout: { waves: [1, 1], ${rollout} }`)

test.each(['atomic: wave', 'atomic: device'])(
  '[G4] [G104] a switch that ends unknown is no failure that `maxFailures` tolerates, %s: the next wave is not begun',
  async (atomic) => {
    const reached: string[] = []
    const lab = openLab({
      workflow: workflow(`${atomic}, maxFailures: 2`),
      before: (one, name, commands) => {
        if (commands.some((line) => line.includes('commit timer'))) reached.push(name)
        else if (reached[0] === name) one.fault({ kind: 'unreachable', device: name })
      },
    })
    const { code, out, err } = await lab.change()
    const [silent = ''] = reached
    expect(code, (out + err).slice(-800)).toBe(7)
    expect(reached).toEqual([silent])
    expect(out).toMatch(new RegExp(`${silent}\\s+\\? unknown`))
    expect(out + err).toContain(`${silent} could not be put back, so the failure is not tolerated`)
    expect(lab.fabric.devices.filter((one) => whereIs(one) === 'AFTER').map(({ name }) => name)).toEqual([])
  },
)

test('[G4] in a wave that goes one by one none is begun while one that failed is put back', async () => {
  const reached: string[] = []
  const lab = openLab({
    workflow: workflowFor('leaf1 or leaf3', {
      rollout: '{ waves: [2], concurrency: 1, atomic: device, maxFailures: 1 }',
    }),
    before: (one, name, commands) => {
      if (commands.some((line) => line.includes('commit timer'))) reached.push(name)
      else if (reached[0] === name) one.fault({ kind: 'unreachable', device: name })
    },
  })
  const { code, out, err } = await lab.change()
  const [silent = ''] = reached
  expect(code, (out + err).slice(-800)).toBe(7)
  expect(reached).toEqual([silent])
  expect(out).toMatch(new RegExp(`${silent}\\s+\\? unknown`))
})
