import { expect, test } from 'vitest'
import { sharedKinds } from '../../../src/change/policy/approval-case.ts'

test('the kinds that several demands share are those that each of them lists', () => {
  const of = (...kinds: readonly string[]) => ({ carry: { kinds } })
  expect(sharedKinds([of('vlan.name', 'svi.description'), of('svi.description', 'loopback.description')])).toEqual([
    'svi.description',
  ])
  expect(sharedKinds([of('vlan.name')])).toEqual(['vlan.name'])
  expect(sharedKinds([of('vlan.name'), {}])).toEqual([])
  expect(sharedKinds([{}, of('vlan.name')])).toEqual([])
  expect(sharedKinds([])).toEqual([])
})
