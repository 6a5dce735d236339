import { describe, expect, test } from 'vitest'
import { carries } from '../../src/plan/carries.ts'
import { planDigest } from '../../src/plan/make-plan.ts'
import type { Plan, PlanContent } from '../../src/plan/plan.ts'
import type { PlannedBlock } from '../../src/plan/plan-evidence.ts'
import { BASE, edited, planOfShown, planOn, reasonsOn, shownBy, verdictOn } from './carry-material.ts'
import { DEFINITION } from './material.ts'

/** The change of most rows: a port gets another VLAN. */
const PORT = ['interface Ethernet2', '   switchport access vlan 120']
const BGP = ['router bgp 65001', '   neighbor 10.0.0.0 description spine1']
/** What a colleague typed that nothing of the change touches. */
const SPARE = edited(['description spare', 'description used'])

/** A plan with another content, sealed by its digest as every plan is. */
function withContent(plan: Plan, more: Partial<PlanContent>): Plan {
  const content = { ...plan.content, ...more }
  return { ...plan, content, digest: planDigest(content) }
}

const blocksOf = (plan: Plan): readonly PlannedBlock[] => plan.evidence.blocks?.leaf1 ?? []

const withBlocks = (plan: Plan, leaf1: readonly PlannedBlock[]): Plan => ({
  ...plan,
  evidence: { ...plan.evidence, blocks: { leaf1 } },
})

function withoutBlocks({ content: { devices } }: Plan): PlanContent['devices'] {
  return devices.map((device) => {
    const { blocks: _, ...base } = device.base
    return { ...device, base }
  })
}

describe('an approval carries', () => {
  test('where a colleague has changed a block that the change does not touch, and both are on record', () => {
    expect(verdictOn(SPARE, PORT)).toEqual({
      obstacles: [],
      differences: [
        { device: 'leaf1', block: 'interface Ethernet8', lines: ['-   description spare', '+   description used'] },
      ],
    })
  })

  test.each([
    ['nothing has changed', BASE, PORT],
    ['an access list that no touched line names', edited(['10 permit tcp any any', '10 deny tcp any any']), PORT],
    ['another port of the old VLAN', edited(['description host B', 'description host C']), PORT],
    [
      'a prefix list that only an untouched route-map names',
      edited(['PL-OTHER seq 10 permit 192', 'PL-OTHER seq 10 permit 193']),
      BGP,
    ],
    ['a VLAN more', edited(['vlan 130\n', 'vlan 125\n   name NEW\n!\nvlan 130\n']), PORT],
    [
      'a VLAN fewer',
      edited(
        ['vlan 130\n   name TENANT-B\n!\n', ''],
        ['interface Vlan130\n   vrf PROD\n   ip address 10.130.0.1/24\n!\n', ''],
      ),
      PORT,
    ],
    ['a route more', edited(['ip route vrf MGMT', 'ip route 10.9.0.0/16 10.0.0.0\nip route vrf MGMT']), PORT],
  ])('%s', (_what, base, lines) => {
    expect(reasonsOn(base, lines)).toEqual([])
  })
})

