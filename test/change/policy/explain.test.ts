import { expect, test } from 'vitest'
import type { PolicyRequest } from '../../../src/change/policy/decide.ts'
import { explain } from '../../../src/change/policy/explain.ts'
import { readPolicy } from '../../../src/change/policy/read-policy.ts'
import type { Principal } from '../../../src/model/principal.ts'

const read = readPolicy(
  `version: 1
roles: { operator: { members: ["corp:group:netops"] }, lead: { members: ["corp:group:leads"] } }
windows: { night: { tz: UTC, days: [mo], from: "22:00", to: "23:00" } }
rules:
  - { id: leaf, allow: [task.push], to: [operator], on: { tags: [leaf] }, when: { window: night } }
  - { id: fresh, allow: [task.push], to: [operator], when: { maxAuthAgeSec: 60 } }
  - { id: border, deny: [task.push], to: [operator], on: { devices: [border1] } }
  - { id: others, allow: [plan.read], to: [operator] }
  - { id: glass, allow: [breakglass.use, task.push], to: [operator, lead], when: { reason: ticket } }
`,
  'policy.yaml',
)
if (!read.ok) throw new Error(read.problems.map(({ message }) => message).join())
const POLICY = { ...read.value, rules: read.value.rules.filter(({ id }) => !id.startsWith('builtin-')) }

const who = (...groups: readonly string[]): Principal => ({
  issuer: 'corp',
  id: 'u1',
  kind: 'person',
  auth: 'oidc',
  groups,
})
const LEAF = { name: 'leaf1', tags: { role: 'leaf' } }
const BORDER = { name: 'border1', tags: {} }
const MONDAY = (clock: string) => Date.parse(`2026-01-05T${clock}Z`)

const accounts = (given: Partial<PolicyRequest> & { readonly device?: typeof LEAF | typeof BORDER }) => {
  const { device, ...more } = given
  const request = {
    principal: who('netops'),
    action: 'task.push',
    devices: [],
    at: MONDAY('22:30:00'),
    ...more,
  } as const
  return explain(POLICY, request, device).map(({ rule, comes, why }) => `${rule} ${comes}: ${why}`)
}

const FRESH = 'fresh fails: the last login must be less than 60 s ago'
const NOT_BORDER = 'border does-not-apply: it is not about leaf1'
const UNBROKEN = 'glass does-not-apply: it is for --break-glass'

test.each<[string, Parameters<typeof accounts>[0], readonly string[]]>([
  ['a leaf at night', { device: LEAF }, ['leaf allows: all its conditions are met', FRESH, NOT_BORDER, UNBROKEN]],
  [
    'a leaf by day',
    { device: LEAF, at: MONDAY('12:00:00') },
    ['leaf fails: the window `night` is not open; it opens at 2026-01-05T22:00:00.000Z', FRESH, NOT_BORDER, UNBROKEN],
  ],
  [
    'a leaf by day, where the change is live already',
    { device: LEAF, at: MONDAY('12:00:00'), underway: true },
    ['leaf allows: all its conditions are met', FRESH, NOT_BORDER, UNBROKEN],
  ],
  [
    'a switch that is denied',
    { device: BORDER },
    [
      'leaf does-not-apply: it is not about border1',
      FRESH,
      'border denies: it denies this whatever else allows it',
      UNBROKEN,
    ],
  ],
  [
    'no switch',
    {},
    ['leaf does-not-apply: it is not about this', FRESH, 'border does-not-apply: it is not about this', UNBROKEN],
  ],
  [
    'a broken glass',
    { device: LEAF, breakGlass: { reason: 'INC-1', since: MONDAY('22:30:00') } },
    ['leaf allows: all its conditions are met', FRESH, NOT_BORDER, 'glass allows: all its conditions are met'],
  ],
  [
    'somebody of another role',
    { device: LEAF, principal: who('leads') },
    [
      'leaf does-not-apply: it is for operator, and not for lead, kind:person',
      'fresh does-not-apply: it is for operator, and not for lead, kind:person',
      'border does-not-apply: it is for operator, and not for lead, kind:person',
      UNBROKEN,
    ],
  ],
  [
    'somebody of no role',
    { device: LEAF, principal: who() },
    [
      'leaf does-not-apply: it is for operator, and not for kind:person without a role',
      'fresh does-not-apply: it is for operator, and not for kind:person without a role',
      'border does-not-apply: it is for operator, and not for kind:person without a role',
      'glass does-not-apply: it is for operator, lead, and not for kind:person without a role',
    ],
  ],
])('the result of every rule: %s', (_name, given, expected) => {
  expect(accounts(given)).toEqual(expected)
})
