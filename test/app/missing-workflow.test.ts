import { expect, test } from 'vitest'
import { startLab } from '../e2e/in-memory.ts'

test.each([
  [
    'a.plan',
    'there is no such saved plan in the project',
    'a plan that is made from a workflow is saved where you say',
  ],
  [
    'add-vlan',
    'there is no such workflow in the project',
    'a workflow is named by its file, as workflows/add-vlan.yaml',
  ],
  [
    'workflows/ad-vlan.yaml',
    'there is no such workflow in the project',
    'name a workflow file or a saved plan inside the project',
  ],
])('what is missing under the name %s is said, and what is written instead', async (name, says, next) => {
  const { code, out, err } = await startLab().eosflow('plan', name)
  expect(code, out + err).toBe(3)
  expect(out + err).toMatch(new RegExp(`^${name}(?::1:1)?: ${says}`))
  expect(out + err).toContain(next)
})
