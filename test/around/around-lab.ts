import { renderConfig } from '../../src/config/render.ts'
import type { Lab } from '../e2e/in-memory.ts'
import { type KilledLab, startKilledLab } from '../fault-model/killed-lab.ts'
import { type FakeServices, fakeServices } from './fake-services.ts'

/** The settings of a project whose five services are these. */
export const SETTINGS = `version: 1
http:
  key: '\${env:HTTP_KEY}'
  hosts:
    - { origin: 'https://alerts.example.com' }
    - { origin: 'https://graphs.example.com', secrets: ['\${env:GRAFANA_TOKEN}'] }
    - { origin: 'https://changes.example.com' }
    - { origin: 'https://issues.example.com' }
    - { origin: 'https://netbox.example.com' }
around:
  alerts: { kind: alertmanager, url: 'https://alerts.example.com' }
  graphs: { kind: grafana, url: 'https://graphs.example.com', headers: { Authorization: 'Bearer \${env:GRAFANA_TOKEN}' } }
  changes: { kind: servicenow, url: 'https://changes.example.com', close: { state: '0', close_code: successful } }
  issues: { kind: jira, url: 'https://issues.example.com', must: { status: [Approved] }, close: { status: Done } }
  netbox: { kind: netbox, url: 'https://netbox.example.com' }
`

/** All that a workflow can name around a change. */
export const ALL = `around:
  - { silence: alerts, matchers: [{ name: instance, value: '{{ device.name }}:9116' }, { name: severity, value: warning }], for: 30m }
  - { annotate: graphs, tags: ['{{ ticket }}'] }
  - { ticket: changes, number: '{{ ticket }}' }
  - { ticket: issues, number: NET-140 }
  - { journal: netbox }
`

/** A workflow whose change is these lines, with this around it. */
export const workflowAround = (around: string, lines: string): string => `name: told
targets: leaf1 or leaf2
params:
  ticket: { type: string, default: CHG0030001 }
change: { lines: ${lines} }
${around}steps:
  - snapshot: { state: [vlan], neighbors: 0 }
  - plan
  - approve
  - push: { confirmWithin: 10m }
  - verify: { within: 1m, stableFor: 10s, every: 5s, checks: [{ vlans-present: { vlans: [998] } }] }
  - confirm
`

/** A change that is good. */
export const GOOD = "['vlan 998', '   name TESTED']"
/** A change whose verification fails: the switches are put back. */
export const BAD = "['vlan 997', '   name TESTED']"

/** A lab with services around its changes, whose processes can be killed. */
export function aroundLab({
  around = ALL,
  lines = GOOD,
  stop = new AbortController().signal,
}: {
  readonly around?: string
  readonly lines?: string
  readonly stop?: AbortSignal
} = {}): KilledLab & { readonly services: FakeServices } {
  const services = fakeServices()
  const killed = startKilledLab({
    workflow: workflowAround(around, lines),
    files: { 'eosflow.yaml': SETTINGS },
    stop,
    env: { HTTP_KEY: 'k'.repeat(64), GRAFANA_TOKEN: 'wren-2210-secret' },
    seams: (seams) => ({ ...seams, http: () => services.http }),
  })
  return { ...killed, services }
}

/** What of a change to VLANs runs on a switch now. */
export function vlansOf(lab: Lab, name: string): boolean {
  return /^vlan 99[78]$/m.test(renderConfig(lab.fabric.device(name).switch.config.running))
}
