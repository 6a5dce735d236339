import type { Principal } from './sources.ts'

const corp = (id: string, groups: readonly string[], more: Partial<Principal> = {}): Principal => ({
  issuer: 'corp',
  id,
  kind: 'person',
  auth: 'oidc',
  groups,
  authenticatedAt: '2026-01-05T07:58:00Z',
  ...more,
})

/** Who acts in the table of decisions. All of them logged in two minutes before the labs' clocks begin. */
export const PEOPLE = {
  /** An operator. */
  alice: corp('alice', ['netops']),
  /** Approvers. `bobToo` is a second identity of the human `bob`. */
  bob: corp('bob', ['leads'], { person: 'p-bob' }),
  bobToo: corp('bob.admin', ['leads'], { person: 'p-bob' }),
  carol: corp('carol', ['leads'], { person: 'p-carol' }),
  /** An operator who is an approver, too. */
  zoe: corp('zoe', ['netops', 'leads'], { person: 'p-zoe' }),
  /** An approver whose login is twenty minutes old. */
  lateBob: corp('bob', ['leads'], { person: 'p-bob', authenticatedAt: '2026-01-05T07:40:00Z' }),
  /** Of no group. */
  dave: corp('dave', []),
  /** Whoever may break the glass, now and with a login of ten minutes ago. */
  hero: corp('hero', []),
  lateHero: corp('hero', [], { authenticatedAt: '2026-01-05T07:50:00Z' }),
  /** Whoever may unlock. */
  admin: corp('admin', ['admins']),
  /** A pipeline. */
  ci: { issuer: 'github', id: 'repo:acme', kind: 'service', auth: 'oidc' },
  /** Agents: for themselves, for an operator, for an approver, for nobody of a role. */
  bot: corp('bot', [], { kind: 'agent' }),
  botOfAlice: corp('bot', [], { kind: 'agent', onBehalfOf: { issuer: 'corp', id: 'alice', groups: ['netops'] } }),
  botOfBob: corp('bot', ['leads'], { kind: 'agent', onBehalfOf: { issuer: 'corp', id: 'bob', groups: ['leads'] } }),
  botOfDave: corp('bot', [], { kind: 'agent', onBehalfOf: { issuer: 'corp', id: 'dave' } }),
  /** Somebody of the same name at another issuer. */
  otherAlice: { issuer: 'partner', id: 'alice', kind: 'person', auth: 'oidc', groups: ['netops'] },
  /** The user of the machine. */
  local: { issuer: 'local', id: 'local:1000:ann@box', kind: 'person', auth: 'os' },
} as const satisfies Readonly<Record<string, Principal>>

/** The user of the machine, who runs a server of her own. */
export const ANN: Principal = PEOPLE.local

/** `eosflow.yaml` with the provider that vouches for them: an installation vouches for nobody else. */
export const SETTINGS = `version: 1
identity:
  issuers: [{ name: corp, issuer: https://idp.example/realms/net, audience: https://eosflow.example/api, clientId: eosflow }]
`

/** One of them. */
export type Person = keyof typeof PEOPLE

const OPEN = '{ tz: UTC, days: [mo, tu], from: "07:00", to: "20:00" }'
const CLOSED = '{ tz: UTC, days: [su], from: "07:00", to: "20:00" }'
/** Ten minutes are left of it when the labs' clocks begin; the change of the labs takes twenty seconds and five and a half minutes. */
const SHORT = '{ tz: UTC, days: [mo], from: "07:00", to: "08:05" }'

/** What the policy of the table is changed in. */
export interface Variant {
  readonly window?: 'open' | 'closed' | 'short'
  readonly isFrozen?: true
  /** More rules, as lines of the file. */
  readonly rules?: readonly string[]
}

/** The policy of the table: leaves take one approval, spines two of different people, and an emergency none. */
export function policyWith({ window = 'open', isFrozen, rules = [] }: Variant = {}) {
  const work = { open: OPEN, closed: CLOSED, short: SHORT }[window]
  const freezes =
    isFrozen === true ? '[ { name: winter, from: 2026-01-01T00:00:00Z, to: 2026-02-01T00:00:00Z } ]' : '[]'
  return `version: 1
roles:
  operator: { members: ["corp:group:netops"] }
  approver: { members: ["corp:group:leads"] }
  admin: { members: ["corp:group:admins"] }
  hero: { members: ["corp:sub:hero"], maxAuthAgeSec: 300 }
windows: { work: ${work} }
freezes: ${freezes}
rules:
  - id: plan
    allow: [plan.create, plan.read, execution.read, task.snapshot, task.plan, task.verify]
    to: [operator, approver, hero, "kind:service", "kind:agent"]
  - id: leaf
    allow: [execution.start, execution.stop, task.push, task.confirm, task.rollback]
    to: [operator, "kind:service"]
    on: { tags: ["role:leaf"] }
    when: { window: work, noFreeze: true }
    require: { approvals: { count: 1, from: [approver], notRequester: true, maxAge: 1h } }
  - id: spine
    allow: [execution.start, execution.stop, task.push, task.confirm, task.rollback]
    to: [operator]
    on: { tags: ["role:spine"], maxConcurrent: 1 }
    when: { window: work, noFreeze: true }
    require: { approvals: { count: 2, from: [approver], distinct: person, notRequester: true, notRunner: true } }
  - { id: approve, allow: [plan.approve, plan.reject], to: [approver], when: { maxAuthAgeSec: 900 } }
  - { id: unlock, allow: [device.unlock], to: [admin] }
  - id: emergency
    allow: [breakglass.use, execution.start, task.push, task.confirm, task.rollback]
    to: [hero]
    when: { reason: ticket }
    effects: { notify: [secops], reviewWithin: 24h, maxTtl: 1h }
${rules.map((rule) => `  - ${rule}\n`).join('')}`
}

/** A policy by which a change needs two people of the approvers; whose approvals count for nothing may give them, too. `approving`: the roles that may. */
export const twoApprovers = (approving: string) => `version: 1
roles:
  operator: { members: ["corp:group:netops"] }
  approver: { members: ["corp:group:leads"] }
  helper: { members: ["corp:sub:dave"] }
rules:
  - { id: read, allow: [plan.read, execution.read], to: [operator, approver, helper] }
  - id: change
    allow: [plan.create, execution.start, execution.stop, task.snapshot, task.plan, task.push, task.verify, task.confirm, task.rollback]
    to: [operator]
    require: { approvals: { count: 2, from: [approver], notRequester: true, distinct: person } }
  - { id: approve, allow: [plan.approve, plan.reject], to: [${approving}] }
`
