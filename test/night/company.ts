import { flagship } from '../../src/features/demo/demo-workflows.ts'
import { AUDIENCE } from '../project/identity/test-provider.ts'

/** The leaf on which somebody has mistyped, and the AS numbers: of the spines, and what was typed. */
export const [LEAF, RIGHT_AS, WRONG_AS] = ['leaf3', 65000, 65001] as const

/** The secrets of the night. They are in the environment of the server, and in no file. */
export const SECRETS = {
  ALERTS_HOOK: `whsec_${Buffer.from('alerts-of-the-night-0123456789ab').toString('base64')}`,
  NOTICES_HOOK: `whsec_${Buffer.from('notices-of-the-night-0123456789a').toString('base64')}`,
  ROBOT_SECRET: 'robot-secret-0123456789',
  WATCH_SECRET: 'watch-secret-0123456789',
} as const

/** Where everything listens. */
export interface Addresses {
  readonly issuer: string
  readonly port: number
  readonly metrics: number
  /** Where notices are sent. */
  readonly notices: string
}

/** `eosflow.yaml` of the company. */
export function settingsOf({ issuer, port, metrics, notices }: Addresses) {
  const provider = `issuer: "${issuer}", audience: "${AUDIENCE}"`
  return `version: 1
inventory: inventory.yaml
server: { listen: "127.0.0.1:${port}" }
metrics: { listen: "127.0.0.1:${metrics}" }
identity:
  issuers:
    - { name: corp, ${provider}, clientId: eosflow, web: { clientId: eosflow-page } }
    - { name: agents, ${provider}, kind: service, clientId: robot, clientSecret: '\${env:ROBOT_SECRET}', mcp: { clients: [robot] } }
    - { name: watch, ${provider}, kind: service, clientId: watch, clientSecret: '\${env:WATCH_SECRET}' }
events:
  - name: alerts
    verify: { standardWebhooks: '\${env:ALERTS_HOOK}' }
    on: { status: firing, commonLabels.team: network }
    plan: { workflow: workflows/isolate-leaf.yaml, params: { leaf: '{% $event.data.commonLabels.instance %}' } }
notify:
  link: http://localhost:${port}
  targets:
    - { name: night, webhook: '${notices}', secret: '\${env:NOTICES_HOOK}' }
  rules:
    - { severity: info, to: [night] }
`
}

/** `policy.yaml`: the agent reads, plans and asks; whoever is on call approves with a passkey, and starts. */
export const POLICY = `version: 1
roles:
  oncall: { members: ["corp:sub:ben"] }
  watch: { members: ["watch:sub:watch"] }
  alerts: { members: ["hook:alerts"] }
rules:
  - { id: read, allow: [workflow.list, plan.read, execution.read, task.snapshot], to: [oncall, "kind:agent"] }
  - { id: look, allow: [task.snapshot, baseline.set], to: [watch] }
  - { id: plan, allow: [plan.create, task.snapshot, task.plan], to: [alerts, "kind:agent"] }
  - { id: ask, allow: [approval.request], to: ["kind:agent"] }
  - id: change
    allow: [execution.start, execution.stop, task.plan, task.push, task.verify, task.confirm, task.rollback]
    to: [oncall]
    require: { approvals: { count: 1, from: [oncall], notRequester: true, proof: [passkey] } }
  - { id: approve, allow: [plan.approve, plan.reject], to: [oncall] }
  - { id: record, allow: [audit.read], to: [watch] }
`

/** What the alert makes a plan of: the standing answer to a leaf without its spines. */
const ISOLATE = `# Takes a leaf out of the fabric: the other leaf of its pair carries on.
name: isolate-leaf
params:
  leaf: { type: string, enum: [leaf1, leaf2, leaf3, leaf4] }
targets: role:leaf
change: { mode: merge, template: templates/isolate-leaf.j2 }
steps:
  - snapshot: { state: [interfaces, bgp, lldp, mlag] }
  - plan
  - approve
  - push: { confirmWithin: 5m }
  - verify: { within: 1m, stableFor: 10s, checks: [reachable, mlag-healthy] }
  - confirm
`

const ISOLATE_TEMPLATE = `{% if device.name == leaf %}
interface Ethernet49/1
   shutdown
interface Ethernet50/1
   shutdown
{% endif %}
`

/** What the agent plans: one line, and the sessions must come up. */
const UNDERLAY = `# Sets the AS number of the spines in the underlay of leaves, and demands that their sessions come up.
name: underlay-as
params:
  spineAs: { type: integer, minimum: 1, maximum: 4294967295 }
targets: role:leaf
change:
  mode: merge
  lines:
    - router bgp {{ device.tags.asn }}
    - neighbor IPv4-UNDERLAY-PEERS remote-as {{ spineAs }}
steps:
  - snapshot: { state: [interfaces, bgp, lldp, mlag] }
  - plan
  - approve
  - push: { confirmWithin: 2m }
  - verify:
      within: 8s
      stableFor: 2s
      every: 2s
      checks: [reachable, bgp-established, mlag-healthy, interfaces-up, lldp-as-before]
  - confirm
`

/** The workflows of the company by their paths. */
export const WORKFLOWS = {
  'workflows/add-vlan.yaml': flagship().text,
  'workflows/isolate-leaf.yaml': ISOLATE,
  'workflows/templates/isolate-leaf.j2': ISOLATE_TEMPLATE,
  'workflows/underlay-as.yaml': UNDERLAY,
} as const

/** Alertmanager's notification about the leaf (https://prometheus.io/docs/alerting/latest/configuration/, webhook_config). */
export function alertOf(startsAt: string, status: 'firing' | 'resolved' = 'firing'): object {
  const labels = { alertname: 'BgpSessionDown', instance: LEAF, team: 'network', severity: 'page' }
  return {
    version: '4',
    groupKey: `{}:{alertname="BgpSessionDown", instance="${LEAF}"}`,
    status,
    receiver: 'eosflow',
    groupLabels: { alertname: 'BgpSessionDown', instance: LEAF },
    commonLabels: labels,
    commonAnnotations: { summary: `${LEAF} has lost its sessions to both spines` },
    externalURL: 'https://alerts.example.com',
    alerts: ['10.0.1.4', '10.0.2.4'].map((peer) => ({ status, labels: { ...labels, peer }, startsAt })),
  }
}