describe('an approval does not carry where the base differs', () => {
  test.each([
    [
      'in a block that the change is in',
      edited(['description host A', 'description host C']),
      PORT,
      'the base differs in `interface Ethernet2`, which the change touches',
    ],
    [
      'in a VLAN that a line names',
      edited(['name TENANT-A', 'name TENANT-X']),
      PORT,
      'the base differs in `vlan 120`, which the change touches',
    ],
    [
      'in a list, by way of a peer group and a route-map',
      edited(['PL-IN seq 10 permit 10.0', 'PL-IN seq 10 permit 11.0']),
      BGP,
      'the base differs in `prefix-list PL-IN`, which the change touches',
    ],
    [
      'in the route-map between',
      edited(['route-map RM-IN permit 10', 'route-map RM-IN deny 10']),
      BGP,
      'the base differs in `route-map RM-IN`, which the change touches',
    ],
    [
      'in an access list that another line of the port names',
      edited(['10 permit ip any any', '10 deny ip any any']),
      ['interface Ethernet1', '   description x'],
      'the base differs in `access-list EDGE`, which the change touches',
    ],
    [
      'in a VRF that another line of the port names',
      edited(['vrf instance PROD\n', 'vrf instance PROD\n   rd 65001:1\n']),
      ['interface Ethernet1', '   description x'],
      'the base differs in `vrf PROD`, which the change touches',
    ],
    [
      'in a port-channel of which the port is a member',
      edited(['allowed vlan 110,130', 'allowed vlan 110']),
      ['interface Ethernet7', '   description x'],
      'the base differs in `interface Port-Channel7`, which the change touches',
    ],
    [
      'in a block that is gone',
      edited(['vlan 120\n   name TENANT-A\n!\n', '']),
      ['interface Ethernet2', '   switchport trunk allowed vlan 120'],
      'the base differs in `vlan 120`, which the change touches',
    ],
    [
      'in a line that names what the change touches',
      edited(['description spare', 'switchport access vlan 120']),
      PORT,
      'the base differs in `interface Ethernet8`, which names `vlan 120`, and the change touches that',
    ],
    [
      'in the SVI of a touched VLAN',
      edited(['10.130.0.1/24', '10.130.0.2/24']),
      ['vlan 130', '   name X'],
      'the base differs in `interface Vlan130`, which the change touches',
    ],
    ['in a user', edited(['role network-admin', 'role network-operator']), PORT, 'the base differs in users and AAA'],
    [
      'in the secret of a user alone',
      edited(['canary-of-admin', 'canary-of-other']),
      PORT,
      'the base differs in `username admin`, which may reach further than its own lines',
    ],
    ['in AAA', `aaa authorization exec default local\n${BASE}`, PORT, 'the base differs in users and AAA'],
    [
      'in a management service',
      edited(['http-commands\n   no shutdown', 'http-commands\n   protocol http\n   no shutdown']),
      PORT,
      'the base differs in management service',
    ],
    [
      'in the management interface',
      edited(['192.0.2.11/24', '192.0.2.12/24']),
      PORT,
      'the base differs in Management interface',
    ],
    [
      'in a route of the management VRF',
      edited(['0.0.0.0/0 192.0.2.254', '0.0.0.0/0 192.0.2.253']),
      PORT,
      'the base differs in routes of management VRF MGMT',
    ],
    [
      'in what is booted, which EOS shows in a comment',
      `! boot system flash:/EOS-4.33.swi\n${BASE}`,
      PORT,
      'a comment of the base differs: EOS shows what it boots in one',
    ],
    [
      'in what is booted, as a command',
      edited(['ntp server', 'boot system flash:/EOS-4.33.swi\nntp server']),
      PORT,
      'the base differs in what is booted',
    ],
    [
      'in what reaches further than its block',
      edited(['ip routing vrf PROD\n', '']),
      PORT,
      'the base differs in `ip routing`, which may reach further than its own lines',
    ],
    [
      'in what nobody here knows',
      edited(['ntp server', 'quantum mode fast\nntp server']),
      PORT,
      'the base differs in `quantum mode`, which may reach further than its own lines',
    ],
    [
      'in separators alone',
      edited(['vlan 130\n', '!\nvlan 130\n']),
      PORT,
      'the base differs in something that is in no block',
    ],
  ])('%s', (_what, base, lines, reason) => {
    expect(reasonsOn(base, lines)).toContain(`leaf1: ${reason}`)
  })

  test.each([
    [
      'a VLAN of a trunk group that a touched port is in',
      edited(['name TENANT-B\n', 'name TENANT-B\n   trunk group STORAGE\n']),
      ['interface Ethernet8', '   switchport trunk group STORAGE'],
      'the base differs in `vlan 130`, which the change touches',
    ],
    [
      'a port of a trunk group that a touched VLAN is in',
      edited(['description spare', 'switchport trunk group STORAGE']),
      ['vlan 130', '   trunk group STORAGE'],
      'the base differs in `interface Ethernet8`, which the change touches',
    ],
    [
      'a port that a touched port is shut with',
      edited(['description spare', 'link tracking group CORE upstream']),
      ['interface Ethernet3', '   link tracking group CORE downstream'],
      'the base differs in `interface Ethernet8`, which the change touches',
    ],
    [
      'an address that the change would announce',
      edited(['10.130.0.1/24', '10.130.0.2/24']),
      ['router bgp 65001', '   redistribute connected'],
      'the base differs in `interface Vlan130`, which the change takes up with all others',
    ],
    [
      'an address in a network that the change announces',
      edited(['10.255.0.1/32', '10.255.0.2/32']),
      ['router bgp 65001', '   network 10.255.0.0/16'],
      'the base differs in `interface Loopback0`, which the change takes up with all others',
    ],
    [
      'a VLAN that a new trunk without a list would carry',
      edited(['vlan 130\n', 'vlan 125\n   name NEW\n!\nvlan 130\n']),
      ['interface Ethernet8', '   switchport mode trunk'],
      'the base differs in `vlan 125`, which the change takes up with all others',
    ],
    [
      'a VLAN that a trunk would carry that loses its list',
      edited(['vlan 130\n', 'vlan 125\n   name NEW\n!\nvlan 130\n']),
      ['interface Port-Channel7', '   no switchport trunk allowed vlan'],
      'the base differs in `vlan 125`, which the change takes up with all others',
    ],
  ])('and what differs is %s, by no name', (_what, base, lines, reason) => {
    expect(reasonsOn(base, lines)).toContain(`leaf1: ${reason}`)
  })

  test.each([
    [
      'a trunk with a list',
      ['interface Ethernet8', '   switchport mode trunk', '   switchport trunk allowed vlan 130'],
    ],
    ['a list that is another one', ['interface Port-Channel7', '   switchport trunk allowed vlan 130']],
    ['a port in routing', ['router bgp 65001', '   neighbor 10.0.0.0 description spine1']],
  ])('but not where it is beside %s', (_what, lines) => {
    expect(reasonsOn(edited(['vlan 130\n', 'vlan 125\n   name NEW\n!\nvlan 130\n']), lines)).toEqual([])
  })

  const PORTS = [
    'Ethernet49/1',
    'Ethernet49/2',
    'Ethernet49/2.10',
    'Ethernet50/1',
    'Ethernet3/49/1',
    'Ethernet3/49/4',
    'Ethernet51',
    'Ethernet52',
  ]
  /** The base with ports that have lanes: of one, the line that it has. */
  const withPorts = (port = '', line = 'description free'): string => {
    const blocks = PORTS.map((name) => `interface ${name}\n   ${name === port ? line : 'description free'}\n!\n`)
    return edited(['interface Loopback0\n', `${blocks.join('')}interface Loopback0\n`])
  }
  const found = (base: string, lines: readonly string[]): readonly string[] =>
    carries(planOn(withPorts(), lines), planOn(base, lines)).obstacles.map(({ reason }) => reason)

  test.each([
    ['the first lane, and another is changed', 'Ethernet49/1', 'Ethernet49/2', true],
    ['another lane, and the first is changed', 'Ethernet49/2', 'Ethernet49/1', true],
    ['the first lane, and the subinterface of another is changed', 'Ethernet49/1', 'Ethernet49/2.10', true],
    ['a lane of a module, and another is changed', 'Ethernet3/49/1', 'Ethernet3/49/4', true],
    ['a lane of another port', 'Ethernet50/1', 'Ethernet49/2', false],
    ['a lane of a module', 'Ethernet3/49/1', 'Ethernet49/1', false],
    ['a port without lanes', 'Ethernet51', 'Ethernet52', false],
  ])('in the speed of %s: both ways', (_what, other, own, isTouched) => {
    const speed = 'speed 10g'
    expect(found(withPorts(other, speed), [`interface ${own}`, '   description TESTED'])).toEqual(
      isTouched
        ? [`leaf1: the base differs in the speed of \`interface ${other}\`, and the change touches a lane of that port`]
        : [],
    )
    expect(found(withPorts(own, 'description TESTED'), [`interface ${other}`, `   ${speed}`])).toEqual(
      isTouched ? [`leaf1: the base differs in \`interface ${own}\`, which the change touches`] : [],
    )
    // Another line of a lane is about that lane alone.
    expect(found(withPorts(own, 'description TESTED'), [`interface ${other}`, '   description x'])).toEqual([])
  })

  test('in the speed that a change takes away, and in a lane that came with a speed', () => {
    const gone = (base: string, approved: string): readonly string[] => {
      const lines = ['interface Ethernet49/1', '   no speed']
      return carries(planOn(approved, lines), planOn(base, lines)).obstacles.map(({ reason }) => reason)
    }
    const before = withPorts('Ethernet49/1', 'speed 10g')
    expect(
      gone(
        before.replace('interface Ethernet49/2\n   description free', 'interface Ethernet49/2\n   description x'),
        before,
      ),
    ).toEqual(['leaf1: the base differs in `interface Ethernet49/2`, which the change touches'])
    const come = withPorts().replace(
      'interface Ethernet49/2\n',
      'interface Ethernet49/3\n   speed 10g\n!\ninterface Ethernet49/2\n',
    )
    expect(found(come, ['interface Ethernet49/1', '   description x'])).toEqual([
      'leaf1: the base differs in the speed of `interface Ethernet49/3`, and the change touches a lane of that port',
    ])
  })

  test.each([
    ['access-list', ['interface Ethernet2', '   ip access-group NOWHERE in'], 'the access-list `NOWHERE`'],
    ['route-map', ['router bgp 65001', '   neighbor 10.0.0.0 route-map NOWHERE out'], 'the route-map `NOWHERE`'],
    [
      'prefix-list',
      ['route-map RM-IN permit 10', '   match ip address prefix-list NOWHERE'],
      'the prefix-list `NOWHERE`',
    ],
    ['peer group', ['router bgp 65001', '   neighbor 10.0.0.2 peer group NOWHERE'], 'the peer group `NOWHERE`'],
    ['vlan', ['interface Ethernet2', '   switchport access vlan 999'], 'the vlan `999`'],
    ['vrf', ['interface Vlan130', '   vrf NOWHERE'], 'the vrf `NOWHERE`'],
    ['interface', ['interface Ethernet8', '   channel-group 99 mode active'], 'the interface `Port-Channel99`'],
  ])('and a name of the change is nowhere: %s', (_kind, lines, what) => {
    expect(reasonsOn(SPARE, lines)).toContain(`leaf1: ${what}, which the change touches, is nowhere`)
  })

  test.each([
    ['MGMT', 'which was the first line of its block'],
    ['PROD', 'which is the first line of its block'],
  ])('and what differs is beside the VRF %s, %s', (vrf) => {
    const first = 'ip route vrf MGMT 0.0.0.0/0 192.0.2.254\n'
    const second = 'ip route vrf PROD 10.8.0.0/16 10.0.0.0\n'
    const [before, after] = [
      edited([first, first + second]),
      edited([first, `${second}${first}ip route 10.9.0.0/16 10.0.0.0\n`]),
    ]
    const lines = [`vrf instance ${vrf}`, '   rd 65001:9']
    expect(carries(planOn(before, lines), planOn(after, lines)).obstacles.map(({ reason }) => reason)).toContain(
      `leaf1: the base differs in \`static routes\`, which names \`${vrf}\`, and the change touches that`,
    )
  })

  test('and another line differs of a VLAN that the change takes up with all others', () => {
    expect(
      reasonsOn(edited(['name TENANT-B', 'name TENANT-X']), ['interface Ethernet8', '   switchport mode trunk']),
    ).toContain('leaf1: the base differs in `vlan 130`, which the change takes up with all others')
  })

  test('and a name of the change is that of something of another kind', () => {
    expect(reasonsOn(SPARE, ['interface Ethernet2', '   ip access-group PL-IN in'])).toEqual([
      'leaf1: the access-list `PL-IN`, which the change touches, is nowhere',
    ])
  })

  test('but not where the change makes what it names', () => {
    const lines = ['ip access-list NEW', '   10 permit ip any any', 'interface Ethernet2', '   ip access-group NEW in']
    expect(reasonsOn(SPARE, lines)).toEqual([])
  })

  test.each([
    ['OOB to which the management interface went', ['vrf MGMT', 'vrf OOB'], 'OOB'],
    ['MGMT that it has left', ['vrf MGMT', 'vrf OOB'], 'MGMT'],
  ] as const)('and it is a route of the VRF %s', (_what, [old, put], vrf) => {
    const route = 'ip route vrf MGMT 0.0.0.0/0 192.0.2.254\n'
    const base = edited(
      [`interface Management1\n   ${old}`, `interface Management1\n   ${put}`],
      [route, vrf === 'OOB' ? `${route}ip route vrf OOB 0.0.0.0/0 192.0.2.254\n` : ''],
    )
    expect(reasonsOn(base, PORT)).toContain(`leaf1: the base differs in routes of management VRF ${vrf}`)
  })

  test.each([
    ['a line below it', 'boot test\n   memory 1\n', 'boot test\n   memory 2\n'],
    ['a line that is stored with no', '', 'no boot secret\n'],
  ])('and it is in what is booted, in %s', (_what, was, is) => {
    const [before, after] = [was, is].map((text) => planOn(edited(['ntp server', `${text}ntp server`]), PORT))
    if (before === undefined || after === undefined) throw new Error('two plans')
    expect(carries(before, after).obstacles.map(({ reason }) => reason)).toContain(
      'leaf1: the base differs in what is booted',
    )
  })

  test('of a secret alone every line of its block is shown, and of a line that was there twice the one that is gone', () => {
    const differing = (old: string, put: string) => {
      const end = '   neighbor 10.0.0.0 remote-as 65000\n'
      const [before, after] = [old, put].map((text) => planOn(edited([end, end + text]), PORT))
      if (before === undefined || after === undefined) throw new Error('two plans')
      return carries(before, after)
    }
    const password = (word: string): string => `   neighbor 10.0.0.0 password 0 ${word}\n`
    const block = [
      'router bgp 65001',
      '   neighbor UNDERLAY peer group',
      '   neighbor UNDERLAY route-map RM-IN in',
      '   neighbor 10.0.0.0 peer group UNDERLAY',
      '   neighbor 10.0.0.0 remote-as 65000',
      '   neighbor 10.0.0.0 password 0 <redacted>',
    ]
    expect(differing(password('canary-of-one'), password('canary-of-two'))).toEqual({
      obstacles: [],
      differences: [
        {
          device: 'leaf1',
          block: 'router bgp',
          lines: [...block.map((line) => `-${line}`), ...block.map((line) => `+${line}`)],
        },
      ],
    })
    const timers = '      timers bgp 5 15\n'
    expect(
      differing(`   vrf PROD\n${timers}   vrf MGMT\n${timers}`, `   vrf PROD\n${timers}   vrf MGMT\n`),
    ).toMatchObject({
      differences: [{ block: 'router bgp', lines: ['-      timers bgp 5 15'] }],
    })
  })

  test.each([
    ['says not that it keeps it', (plan: Plan) => withContent(plan, { devices: withoutBlocks(plan) })],
    ['keeps none of it', (plan: Plan) => withBlocks(plan, [])],
    ['keeps a part of it twice', (plan: Plan) => withBlocks(plan, [...blocksOf(plan), ...blocksOf(plan).slice(0, 1)])],
    ['keeps nothing of the switch', (plan: Plan) => ({ ...plan, evidence: { ...plan.evidence, blocks: {} } })],
  ])('and one of the plans %s, whichever', (_what, cut) => {
    const [approved, made] = [planOn(BASE, PORT), planOn(SPARE, PORT)]
    for (const [before, after] of [
      [cut(approved), made],
      [approved, cut(made)],
    ] as const)
      expect(carries(before, after).obstacles).toEqual([
        { part: 'base', device: 'leaf1', reason: 'leaf1: a plan does not keep the base block by block' },
      ])
  })

  test('and it is for a switch more', () => {
    const two = planOfShown([shownBy(SPARE, PORT), { ...shownBy(BASE, PORT), device: 'leaf2' }])
    expect(carries(planOn(BASE, PORT), two).obstacles.filter(({ device }) => device === 'leaf2')).toEqual([])
    expect(carries(planOn(BASE, PORT), two).obstacles.map(({ part }) => part)).toContain('devices')
  })

  test('and the change would make something else of a touched block', () => {
    const made = planOn(SPARE, PORT)
    const blocks = made.evidence.blocks?.leaf1?.map((one) =>
      one.block === 'interface Ethernet2' ? { ...one, made: null } : one,
    )
    const other = { ...made, evidence: { ...made.evidence, blocks: { leaf1: blocks ?? [] } } }
    expect(carries(planOn(BASE, PORT), other).obstacles).toEqual([
      { part: 'base', device: 'leaf1', reason: 'leaf1: the change would make something else of `interface Ethernet2`' },
    ])
  })

  test('and two blocks have one name', () => {
    const made = planOn(SPARE, PORT)
    const blocks = made.evidence.blocks?.leaf1 ?? []
    const twice = { ...made, evidence: { ...made.evidence, blocks: { leaf1: [...blocks, ...blocks.slice(0, 1)] } } }
    expect(carries(planOn(BASE, PORT), twice).obstacles).toEqual([
      { part: 'base', device: 'leaf1', reason: 'leaf1: a plan does not keep the base block by block' },
    ])
  })

  test('and the change touches something of no known kind', () => {
    const reason = 'leaf1: the change touches `spanning-tree mode`, which is of no kind that is known here'
    expect(reasonsOn(SPARE, ['spanning-tree mode mstp'])).toContain(reason)
  })

  test('and a plan does not keep its base block by block', () => {
    const bare = planOfShown([shownBy(BASE, PORT)], { carries: undefined } as never)
    const reason = 'leaf1: a plan does not keep the base block by block'
    expect(carries(bare, planOn(SPARE, PORT)).obstacles.map((one) => one.reason)).toContain(reason)
  })
})

