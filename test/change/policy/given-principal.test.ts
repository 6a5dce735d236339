import { expect, test } from 'vitest'
import { givenPrincipal } from '../../../src/change/policy/given-principal.ts'

const NOON = Date.UTC(2026, 0, 5, 12)
const noon = '2026-01-05T12:00:00.000Z'

test.each([
  [
    'corp:sub:alice,corp:group:netops',
    { issuer: 'corp', id: 'alice', kind: 'person', auth: 'oidc', groups: ['netops'] },
  ],
  [
    'corp:group:netops, corp:group:leads',
    { issuer: 'corp', id: 'somebody', kind: 'person', auth: 'oidc', groups: ['netops', 'leads'] },
  ],
  ['kind:service,github:sub:repo', { issuer: 'github', id: 'repo', kind: 'service', auth: 'oidc', groups: [] }],
  ['kind:agent', { issuer: 'local', id: 'somebody', kind: 'agent', auth: 'os', groups: [] }],
  ['ssh:sub:key', { issuer: 'ssh', id: 'key', kind: 'person', auth: 'ssh', groups: [] }],
  ['local:1000:alice@noc1', { issuer: 'local', id: 'local:1000:alice@noc1', kind: 'person', auth: 'os', groups: [] }],
])('%s is somebody who has just logged in', (text, expected) => {
  expect(givenPrincipal(text, NOON)).toEqual({ ...expected, authenticatedAt: noon })
})

test.each([
  ['a word without a colon', 'alice'],
  ['an empty text', ''],
  ['a kind that is none', 'kind:robot'],
  ['two kinds', 'kind:person,kind:agent'],
  ['two of one issuer', 'corp:sub:alice,corp:sub:bob'],
  ['one of an issuer and a local one', 'corp:sub:alice,local:1000:alice@noc1'],
  ['a group of another issuer', 'corp:sub:alice,other:group:netops'],
])('%s is nobody', (_name, text) => {
  expect(givenPrincipal(text, NOON)).toBeUndefined()
})
