import { expect, test } from 'vitest'
import { memberName, type Policy, rolesOf } from '../../../src/change/policy/policy.ts'
import { schedulePrincipal } from '../../../src/features/schedule/occurrence.ts'
import { identityOf } from '../../../src/model/principal.ts'
import { PEOPLE, partOf } from '../../lab/lab.ts'

test('the policy names a schedule by its word, and so does the record', () => {
  const roles = { looks: { members: ['schedule:nightly'] }, services: { members: ['kind:service'] } }
  const policy = partOf<Policy>({ roles })
  expect(rolesOf(policy, schedulePrincipal('nightly'), 0)).toEqual(['looks', 'services'])
  expect(rolesOf(policy, schedulePrincipal('weekly'), 0)).toEqual(['services'])
  // Somebody at a provider who is called so is somebody else.
  expect(rolesOf(policy, { issuer: 'corp', id: 'schedule:nightly', kind: 'person', auth: 'oidc' }, 0)).toEqual([])
  expect([identityOf, memberName].map((named) => named(schedulePrincipal('nightly')))).toEqual([
    'schedule:nightly',
    'schedule:nightly',
  ])
})

test('whoever starts a schedule by hand is behind it, and behind an agent the person for whom it acts', () => {
  const { zoe, botOfAlice, ci } = PEOPLE
  expect(schedulePrincipal('nightly', zoe)).toEqual({
    issuer: 'schedule',
    id: 'schedule:nightly',
    kind: 'service',
    auth: 'os',
    onBehalfOf: { issuer: 'corp', id: 'zoe', groups: ['netops', 'leads'], person: 'p-zoe' },
    authenticatedAt: '2026-01-05T07:58:00Z',
  })
  expect(schedulePrincipal('nightly', botOfAlice).onBehalfOf).toEqual({
    issuer: 'corp',
    id: 'alice',
    groups: ['netops'],
  })
  // Behind a pipeline there is nobody.
  expect(schedulePrincipal('nightly', ci)).toEqual(schedulePrincipal('nightly'))
})
