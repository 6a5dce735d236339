import { chmodSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { Terminal } from '../../src/doors/cli/terminal/io.ts'
import type { FabricDevice } from '../../src/eos/sim/fabric/fabric.ts'
import { type RunningFabric, startFabric } from '../../src/lab/trial/start-fabric.ts'
import { ROLLED_OUT } from '../e2e/rolled-out.ts'
import { running } from '../e2e/two-leaves.ts'
import { newKeyPair } from '../eos/transport/ssh/new-key-pair.ts'
import { type Ended, temporaryFolder, typed, writeFiles } from '../lab/lab.ts'
import { startService } from '../lab/service.ts'
import { startVault } from '../project/secret/vault-server.ts'
import { type Canary, canaryLines, configCanaries } from './canaries.ts'

/** The password of the two vaults below. They were written with `ansible-vault` of ansible-core 2.14. */
export const SOURCE_PASSWORD = 'cNry-vault-pass-5521'
/** What {@link INLINE_VAULT} holds. */
export const SOURCE_INLINE = 'cNry_inline_vault_7713'
/** What {@link WHOLE_VAULT} holds, as the variable `whole_secret`. */
export const SOURCE_WHOLE = 'cNry-whole-vault-9917'

/** `ansible-vault encrypt_string` of a value. */
export const INLINE_VAULT = [
  '$ANSIBLE_VAULT;1.1;AES256',
  '64363762373534333665353362626335303866356661663963643262663136646564663235653062',
  '6532343031666261376430323732613631366264383165380a346630616665313739306662323239',
  '64323337393531323631653137306266336334396631633332626165323061326239336634323139',
  '6532636535376664630a383835336239646633613163346634346566316165633635653538303364',
  '65343233623465366262653832326265373865343035656531323837316366396666',
].join('\n')

/** `ansible-vault encrypt` of a file. */
export const WHOLE_VAULT = [
  '$ANSIBLE_VAULT;1.1;AES256',
  '34336334383231636334303137316563323961373635623361393335353032303434353261346130',
  '6639626463663462363361303962353035316436356263340a313532653365663566643033373831',
  '61353236306535656134333732393565303136366536393136616561656638613238623131303665',
  '3737313735646139610a663433636637303937363262613932353332356337616431643039303333',
  '62396561396161393630386564393830303233643933623334383635636538306632326166343837',
  '6332623437346561643330333036396263643038323935313162',
].join('\n')

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
const snmpHost = (community: string) =>
  `VerifySnmpNotificationHost: { notification_hosts: [{ hostname: 10.9.0.1, version: v2c, community_string: '${community}' }] }`

/** Members of the configuration whose names begin so, as an assertion quotes them. */
const quoting = (that: string) => `  - assert: { command: show running-config, that: "${that}" }\n`

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

const workflow = (name: string, change: string, check: string, mode = 'merge') => `name: ${name}
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
  - verify: { within: 1s, stableFor: 0s, every: 1s, checks: [${check}] }
  - confirm
`

/** A change that asks the service first, and keeps what it said. */
const asking = (origin: string, path: string, vlan: number) => `name: asking
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

/** A command line: that of the sources, of a bundle, or of another process. */
export type Main = (argv: readonly string[], terminal: Terminal) => Promise<number>

/** A project whose secrets are canaries, and the switches and the service that it speaks to. */
export interface Lab {
  readonly dir: string
  readonly env: Readonly<Record<string, string>>
  readonly fabric: RunningFabric
  /** The secrets that the project refers to: credentials, a key, tokens. */
  readonly secrets: readonly Canary[]
  /** Where those that are files lie: outside of the project. */
  readonly secretsDir: string
  /** The value of a secret. Throws when none is called so. */
  secret(name: string): string
  /** Writes a file of the project, which is then none of what eosflow has written. */
  write(path: string, text: string): void
  /** Runs a command line in the project's folder; at a terminal when there are answers. */
  eosflow(argv: readonly string[], answers?: readonly string[]): Promise<Ended>
  /** Takes what another process has printed as printed here. */
  heard(name: string, ended: Ended): Ended
  /** Every byte that was written: the files that this lab did not write itself, and what was printed. */
  written(): ReadonlyMap<string, Buffer>
}

/** Values that are hard to find: signs of regular expressions, quotes, other scripts, what a URL cannot hold, many lines. */
const PASSWORD = `cNryPw.*[a-z]+(x|y)$^{2}\\"'<&>`
const PASSPHRASE = 'cNryPass phrase-schlüssel-ключ-鍵'
const ENABLE = 'cNryEnable%2F/+=&?#'
const HTTP_KEY = 'cNryHttpKey-0123456789abcdef-0123456789abcdef'
const TOKEN = 'cNryToken/+==&?#~!*tok'
const INSTALL_KEY = 'cNryInstallKey-0123456789abcdef0123456789'
const NEXT_KEY = 'cNryNextInstallKey-0123456789abcdef012345'
const OLD_KEY = 'cNryOldInstallKey-0123456789abcdef0123456'
const PRINTED = 'cNryPrinted-by.a(program)&|piped'
const VAULTED = `cNryVaulted-{json}-[list];'quoted'`
/** The password of a login that somebody has written into an inventory of Ansible in clear. */
const CLEAR_LOGIN = 'cNry-ansible-password-3319'
const VAULT_TOKEN = 'hvs.cNryVaultToken0123456789'

/** Every secret of a lab: those of its project, and those that its switches have before and behind a change by hand. */
export const canariesOf = ({ secrets }: Pick<Lab, 'secrets'>): readonly Canary[] => [
  ...secrets,
  ...configCanaries(1),
  ...configCanaries(2),
]

/** The secrets by which switches are read: no file and no variable holds them. */
export const KEPT_ELSEWHERE = { leaf1: 'what a program prints', leaf2: 'what Vault keeps' } as const

/** Makes the lab and starts its switches. All of it ends with the test. */
export async function startLab(main: Main): Promise<Lab> {
  const dir = temporaryFolder()
  const secretsDir = temporaryFolder()
  const key = newKeyPair({ passphrase: PASSPHRASE, cipher: 'aes256-ctr', rounds: 1 })
  const fabric = await startFabric({
    fabric: {
      name: 'leaves',
      credentials: { username: 'admin', password: PASSWORD },
      devices: [
        leaf(1, [`username reader privilege 15 role network-admin secret 0 ${PRINTED}`]),
        leaf(2, [
          'username robot privilege 15 role network-admin nopassword',
          `username robot ssh-key ${key.public.trim()}`,
          `username vaulted privilege 15 role network-admin secret 0 ${VAULTED}`,
        ]),
      ],
      cabling: [],
      faults: [],
    },
  })
  onTestFinished(() => fabric.close())
  const vault = await startVault()
  vault.state.tokens.set(VAULT_TOKEN, { policies: ['kv/data/net'], until: 0, renewable: false, max: 0 })
  vault.state.kv.set('kv/data/net/leaf2', [{ data: { password: VAULTED } }])
  onTestFinished(() => vault.close())
  const service = await startService(
    repeating({
      key: key.private,
      PASSPHRASE,
      INSTALL_KEY,
      NEXT_KEY,
      OLD_KEY,
      PRINTED,
      VAULT_TOKEN,
      SOURCE_PASSWORD,
      SOURCE_INLINE,
      SOURCE_WHOLE,
      CLEAR_LOGIN,
    }),
  )
  const printed: (readonly [string, Ended])[] = []
  const own = new Set<string>()
  const write = (path: string, text: string) => {
    writeFiles(dir, { [path]: text })
    own.add(path)
  }
  for (const [name, value] of [
    ['key', key.private],
    ['enable', ENABLE],
    ['reader', PRINTED],
    ['approver', newKeyPair().private],
  ] as const) {
    writeFileSync(join(secretsDir, name), value)
    chmodSync(join(secretsDir, name), 0o600)
  }
  const { origin } = service
  const files = projectFiles({
    fabric,
    origin,
    vault: vault.address,
    secretsDir,
    token: TOKEN,
    clearLogin: CLEAR_LOGIN,
  })
  for (const [path, text] of Object.entries(files)) write(path, text)
  const env = {
    CNRY_PASSWORD: PASSWORD,
    CNRY_PASSPHRASE: PASSPHRASE,
    CNRY_HTTP_KEY: HTTP_KEY,
    CNRY_TOKEN: TOKEN,
    CNRY_VAULT: VAULT_TOKEN,
    CNRY_SOURCE: SOURCE_PASSWORD,
    EOSFLOW_KEY: INSTALL_KEY,
    EOSFLOW_NEXT_KEY: NEXT_KEY,
    EOSFLOW_OLD_KEYS: `${OLD_KEY},${OLD_KEY}2`,
  }
  const secrets: readonly Canary[] = [
    { name: 'the password of leaf1', value: PASSWORD },
    { name: 'the passphrase of a key', value: PASSPHRASE },
    { name: 'an enable secret', value: ENABLE },
    { name: 'the key that signs requests', value: HTTP_KEY },
    { name: 'a token in a header', value: TOKEN },
    { name: 'the install key', value: INSTALL_KEY },
    { name: 'the install key that comes next', value: NEXT_KEY },
    { name: 'an install key of before', value: OLD_KEY },
    { name: 'what a program prints', value: PRINTED },
    { name: 'what Vault keeps', value: VAULTED },
    { name: 'the token of Vault', value: VAULT_TOKEN },
    { name: 'the password of a vault of a source', value: SOURCE_PASSWORD },
    { name: 'an inline value of a vault', value: SOURCE_INLINE },
    { name: 'a value of a file that is encrypted as a whole', value: SOURCE_WHOLE },
    { name: 'a login in clear in a source', value: CLEAR_LOGIN },
    { name: 'a private key', value: key.private.trim() },
    { name: 'a line of a private key', value: key.private.split('\n')[2] ?? '' },
  ]
  const heard: Lab['heard'] = (name, ended) => {
    printed.push([name, ended])
    return ended
  }
  return {
    dir,
    env,
    fabric,
    secretsDir,
    write,
    secret: (name) => {
      const found = secrets.find((secret) => secret.name === name)
      if (found === undefined) throw new Error(`no secret is called ${name}`)
      return found.value
    },
    secrets,
    eosflow: async (argv, answers) => heard(argv.join(' '), await inProcess(main, argv, dir, env, answers)),
    heard,
    written: () =>
      new Map([
        ...printed.flatMap(([name, { out, err }], index): [string, Buffer][] => [
          [`${index} ${name}: stdout`, Buffer.from(out)],
          [`${index} ${name}: stderr`, Buffer.from(err)],
        ]),
        ...filesUnder(dir).flatMap((path): [string, Buffer][] =>
          own.has(path) ? [] : [[path, readFileSync(join(dir, path))]],
        ),
      ]),
  }
}

function filesUnder(dir: string) {
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(dir.length + 1))
}

