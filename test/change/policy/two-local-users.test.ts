import { expect, test } from 'vitest'
import { areOneLocalUser, isLocalUser } from '../../../src/change/policy/quorum.ts'

type Human = Parameters<typeof areOneLocalUser>[0][number]

const local = (id: string) => ({ issuer: 'local', id })
const agentOf = (id: string) => ({ issuer: 'mcp', id: 'agent@elsewhere', onBehalfOf: local(id) })

test.each<[string, Human, boolean]>([
  ['a local user', local('local:1000:ann@noc1'), true],
  ['an agent that acts for one', agentOf('local:1000:ann@noc1'), true],
  ['somebody of a provider', { issuer: 'corp', id: 'ann' }, false],
  [
    'an agent that acts for somebody of a provider',
    { issuer: 'mcp', id: 'bot', onBehalfOf: { issuer: 'corp', id: 'ann' } },
    false,
  ],
])('the operating system alone says who somebody is: %s', (_name, principal, expected) => {
  expect(isLocalUser(principal)).toBe(expected)
})

test.each<[string, readonly Human[], boolean]>([
  ['nobody', [], false],
  ['two of one host', [local('local:1000:ann@noc1'), local('local:1001:bob@noc1')], false],
  ['two of two hosts whose names differ in one letter', [local('local:1000:ann@a1'), local('local:1000:ann@b1')], true],
  ['one and an agent of the same host', [local('local:1000:ann@noc1'), agentOf('local:1001:bob@noc1')], false],
  ['one and an agent of another host', [local('local:1000:ann@noc1'), agentOf('local:1001:bob@noc2')], true],
  [
    'one and an agent of the same host that acts for somebody of a provider',
    [
      local('local:1000:ann@noc1'),
      { ...local('local:1001:bot@noc1'), onBehalfOf: { issuer: 'corp', id: 'ann@corp.example' } },
    ],
    false,
  ],
  ['one in a user namespace', [{ ...local('local:0:root@noc1'), userNamespace: true }], true],
  ['one of a provider at another host', [local('local:1000:ann@noc1'), { issuer: 'corp', id: 'ann@noc2' }], false],
])('local users that cannot be distinguished: %s', (_name, people, expected) => {
  expect(areOneLocalUser(people)).toBe(expected)
})