describe('an approval does not carry where the plan says something else', () => {
  const approved = planOn(BASE, PORT)
  const made = planOn(SPARE, PORT)
  const parts = (plan: Plan): readonly string[] => carries(approved, plan).obstacles.map(({ part }) => part)

  test('of lines and diff', () => {
    expect(parts(planOn(SPARE, ['interface Ethernet2', '   switchport access vlan 130']))).toEqual(
      expect.arrayContaining(['lines', 'linesHmac', 'diff', 'diffHmac']),
    )
  })

  test('of what the switch makes of the same lines', () => {
    const shown = shownBy(SPARE, PORT)
    const candidate = shown.staged.candidate.replace('description used', 'description used more')
    expect(parts(planOfShown([{ ...shown, staged: { ...shown.staged, candidate } }]))).toContain('diffHmac')
  })

  /** Every member of the content but the four that are compared switch by switch, or not at all. */
  const MEMBERS: readonly (readonly [keyof PlanContent, unknown])[] = [
    ['workflow', { ...DEFINITION.workflow, params: { vlan: 121 } }],
    ['inventory', { read: { leaf1: { 'vars.x': `hmac:${'0'.repeat(64)}` } } }],
    ['waves', [['leaf1'], ['leaf2']]],
    ['redundant', [['leaf1', 'leaf2']]],
    ['together', [['leaf1', 'leaf2']]],
    ['leftOut', [{ name: 'leaf2', by: 'maxFailures' }]],
    ['canary', { switches: ['leaf1'], soak: 60 }],
    ['concurrency', 9],
    ['atomic', 'wave'],
    ['underChange', [{ budget: 'leaf', max: 1, switches: ['leaf1'] }]],
    ['otherSides', 'off'],
    ['maxFailures', 1],
    ['timers', { confirmWithin: 601, verifyWithin: 180, stableFor: 30, every: 5 }],
    ['checks', []],
    ['judges', []],
    ['probes', []],
    ['after', { checks: 60, every: 30 }],
    ['approve', { expires: 14_401 }],
    ['onFailure', 'other'],
    ['allow', ['management']],
    ['ruleReadings', [{ rule: 'x' }]],
    ['policy', `sha256:${'22'.repeat(32)}`],
    ['checkpoints', 'prune'],
    ['secretRefs', ['env:X']],
    ['offline', true],
    ['sites', []],
    ['warnings', [{ code: 'not-saved', message: 'x' }]],
    ['tool', { ...made.content.tool, version: '9.9.9' }],
    ['v', 4],
    ['kind', 'other'],
  ]

  test.each(MEMBERS)('of %s', (member, value) => {
    expect(parts(withContent(made, { [member]: value }))).toContain(member)
  })

  test.each(MEMBERS.filter(([member]) => made.content[member] === undefined))(
    'of %s, where the plan that was made again has none any more',
    (member, value) => {
      const before = withContent(approved, { [member]: value })
      expect(carries(before, made).obstacles.map(({ part }) => part)).toContain(member)
    },
  )

  test('of what a gate says, but for the document that it was asked about', () => {
    const said = { gate: 'limits', version: '1', input: `sha256:${'1'.repeat(64)}`, verdict: 'allow' }
    const asked = (gate: object): Plan => withContent(made, { gate: [gate] } as never)
    const before = withContent(approved, { gate: [said] } as never)
    const gates = (plan: Plan): readonly string[] => carries(before, plan).obstacles.map(({ part }) => part)
    expect(gates(asked({ ...said, input: `sha256:${'2'.repeat(64)}` }))).toEqual([])
    expect(gates(asked({ ...said, verdict: 'warn' }))).toEqual(['gate'])
    expect(gates(made)).toEqual(['gate'])
  })

  test('of a member that nobody here has heard of', () => {
    expect(parts(withContent(made, { later: 1 } as never))).toContain('later')
  })

  test.each([
    ['identity', { identity: { serial: 'JPE00000009', systemMac: '00:1c:73:00:00:01', eos: '4.32.2F', model: 'X' } }],
    ['inventory', { inventory: { address: approved.content.devices[0]?.inventory.address, credential: 'other' } }],
    ['mode', { mode: 'replace' }],
    ['said', { said: [{ at: 1, line: 'x', says: 'y' }] }],
    ['unknownLines', { unknownLines: ['x'] }],
    ['bootLines', { bootLines: ['boot x'] }],
    ['offline', { offline: true }],
    ['linesHmac', { linesHmac: `hmac:${'0'.repeat(64)}` }],
    ['diffHmac', { diffHmac: `hmac:${'0'.repeat(64)}` }],
    ['later', { later: 1 }],
  ])('of %s of a switch', (member, value) => {
    const [device] = made.content.devices
    expect(parts(withContent(made, { devices: [{ ...device, ...value } as never] }))).toContain(member)
  })

  test('of what a switch has no more', () => {
    const [device] = approved.content.devices
    const before = withContent(approved, { devices: [{ ...device, later: 1 } as never] })
    expect(carries(before, made).obstacles.map(({ part }) => part)).toContain('later')
  })

  test('of the second of two switches', () => {
    const two = (base: string): Plan => planOfShown([shownBy(BASE, PORT), { ...shownBy(base, PORT), device: 'leaf2' }])
    expect(carries(two(BASE), two(edited(['name TENANT-A', 'name TENANT-X']))).obstacles).toContainEqual({
      part: 'base',
      device: 'leaf2',
      reason: 'leaf2: the base differs in `vlan 120`, which the change touches',
    })
    expect(carries(two(BASE), two(SPARE))).toMatchObject({ obstacles: [], differences: [{ device: 'leaf2' }] })
  })

  test('of whether a switch is saved, as it is where a colleague has not saved', () => {
    const unsaved = shownBy(SPARE, PORT)
    const staged = { ...unsaved.staged, startupDiff: '+ description used' }
    expect(parts(planOfShown([{ ...unsaved, staged }]))).toEqual(
      expect.arrayContaining(['startupEqualsRunning', 'warnings']),
    )
  })

  test('of which switches it is for', () => {
    expect(parts(withContent(made, { devices: [] }))).toContain('devices')
  })

  test('of a switch beside, but for what its state was', () => {
    const identity = { serial: 'S', systemMac: 'm', eos: '4', model: 'M' }
    const beside = { name: 'spine1', of: ['leaf1'], identity, state: `sha256:${'3'.repeat(64)}`, good: [0] }
    const own = withContent(approved, { neighbors: [beside] })
    const told = (more: object): readonly string[] =>
      carries(own, withContent(made, { neighbors: [{ ...beside, ...more }] })).obstacles.map(({ part }) => part)
    expect([told({ state: `sha256:${'4'.repeat(64)}` }), told({ good: [] }), told({ running: 'hmac:1' })]).toEqual([
      [],
      ['neighbors'],
      ['neighbors'],
    ])
  })

  test('but not of who asked, which the policy judges', () => {
    const other = { issuer: 'local', id: 'local:1001:bob@noc1', kind: 'person', auth: 'os' } as const
    expect(parts(withContent(made, { requesters: [other], rebases: approved.digest }))).toEqual([])
  })
})

