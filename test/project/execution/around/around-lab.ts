import { renderConfig } from '../../../../src/eos/config/text/parse.ts'
import type { HttpPort } from '../../../../src/model/http-port.ts'
import { type Lab, openLab } from '../../../lab/lab.ts'
import { type FakeServices, fakeServices, SECRETS, settingsOf } from './fake-services.ts'

/** All that a workflow can name around a change. */
export const ALL = `around:
  - { silence: alerts, matchers: [{ name: instance, value: '{{ device.name }}:9116' }, { name: severity, value: warning }], for: 30m }
  - { annotate: graphs, tags: ['{{ ticket }}'] }
  - { ticket: changes, number: '{{ ticket }}' }
  - { ticket: issues, number: NET-140 }
  - { journal: netbox }
`

/** A workflow whose change is these lines, with this around it. */
export const workflowAround = (around: string, lines: string, targets = 'leaf1 or leaf2') => `name: told
targets: ${targets}
params:
  ticket: { type: string, default: CHG0030001 }
change: { lines: ${lines} }
${around}steps:
  - snapshot: { state: [vlan], neighbors: 0 }
  - plan
  - approve
  - push: { confirmWithin: 10m }
  - verify: { within: 1m, stableFor: 0s, every: 5s, checks: [{ vlans-present: { vlans: [998] } }] }
  - confirm
`

/** A change that is good. */
export const GOOD = "['vlan 998', '   name TESTED']"
/** A change whose verification fails: the switches are put back. */
export const BAD = "['vlan 997', '   name TESTED']"

/** A lab with services around its changes, whose processes can be killed. */
export async function aroundLab({
  around = ALL,
  rollout = '',
  lines = GOOD,
  targets = 'leaf1 or leaf2',
  stop = new AbortController().signal,
  clientOf = (http) => http,
}: {
  readonly around?: string
  /** A line of the workflow. */
  readonly rollout?: string
  readonly lines?: string
  readonly targets?: string
  readonly stop?: AbortSignal
  /** What else is between the command and its client. */
  readonly clientOf?: (http: HttpPort) => HttpPort
} = {}): Promise<{ readonly lab: Lab; readonly services: FakeServices }> {
  const services = await fakeServices()
  const lab = openLab({
    workflow: workflowAround(`${rollout}${around}`, lines, targets),
    files: { 'eosflow.yaml': settingsOf(services) },
    stop,
    env: { HTTP_KEY: 'k'.repeat(64), ...SECRETS },
    seams: (seams) => ({ ...seams, http: (http) => clientOf(services.clientOf(http)) }),
  })
  return { lab, services }
}

/** What of a change to VLANs runs on a switch now. */
export function vlansOf(lab: Lab, name: string) {
  return /^vlan 99[78]$/m.test(renderConfig(lab.device(name).switch.config.running))
}
