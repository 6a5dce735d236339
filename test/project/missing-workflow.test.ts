import { expect, test } from 'vitest'
import { exits, openLab } from '../lab/lab.ts'

test.each([
  [
    'a.plan',
    'there is no such saved plan in the project',
    'a plan that is made from a workflow is saved where you say',
  ],
  ['add-vlan', 'this workflow is shipped, and not in the project', 'init adds it to a project'],
  [
    'our-vlan',
    'there is no such workflow in the project',
    'a workflow is named by its file, as workflows/our-vlan.yaml',
  ],
  [
    'workflows/ad-vlan.yaml',
    'there is no such workflow in the project',
    'name a workflow file or a saved plan inside the project',
  ],
])('[U25] what is missing under the name %s is said, and what is written instead', async (name, says, next) => {
  const { out, err } = await exits(3, openLab().eosflow('plan', name))
  expect(out + err).toMatch(new RegExp(`^✖ ${name}(?::1:1)?: ${says}`))
  expect(out + err).toContain(next)
})
