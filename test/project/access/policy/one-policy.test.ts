import { expect, test } from 'vitest'
import { underOnePolicy } from '../../../../src/project/access/policy/entry.ts'
import type { App } from '../../../lab/lab.ts'

/** A project that counts how often its files are read, and of which the policy may be wrong. */
function project(policy: () => unknown) {
  const read = { policy: 0, inventory: 0 }
  return {
    read,
    policy: () => {
      read.policy += 1
      return policy()
    },
    inventory: () => {
      read.inventory += 1
      return { devices: [] }
    },
  }
}

test('the files of a policy and of an inventory are read once for one answer, and where somebody asks', () => {
  const files = project(() => {
    throw new Error('this file is wrong')
  })
  const published = project(() => undefined)
  const app = underOnePolicy({ project: { ...files, inForce: published } } as unknown as App)
  expect([files.read, published.read]).toEqual([
    { policy: 0, inventory: 0 },
    { policy: 0, inventory: 0 },
  ])
  const { inForce } = app.project
  expect([inForce?.policy(), inForce?.policy()]).toEqual([undefined, undefined])
  expect(inForce?.inventory()).toBe(inForce?.inventory())
  expect([files.read.policy, published.read]).toEqual([0, { policy: 1, inventory: 1 }])
  expect(() => app.project.policy()).toThrow('this file is wrong')
})
