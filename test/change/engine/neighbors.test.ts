import { expect, test } from 'vitest'
import { namesIn } from '../../../src/change/engine/neighbors.ts'

const named = (inventory: readonly string[], heard: string) => namesIn(inventory)(heard)

test.each<[readonly string[], string, string | undefined]>([
  [['spine1', 'spine2'], 'spine1', 'spine1'],
  [['spine1', 'spine2'], 'Spine1.dc1.example', 'spine1'],
  [['spine1.dc1.example', 'spine2'], 'spine1', 'spine1.dc1.example'],
  [['spine1.dc1.example', 'spine1.dc2.example'], 'spine1.dc1.example', 'spine1.dc1.example'],
  [['spine1.dc1.example', 'spine1.dc2.example'], 'spine1.dc2.example', 'spine1.dc2.example'],
  [['spine1.dc1.example', 'spine1.dc2.example'], 'spine1', undefined],
  [['spine1'], 'spine11', undefined],
  [[], 'spine1', undefined],
])('in an inventory of %j, %s is %s', (inventory, heard, name) => {
  expect(named(inventory, heard)).toBe(name)
})