describe('a plan never carries', () => {
  test.each([
    ['that was computed without its switches', { offline: true }, 'the plan was computed without its switches'],
    ['of several sites', { sites: [] }, 'the plan is one of several sites'],
    [
      'that is a rollback',
      { workflow: { ...DEFINITION.workflow, file: `rollback/plan-1/blob:${'1'.repeat(64)}/workflow.yaml` } },
      'the plan is a rollback or a restore',
    ],
    [
      'that is a restore',
      { workflow: { ...DEFINITION.workflow, file: `restore/blob:${'1'.repeat(64)}/workflow.yaml` } },
      'the plan is a rollback or a restore',
    ],
    [
      'to which approvals have carried',
      { rebases: `sha256:${'5'.repeat(64)}` },
      'its approvals were carried to it: nobody has approved this plan itself',
    ],
    ['that may change users', { allow: ['users'] }, 'the plan may change users, passwords and keys'],
  ])('%s', (_what, more, reason) => {
    const [approved, made] = [BASE, SPARE].map((base) => withContent(planOn(base, PORT), more))
    if (approved === undefined || made === undefined) throw new Error('two plans')
    expect(carries(approved, made).obstacles).toEqual([{ part: 'plan', reason }])
  })

  test.each([
    ['replaces a configuration', { mode: 'replace' }, 'the plan replaces a whole configuration'],
    ['changes what is booted', { bootLines: ['boot x'] }, 'the plan changes what a switch boots'],
    ['has unknown lines', { unknownLines: ['x'] }, 'the plan has lines that no rule knows'],
    ['has a switch that was not asked', { offline: true }, 'the plan was computed without its switches'],
  ])('that %s', (_what, more, reason) => {
    const [approved, made] = [BASE, SPARE].map((base) => {
      const plan = planOn(base, PORT)
      return withContent(plan, { devices: plan.content.devices.map((device) => ({ ...device, ...more }) as never) })
    })
    if (approved === undefined || made === undefined) throw new Error('two plans')
    expect(carries(approved, made).obstacles).toEqual([{ part: 'plan', reason }])
  })
})
