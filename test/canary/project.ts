import type { RunningFabric } from '../../src/trial/start-fabric.ts'
import { ROLLED_OUT } from '../e2e/rolled-out.ts'
import { running } from '../e2e/two-leaves.ts'
import { canaryLines } from './canaries.ts'
import { INLINE_VAULT, WHOLE_VAULT } from './vaulted.ts'

/** Those of the canary lines that a change may carry. */
const CHANGED = /^(?:snmp-server (?:community|host)|ntp|service)/

/** What a project speaks to, and where its secrets lie. */
export interface Surroundings {
  readonly fabric: RunningFabric
  /** The service that the task `http` asks. */
  readonly origin: string
  /** The address of Vault. */
  readonly vault: string
  readonly secretsDir: string
  /** A secret that a mocked task answers. */
  readonly token: string
  /** The password of a login in the inventory of Ansible. */
  readonly clearLogin: string
}

/** The files of the project: settings, inventory, workflows and their templates, configurations and a raw machine. */
export function projectFiles({
  fabric,
  origin,
  vault,
  secretsDir,
  token,
  clearLogin,
}: Surroundings): Readonly<Record<string, string>> {
  const [leaf1, leaf2] = [fabric.device('leaf1'), fabric.device('leaf2')]
  return {
    'eosflow.yaml': `version: 1
http:
  key: \${env:CNRY_HTTP_KEY}
  hosts:
    - { origin: '${origin}', secrets: ['\${env:CNRY_TOKEN}'] }
secrets:
  exec:
    cat: { command: [/bin/cat, '{key}'] }
  vault: { address: '${vault}', login: { token: '\${env:CNRY_VAULT}' } }
`,
    'ca.pem': fabric.ca,
    'inventory.yaml': `sources:
  - { ansible: ansible/hosts.yml, only: all, vault: '\${env:CNRY_SOURCE}' }
credentials:
  people: { username: admin, password: '\${env:CNRY_PASSWORD}', enable: '\${file:${secretsDir}/enable}' }
  robot: { username: robot, key: '\${file:${secretsDir}/key}', passphrase: '\${env:CNRY_PASSPHRASE}' }
  reader: { username: reader, password: '\${exec:cat?${secretsDir}/reader}' }
  vaulted: { username: vaulted, password: '\${vault:kv/data/net/leaf2#password}' }
devices:
  leaf1:
    { host: 127.0.0.1, port: ${leaf1.https.port}, tls: { ca: ca.pem }, credentials: people, readCredentials: reader, tags: { role: leaf } }
  leaf2:
    { host: ${leaf2.ssh.host}, port: ${leaf2.ssh.port}, transport: ssh, ssh: { hostKey: '${leaf2.ssh.hostKey}' }, credentials: robot, readCredentials: vaulted, tags: { role: leaf } }
`,
    'ansible/hosts.yml': 'all: { hosts: { leaf1: {}, leaf2: {} } }\n',
    'ansible/group_vars/all.yml': `ansible_password: ${clearLogin}\ninline_secret: !vault |\n${INLINE_VAULT.replace(/^/gm, '  ')}\n`,
    'ansible/host_vars/leaf1.yml': `${WHOLE_VAULT}\n`,
    'workflows/from-vault.yaml': workflow('from-vault', 'template: from-vault.j2', 'reachable'),
    'workflows/from-vault.j2':
      'snmp-server contact {{ device.vars.inline_secret }}\nsnmp-server location {{ device.vars.whole_secret | default("none-here") }}\n',
    'workflows/vlan.yaml': workflow('vlan', 'template: vlan.j2', "vlans-present: { vlans: ['{{ vlan }}'] }"),
    'workflows/fails.yaml': workflow('fails', 'template: vlan.j2', "vlans-present: { vlans: ['999'] }"),
    'workflows/whole.yaml': workflow('whole', 'template: whole.j2', 'reachable', 'replace'),
    'forbidden.yaml': workflow('forbidden', 'template: change.cfg', 'reachable'),
    'workflows/vlan.j2': `vlan {{ vlan }}\n   name {{ label }}\n${canaryLines(2)
      .filter((line) => CHANGED.test(line))
      .join('\n')}\n`,
    'workflows/whole.j2': running('{{ device.name }}', 1).replace(/^!.*\n/gm, ''),
    'workflows/expected.yaml': workflow('expected', 'lines: [vlan 146]', '').replace(
      'checks: []',
      'expect: { vlan: { added: [146] }, everythingElse: unchanged }',
    ),
    'workflows/keeping.yaml': workflow('keeping', 'lines: [vlan 147]', snmpHost('cNry2TrapC0mmunity')),
    'checks.yaml': catalog,
    'inputs.yaml': `{ command: show running-config, format: text, that: "$ = 'x'" }\n`,
    'diffs.txt': `--- flash:/startup-config\n+++ system:/running-config\n${canaryLines(2)
      .map((line) => `+${line}\n`)
      .join('')}`,
    'asking.yaml': asking(origin, '/works', 991),
    'refused.yaml': asking(origin, '/fails', 992),
    'broken.yaml': asking(origin, '/breaks', 993),
    'with-secrets.cfg': `hostname leaf9\n!\n${canaryLines(1).join('\n')}\n!\nend\n`,
    'change.cfg': `${canaryLines(2).join('\n')}\n`,
    'machine.asl.yaml':
      'StartAt: Ask\nStates:\n  Ask: { Type: Task, Resource: "arn:aws:states:::lambda:invoke", End: true }\n',
    'mocks.yaml': `Ask:\n  - output: { answer: ${JSON.stringify(token)} }\n`,
  }
}

