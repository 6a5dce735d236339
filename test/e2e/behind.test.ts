import { describe, expect, test } from 'vitest'
import { exits, type Lab, type LabOptions, openLab } from '../lab/lab.ts'

const workflow = (targets: string, lines: readonly string[]) => `name: touch
targets: ${targets}
change: { mode: merge, lines: ${JSON.stringify(lines)} }
steps:
  - snapshot
  - plan
  - approve
  - push
  - verify: { checks: [reachable], stableFor: 0s }
  - confirm
`
const PORT = ['interface Ethernet3', '   description new', 'vlan 110', '   name web']
const QUESTION =
  'enable | show version | show configuration sessions detail | show interfaces | show lldp neighbors | show port-channel | show mlag | show mlag interfaces | show mac address-table | show arp vrf all | show vlan'

const asked = (lab: Lab, device = 'leaf1') =>
  lab.fabric
    .device(device)
    .requests()
    .map(({ commands }) => commands.join(' | '))

const planned = async (lab: Lab) => {
  const ended = await lab.ok('plan workflow.yaml -o plan.json --details')
  return ended
}

const labOf = (options: LabOptions = {}, lines = PORT) => openLab({ workflow: workflow('leaf1', lines), ...options })

describe('what is behind what changes', () => {
  test('is asked in one request more, with the commands that are needed', { tags: ['long', 'turn'] }, async () => {
    const lab = labOf()
    const { out } = await planned(lab)
    expect(out).toContain(
      'leaf1 Ethernet3 "HOST_hv03_eth0" · member of Port-Channel3 · MLAG 3, partner leaf2.dc1.example.net Port-Channel3',
    )
    expect(out).toContain('leaf1 VLAN 110 "PROD-WEB" · 8 ports: ')
    expect(asked(lab)).toHaveLength(3)
    expect(asked(lab).at(-1)).toBe(QUESTION)
    expect(asked(lab, 'leaf2')).toEqual([])
  })

  test('is not asked where nothing is touched, or only what is new', async () => {
    const lab = labOf({}, ['vlan 998', '   name NEW'])
    const { out } = await planned(lab)
    expect(out).not.toContain('What is behind it')
    expect(asked(lab)).toHaveLength(2)
  })

  test('is not asked with `plan: { behind: false }`', async () => {
    const lab = labOf({ files: { 'eosflow.yaml': 'plan: { behind: false }\n' } })
    const { out } = await planned(lab)
    expect(out).not.toContain('What is behind it')
    expect(asked(lab)).toHaveLength(2)
  })

  test('moves, and the digest does not: traffic, hosts and time are not in it', {
    tags: ['long', 'turn'],
  }, async () => {
    const lab = labOf()
    const before = await planned(lab)
    lab.fault({ device: 'leaf1', kind: 'link-down', port: 'Ethernet3' })
    const after = await planned(lab)
    const digest = (text: string) => /sha256:[0-9a-f]{64}/.exec(text)?.[0] ?? 'none'
    expect(digest(before.out)).toBe(digest(after.out))
    expect(digest(before.out)).not.toBe('none')
  })

  test.each([
    [
      'refuses a command',
      { kind: 'refuse-command', command: '^show mac address-table', code: 1002, errors: ['denied by role'] },
      'leaf1 not read: show mac address-table: `show mac address-table` was refused: denied by role',
      3,
    ],
    [
      'loses the answer',
      { kind: 'lost-answer', command: '^show lldp neighbors' },
      'leaf1 not read: what is behind: ',
      3,
    ],
  ] as const)('a switch that %s is planned all the same, and says so', async (_what, fault, said, requests) => {
    const lab = labOf()
    lab.fault({ device: 'leaf1', ...fault })
    const { out } = await planned(lab)
    expect(out.replaceAll(/\n {4,}/g, ' ')).toContain(said)
    expect(out).toContain('leaf1 Ethernet3 "HOST_hv03_eth0"')
    expect(asked(lab)).toHaveLength(requests)
  })

  test('is asked of every switch that it concerns, by the user who reads', async () => {
    const lab = openLab({ workflow: workflow("'leaf*'", PORT), judgesLogins: true })
    const { out } = await planned(lab)
    expect(out.match(/^ {2}leaf\d Ethernet3 /gm)?.length).toBeGreaterThanOrEqual(2)
  })

  test('is not asked again when the plan is run, nor when the change is taken back', {
    tags: ['long', 'turn'],
  }, async () => {
    const lab = labOf()
    await planned(lab)
    const isQuestion = (request: string) => request === QUESTION
    await exits(0, lab.agreed('run plan.json'))
    expect(asked(lab).filter(isQuestion)).toHaveLength(1)
    await exits(0, lab.agreed('rollback @latest'))
    expect(asked(lab).filter(isQuestion)).toHaveLength(1)
  })
})

describe('security advisories', () => {
  const LINES = ['interface Vlan110', '   ip helper-address 10.99.0.1']
  const OWN = `version: 1
source: a test
date: 2026-11-20
advisories:
  - id: OWN-1
    about: nothing
    url: https://example.com/own-1
    affected: [<4.99]
    lines: ['interface * / ip helper-address *']
`

  test('of those that are shipped a plan names the ones that its lines switch on', {
    tags: ['long', 'turn'],
  }, async () => {
    const { out } = await planned(labOf({}, LINES))
    expect(out.replaceAll(/\n {2}/g, ' ')).toContain(
      '! leaf1: `interface Vlan110 / ip helper-address 10.99.0.1` switches on what SA-156 is about on EOS 4.',
    )
    expect(out.match(/switches\s+on\s+what/g)).toHaveLength(1)
  })

  test('a file of the project takes their place, and is validated', { tags: ['long', 'turn'] }, async () => {
    const files = { 'eosflow.yaml': 'plan: { advisories: own.yaml }\n', 'own.yaml': OWN }
    const lab = labOf({ files }, LINES)
    const { out } = await planned(lab)
    expect(out).toContain('switches on what OWN-1 is about')
    expect(out.match(/switches\s+on\s+what/g)).toHaveLength(1)
    expect((await lab.eosflow('validate')).out).toContain('own.yaml')
    lab.write('own.yaml', OWN.replace('<4.99', 'all'))
    const bad = await lab.eosflow('validate')
    expect([bad.code, bad.out + bad.err]).toEqual([3, expect.stringContaining('own.yaml:8:')])
  })

  test('a file that is not good or not there fails no plan', async () => {
    const lab = labOf({ files: { 'eosflow.yaml': 'plan: { advisories: own.yaml }\n' } }, LINES)
    const { out } = await planned(lab)
    expect(out).toContain('! security advisories were not looked at: there is no file own.yaml')
    lab.write('own.yaml', 'version: 2\n')
    expect((await planned(lab)).out).toContain('! security advisories were not looked at: ')
  })
})
