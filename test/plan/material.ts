import { signingKeyOf } from '../../src/model/ed25519.ts'
import type { PlanDefinition } from '../../src/plan/definition.ts'
import { makePlan } from '../../src/plan/make-plan.ts'
import { offlineEvidence } from '../../src/plan/offline.ts'
import type { Plan } from '../../src/plan/plan.ts'
import { renderedChange } from '../../src/plan/rendered.ts'
import type { DeviceEvidence } from '../../src/task/context.ts'
import type { RenderedChange } from '../../src/task/rendered-change.ts'
import { running } from '../e2e/two-leaves.ts'

const target = (n: number): PlanDefinition['targets'][number] => ({
  name: `leaf${n}`,
  host: `192.0.2.1${n}`,
  port: 443,
  transport: 'eapi',
  protocol: 'https',
  tls: { mode: 'ca', file: 'certs/ca.pem' },
})

const TIMERS = { confirmWithin: 600, verifyWithin: 180, stableFor: 30, every: 5 }

/** What a plan of three leaves takes from its project. */
export const DEFINITION: PlanDefinition = {
  workflow: {
    name: 'add-vlan',
    file: 'workflows/add-vlan.yaml',
    digest: `sha256:${'11'.repeat(32)}`,
    params: { vlan: 120, label: 'TENANT-A' },
  },
  inventory: { content: { read: {} }, evidence: {} },
  targets: [target(1), target(2), target(3)],
  credentials: { leaf1: 'lab', leaf2: 'lab', leaf3: 'lab' },
  rollout: {
    waves: [1, '100%'],
    redundant: {},
    together: false,
    pairs: 'apart',
    concurrency: 10,
    atomic: 'change',
    maxFailures: 0,
  },
  timers: { ...TIMERS, derived: { within: false, stableFor: false } },
  terms: { atomic: 'change', concurrency: 10, timers: { ...TIMERS, perRound: 180, perWave: 0, soak: 0 } },
  checks: [{ name: 'vlans-present', input: { vlans: ['120'] } }],
  approve: { expires: 14_400 },
  allow: [],
  policy: null,
  offline: false,
  requester: { issuer: 'local', id: 'local:1000:alice@noc1', kind: 'person', auth: 'os' },
  createdAt: '2026-01-05T08:00:00.000Z',
  toolVersion: '0.1.0',
  key: '5e'.repeat(32),
  sealing: { key: signingKeyOf(Buffer.alloc(32, 1)), store: 'eosflow.audit/0123456789abcdef', anyStore: false },
}

/** The lines of a merge, as a template renders them, in a workflow that may touch the management path. */
export const merge = (...lines: readonly string[]): RenderedChange => rendered('merge', lines)

/** A whole configuration, as a file gives it. */
export const replace = (text: string): RenderedChange => rendered('replace', text.trimEnd().split('\n'))

function rendered(mode: RenderedChange['mode'], lines: readonly string[]): RenderedChange {
  const change = renderedChange({ mode, lines, file: 'workflows/vlan.j2' }, ['management', 'unknown-lines'])
  if (change.ok) return change.value
  throw new Error(change.problems.map(({ message }) => message).join('\n'))
}

/** What leaf `n` shows for a change; its secrets are the canaries of `running`. */
export function evidenceOf(n: number, change: RenderedChange, more: Partial<DeviceEvidence> = {}): DeviceEvidence {
  const identity = {
    serial: `JPE0000000${n}`,
    systemMac: `00:1c:73:00:00:0${n}`,
    eos: '4.32.2F',
    model: 'DCS-7050SX3-48YC8',
  }
  const device = {
    name: `leaf${n}`,
    identity,
    running: running(`leaf${n}`, n),
    startupDiff: '',
    state: { vlan: { '110': 'PROD-WEB' } },
  }
  return { ...offlineEvidence(device, change), ...more }
}

/** A VLAN and the port that it is for. */
export const VLAN_120: readonly string[] = [
  'vlan 120',
  '   name TENANT-A',
  'interface Ethernet2',
  '   switchport access vlan 120',
]

/** The plan of most tests: leaf1 and leaf2 change alike, leaf3 already is as it shall be. */
export const EVIDENCE: readonly DeviceEvidence[] = [
  evidenceOf(1, merge(...VLAN_120)),
  evidenceOf(2, merge(...VLAN_120)),
  evidenceOf(3, merge('vlan 110', '   name PROD-WEB')),
]

/** The plan of a definition and its evidence, each changed in some way. */
export function planOf(definition: Partial<PlanDefinition> = {}, evidence: readonly DeviceEvidence[] = EVIDENCE): Plan {
  return makePlan({ ...DEFINITION, ...definition }, evidence)
}