/** What is expected of the host that gets the traps of a canary. */
const snmpHost = (community: string): string =>
  `VerifySnmpNotificationHost: { notification_hosts: [{ hostname: 10.9.0.1, version: v2c, community_string: '${community}' }] }`

/** Members of the configuration whose names begin so, as an assertion quotes them. */
const quoting = (that: string): string => `  - assert: { command: show running-config, that: "${that}" }\n`

/** Checks that say what is configured, of every canary: lines of a difference, what patterns capture, values of a model. */
const catalog = `anta.tests.configuration:
  - VerifyRunningConfigDiffs:
  - VerifyRunningConfigLines: { regex_patterns: ['^tacacs-server key 7 1C0441EE1F0A1B2C3D4E5F$'] }
  - VerifyRunningConfig:
      rules:
        - entries:
            - { match: 'snmp-server community (\\S+)', mode: regex, threshold: { value: 1 } }
            - { match: 'username gina .* secret (.*)', mode: regex, threshold: { value: 1 } }
            - { match: 'tacacs-server host 10.9.0.3 vrf MGMT key 7 1C0441EE1F0B1B2C3D4E5F' }
            - { match: 'radius-server key 7 1C0441EE2F0C1B2C3D4E5F', absent: true }
anta.tests.snmp:
  - ${snmpHost('cNry1TrapC0mmunity')}
  - VerifySnmpNotificationHost: { notification_hosts: [{ hostname: 10.9.0.2, vrf: MGMT, notification_type: inform, version: v3, user: nms }] }
anta.tests.logging:
  - VerifyLoggingErrors:
eosflow:
${[...Array(46).keys()]
  .map((index) => quoting(`$keys(cmds)[${index}] = 'x'`))
  .join('')}${quoting(`$keys($lookup(cmds, 'router bgp 65101').cmds) = 'x'`)}${quoting(
  `$substringAfter($keys(cmds)[$contains($, 'server community')][0], 'community ') = 'x'`,
)}  - assert: { command: 'show running-config | include secret', format: text, that: "$ = 'x'" }
  - expected-change: { areas: [vlan], everythingElse: unchanged }
`

const workflow = (name: string, change: string, check: string, mode = 'merge'): string => `name: ${name}
params:
  vlan: { type: integer, minimum: 2, maximum: 4094, default: 120 }
  label: { type: string, default: TENANT-A }
targets: role:leaf
change: { mode: ${mode}, ${change} }
rollout: { waves: [1] }
steps:
  - snapshot: { state: [interfaces, vlan] }
  - plan
  - approve: { expires: 4h }
  - push: { confirmWithin: 2m }
  - verify: { within: 2s, stableFor: 0s, every: 1s, checks: [${check}] }
  - confirm
`

/** A change that asks the service first, and keeps what it said. */
const asking = (origin: string, path: string, vlan: number): string => `name: asking
targets: leaf1
change: { mode: merge, lines: [vlan ${vlan}] }
startAt: TakeSnapshot
states:
  TakeSnapshot: { Type: Task, Resource: eosflow:snapshot, Next: PlanChange }
  PlanChange: { Type: Task, Resource: eosflow:plan, Next: Ask }
  Ask:
    Type: Task
    Resource: eosflow:http
    Arguments:
      method: GET
      url: ${origin}${path}
      headers: { authorization: 'Bearer \${env:CNRY_TOKEN}' }
    Assign: { said: '{% $states.result.body %}' }
    Next: ApproveChange
  ApproveChange: { Type: Task, Resource: eosflow:approve, Next: RollOut }
${ROLLED_OUT}`