/** What is asked is printed, too. */
async function inProcess(
  command: Main,
  argv: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>>,
  answers: readonly string[] | undefined,
): Promise<Ended> {
  const asked: string[] = []
  const asks = (question: string) => void asked.push(question)
  const ended = await typed(cwd, argv, { command, env, asks, ...(answers === undefined ? {} : { answers }) })
  return { ...ended, err: ended.err + asked.join('') }
}

/** Free text that tells passwords: what no form of a line gives away. */
const BANNER = `banner login
leaf: log in with ${PASSWORD} or ask for ${ENABLE}
EOF`

function leaf(n: number, more: readonly string[]): FabricDevice {
  const config = running(`leaf${n}`, n)
    .replace('uplink to spine1', `uplink, see ${encodeURIComponent(TOKEN)}`)
    .replace('vlan 110', () => `${[BANNER, ...more, ...canaryLines(1)].join('\n')}\n!\nvlan 110`)
  return {
    name: `leaf${n}`,
    eos: '4.32.2F',
    model: 'DCS-7050SX3-48YC8',
    serial: `JPE0000000${n}`,
    mac: `00:1c:73:00:00:0${n}`,
    config,
    managementOutside: true,
  }
}

/** A service that repeats what it was sent wherever it can: in names, values, headers, encoded, and in its errors. */
const repeating =
  (more: object): Parameters<typeof startService>[0] =>
  (request, response) => {
    const { authorization = '', 'x-eosflow-signature': signature = '' } = request.headers
    const said = {
      authorization,
      [`seen ${authorization}`]: true,
      encoded: [encodeURIComponent(authorization), Buffer.from(`user:${TOKEN}:x`).toString('base64')],
      hex: Buffer.from(TOKEN).toString('hex'),
      inner: JSON.stringify({ authorization, key: HTTP_KEY, signature }),
      leaf: `the password is ${PASSWORD}, enable with ${ENABLE}`,
      ...more,
    }
    const status = request.url === '/fails' ? 422 : request.url === '/breaks' ? 503 : 200
    response
      .writeHead(status, { 'content-type': 'application/json', 'x-request-id': `id-${HTTP_KEY}` })
      .end(JSON.stringify(said))
  }
