import { describe, expect, test } from 'vitest'
import { carries } from '../../../src/change/plan/carries.ts'
import { planDigest, requireIntact } from '../../../src/change/plan/make-plan.ts'
import type { Plan, PlanContent } from '../../../src/change/plan/plan.ts'
import { QUIET_KINDS } from '../../../src/model/change-kind.ts'
import { BASE, DEFINITION, edited, planOfShown, planOn, reasonsOn, shownBy, verdictOn } from './material.ts'

/** What a colleague changes in a base, and the change that was approved on it before. */
interface CarryAttack {
  readonly what: string
  readonly was: string
  readonly is: string
  readonly lines: readonly string[]
}

/** A base with a route-map of two entries, a policy-map of two classes and a peer in each of two VRFs. */
const MORE = edited(
  [
    'ip access-list OTHER\n',
    'class-map type qos match-any WEB\n   match ip access-group OTHER\n!\nclass-map type qos match-any VOICE\n   match dscp 46\n!\nip access-list OTHER\n',
  ],
  [
    'ip prefix-list PL-OTHER',
    'ip prefix-list PL1 seq 10 permit 10.1.0.0/16\n!\nip prefix-list PL2 seq 10 permit 10.2.0.0/16\n!\nip prefix-list PL-OTHER',
  ],
  [
    'route-map RM-OTHER',
    'route-map RM1 permit 10\n   match ip address prefix-list PL1\n!\nroute-map RM1 deny 20\n   match ip address prefix-list PL2\n!\nroute-map RM-OTHER',
  ],
  [
    'router bgp 65001\n',
    'policy-map type quality-of-service MARK\n   class WEB\n      set dscp 10\n   class VOICE\n      set dscp 46\n!\nrouter bgp 65001\n',
  ],
  [
    '   neighbor 10.0.0.0 remote-as 65000\n',
    '   neighbor 10.0.0.0 remote-as 65000\n   !\n   vrf BLUE\n      neighbor 10.9.0.1 remote-as 65009\n      neighbor 10.9.0.1 route-map RM1 in\n   !\n   vrf RED\n      neighbor 10.9.0.1 remote-as 65009\n',
  ],
)

function changed(...edits: readonly (readonly [string, string])[]) {
  return edits.reduce((text, [old, put]) => {
    if (text.split(old).length !== 2) throw new Error(`not there once: ${old}`)
    return text.replace(old, () => put)
  }, MORE)
}

const PREFIX = ['ip prefix-list PL1 seq 20 permit 10.3.0.0/16']
const ACL = ['ip access-list OTHER', '   20 deny udp any any']

const ON_MORE: readonly (readonly [what: string, is: string, lines: readonly string[]])[] = [
  [
    'two entries of a route-map that swap what they match, and a line more',
    changed(
      [
        'permit 10\n   match ip address prefix-list PL1\n',
        'permit 10\n   match ip address prefix-list PL2\n   set metric 5\n',
      ],
      ['deny 20\n   match ip address prefix-list PL2\n', 'deny 20\n   match ip address prefix-list PL1\n'],
    ),
    PREFIX,
  ],
  [
    'two entries of a route-map that swap what they match',
    changed(
      ['permit 10\n   match ip address prefix-list PL1\n', 'permit 10\n   match ip address prefix-list PL2\n'],
      ['deny 20\n   match ip address prefix-list PL2\n', 'deny 20\n   match ip address prefix-list PL1\n'],
    ),
    ['interface Ethernet2', '   switchport access vlan 120'],
  ],
  [
    'the route-map of a peer that goes to another VRF',
    changed([
      '      neighbor 10.9.0.1 route-map RM1 in\n   !\n   vrf RED\n      neighbor 10.9.0.1 remote-as 65009\n',
      '   !\n   vrf RED\n      neighbor 10.9.0.1 remote-as 65009\n      neighbor 10.9.0.1 route-map RM1 in\n',
    ]),
    ['interface Ethernet2', '   switchport access vlan 120'],
  ],
  [
    'two classes of a policy-map that swap their actions',
    changed([
      '   class WEB\n      set dscp 10\n   class VOICE\n      set dscp 46\n',
      '   class WEB\n      set dscp 46\n   class VOICE\n      set dscp 10\n',
    ]),
    ['interface Ethernet2', '   switchport access vlan 120'],
  ],
  [
    'an entry that permitted what the list has, and denies it',
    changed(['route-map RM1 permit 10', 'route-map RM1 deny 10']),
    PREFIX,
  ],
  [
    'what an entry that matches the list sets',
    changed([
      'permit 10\n   match ip address prefix-list PL1\n',
      'permit 10\n   match ip address prefix-list PL1\n   set local-preference 50\n',
    ]),
    PREFIX,
  ],
  [
    'what is done with the class that an access list is in',
    changed(['   class WEB\n      set dscp 10\n', '   class WEB\n      set dscp 46\n']),
    ACL,
  ],
  [
    'the policy of a port, two steps above the access list',
    changed(['   description host B\n', '   description host B\n   service-policy type qos input MARK\n']),
    ACL,
  ],
  [
    'a peer that the route-map of the list is on',
    changed([
      '      neighbor 10.9.0.1 remote-as 65009\n      neighbor 10.9.0.1 route-map RM1 in\n',
      '      neighbor 10.9.0.1 remote-as 65009\n      neighbor 10.9.0.1 route-map RM1 in\n      neighbor 10.9.0.1 route-map RM1 out\n',
    ]),
    PREFIX,
  ],
]

/** What counts, and what a bag of lines, or the names in a change, do not show. */
const ATTACKS: readonly CarryAttack[] = [
  ...ON_MORE.map(([what, is, lines]) => ({ what, was: MORE, is, lines })),
  {
    what: 'a port with the access list that goes to another VRF',
    was: BASE,
    is: edited(['   no switchport\n   vrf PROD\n', '   no switchport\n']),
    lines: ['ip access-list EDGE', '   20 deny udp any any'],
  },
  {
    what: 'a trunk without a list, which the new VLAN is on',
    was: BASE,
    is: edited(['   description spare\n', '   description spare\n   switchport mode trunk\n']),
    lines: ['vlan 778', '   name NEW'],
  },
  {
    what: 'a network of a routing protocol that takes the new address up',
    was: BASE,
    is: edited(['management api', 'router ospf 1\n   network 10.0.0.0/8 area 0.0.0.0\n!\nmanagement api']),
    lines: ['interface Ethernet8', '   no switchport', '   ip address 10.77.0.1/31'],
  },
]

/** The change of most rows: a port gets another VLAN. */
const PORT = ['interface Ethernet2', '   switchport access vlan 120']
/** A colleague changes what only people read, where the change is not. */
const SPARE = edited(['description spare', 'description used'])

/** A plan with another content, sealed by its digest as every plan is. */
function withContent(plan: Plan, more: Partial<PlanContent>) {
  const content = { ...plan.content, ...more }
  return { ...plan, content, digest: planDigest(content) }
}

function verdictFrom(was: string, is: string, lines: readonly string[]) {
  return carries(planOn(was, lines), planOn(is, lines))
}

describe('an approval carries', () => {
  test('over a description of a port that the change is not in, and every line that differs is named', () => {
    expect(verdictOn(SPARE, PORT)).toEqual({
      obstacles: [],
      differences: [
        { device: 'leaf1', block: 'interface Ethernet8', lines: ['-description spare'], kind: 'interface.description' },
        { device: 'leaf1', block: 'interface Ethernet8', lines: ['+description used'], kind: 'interface.description' },
      ],
    })
  })

  test('where nothing has changed', () => {
    expect(verdictOn(BASE, PORT)).toEqual({ obstacles: [], differences: [] })
  })

  test.each([
    ['over the name of another VLAN', edited(['name TENANT-B', 'name TENANT-C']), ['vlan.name', 'vlan.name']],
    [
      'over a description that comes',
      edited(['interface Loopback0\n', 'interface Loopback0\n   description ID\n']),
      ['loopback.description'],
    ],
    [
      'over one of the management port',
      edited(['interface Management1\n', 'interface Management1\n   description OOB\n']),
      ['management-port.description'],
    ],
    [
      'over one of an SVI',
      edited(['interface Vlan130\n', 'interface Vlan130\n   description GW\n']),
      ['svi.description'],
    ],
    ['over one that goes', edited(['   description host B\n', '']), ['interface.description']],
  ])('%s', (_what, base, kinds) => {
    const { obstacles, differences } = verdictOn(base, PORT)
    expect(obstacles).toEqual([])
    expect(differences.map(({ kind }) => kind)).toEqual(kinds)
  })

  test('over the name of a VLAN that shared its command with others: how they share it says nothing', () => {
    const listed = edited(['vlan 120\n', 'vlan 112-114\n!\nvlan 120\n'])
    const named = edited(['vlan 120\n', 'vlan 112,114\n!\nvlan 113\n   name NEW\n!\nvlan 120\n'])
    expect(verdictFrom(listed, named, PORT)).toEqual({
      obstacles: [],
      differences: [{ device: 'leaf1', block: 'vlan 113', lines: ['+name NEW'], kind: 'vlan.name' }],
    })
    expect(verdictFrom(named, listed, PORT).differences.map(({ lines }) => lines)).toEqual([['-name NEW']])
  })
})

describe('[F42] an approval does not carry where the base differs', () => {
  const FIRST: Readonly<Record<string, string>> = {
    'two entries of a route-map that swap what they match, and a line more':
      'route-map RM1 permit 10 / -match ip address prefix-list PL1',
    'two entries of a route-map that swap what they match':
      'route-map RM1 permit 10 / -match ip address prefix-list PL1',
    'the route-map of a peer that goes to another VRF':
      'router bgp 65001 / vrf BLUE / -neighbor 10.9.0.1 route-map RM1 in',
    'two classes of a policy-map that swap their actions':
      'policy-map type quality-of-service MARK / class WEB / -set dscp 10',
    'an entry that permitted what the list has, and denies it': '-route-map RM1 permit 10',
    'what an entry that matches the list sets': 'route-map RM1 permit 10 / +set local-preference 50',
    'what is done with the class that an access list is in':
      'policy-map type quality-of-service MARK / class WEB / -set dscp 10',
    'the policy of a port, two steps above the access list':
      'interface Ethernet3 / +service-policy type qos input MARK',
    'a peer that the route-map of the list is on': 'router bgp 65001 / vrf BLUE / +neighbor 10.9.0.1 route-map RM1 out',
    'a port with the access list that goes to another VRF': 'interface Ethernet1 / -vrf PROD',
    'a trunk without a list, which the new VLAN is on': 'interface Ethernet8 / +switchport mode trunk',
    'a network of a routing protocol that takes the new address up': '+router ospf 1',
  }

  test.each(ATTACKS)('[3A1] [3A2] [3A3] in $what', ({ what, was, is, lines }) => {
    const [first] = verdictFrom(was, is, lines).obstacles
    expect(first).toContain(`leaf1: the base differs in \`${FIRST[what]}\``)
  })

  test.each([
    [
      'in a description where the change is',
      edited(['description host A', 'description host C']),
      'leaf1: the base differs in `interface Ethernet2 / -description host A`, which the change touches',
    ],
    [
      'in an access list that nothing of the change names',
      edited(['10 permit tcp any any', '10 deny tcp any any']),
      'leaf1: the base differs in `ip access-list OTHER / -10 permit tcp any any`, a line of acl',
    ],
    [
      'in a VLAN more',
      edited(['vlan 130\n', 'vlan 125\n   name NEW\n!\nvlan 130\n']),
      'leaf1: the base differs in `+vlan 125`, a line of vlan',
    ],
    [
      'in a VLAN of a list',
      edited(['vlan 130\n', 'vlan 125-126\n!\nvlan 130\n']),
      'leaf1: the base differs in `+vlan 125-126`, a line of vlan',
    ],
    [
      'in a route more',
      edited(['ip route vrf MGMT', 'ip route 10.9.0.0/16 10.0.0.0\nip route vrf MGMT']),
      'leaf1: the base differs in `+ip route 10.9.0.0/16 10.0.0.0`, a line of static-route',
    ],
    [
      'in whether a port is shut down',
      edited(['   description spare\n', '   description spare\n   shutdown\n']),
      'leaf1: the base differs in `interface Ethernet8 / +shutdown`, a line of interface.shutdown',
    ],
    [
      'in a line of no known kind',
      edited(['ntp server', 'frobnicate 1\nntp server']),
      'leaf1: the base differs in `+frobnicate 1`, a line of no known kind',
    ],
    [
      'in a line two commands deep, and names both',
      edited([
        '   neighbor 10.0.0.0 remote-as 65000\n',
        '   neighbor 10.0.0.0 remote-as 65000\n   !\n   vrf PROD\n      rd 65001:1\n',
      ]),
      'leaf1: the base differs in `router bgp 65001 / vrf PROD / +rd 65001:1`, a line of router-bgp.vrf',
    ],
    [
      'in the order of two blocks',
      edited(
        ['ip prefix-list PL-IN seq 10 permit 10.0.0.0/8\n!\n', ''],
        ['ip route vrf MGMT', 'ip prefix-list PL-IN seq 10 permit 10.0.0.0/8\n!\nip route vrf MGMT'],
      ),
      'leaf1: the base differs in `-ip prefix-list PL-IN seq 10 permit 10.0.0.0/8`, a line of prefix-list',
    ],
    [
      'in a comment, in which EOS shows what it boots',
      edited(['hostname leaf1\n', '! boot system flash:/EOS.swi\n!\nhostname leaf1\n']),
      'leaf1: the base differs in `+! boot system flash:/EOS.swi`, a line of no known kind',
    ],
    [
      'in a text that commands may be read in',
      edited(['hostname leaf1\n', 'banner motd\ninterface Ethernet9\n   description x\nEOF\n!\nhostname leaf1\n']),
      'leaf1: the base differs in `banner motd / +   description x`, a line of banner',
    ],
  ])('%s', (_what, base, reason) => {
    expect(reasonsOn(base, PORT)).toContain(reason)
  })

  test('in a line below a new port, even a description', () => {
    const base = edited([
      'interface Ethernet1\n',
      'interface Port-Channel8\n   description NEW\n!\ninterface Ethernet1\n',
    ])
    expect(reasonsOn(base, PORT)).toEqual([
      'leaf1: the base differs in `+interface Port-Channel8`, a line of interface.block',
    ])
  })

  test('in a secret, and in anything of a block that hides one', () => {
    const secret = (word: string, more = '') =>
      edited(['   description host B\n', `   description host B${more}\n   ip ospf authentication-key 0 ${word}\n`])
    const hidden = /^leaf1: the base differs in `[-+]! hidden below: hmac:[0-9a-f]{64}`, a line of no known kind$/
    for (const is of [secret('canary-two'), secret('canary-one', ' more')]) {
      const { obstacles } = verdictFrom(secret('canary-one'), is, PORT)
      expect(obstacles).toEqual([expect.stringMatching(hidden), expect.stringMatching(hidden)])
      expect(JSON.stringify(planOn(is, PORT))).not.toContain('canary-')
    }
    // Elsewhere a block that hides something is in the way of nothing.
    const used = secret('canary-one').replace('description spare', 'description used')
    expect(verdictFrom(secret('canary-one'), used, PORT).obstacles).toEqual([])
  })

  test('in more lines than somebody looks through', () => {
    const many = (count: number, name: string) =>
      edited([
        'vrf instance MGMT\n',
        `${Array.from({ length: count }, (_, at) => `vlan ${1000 + at}\n   name ${name}\n!\n`).join('')}vrf instance MGMT\n`,
      ])
    const judged = (count: number) => verdictFrom(many(count, 'A'), many(count, 'B'), PORT)
    expect(judged(100)).toMatchObject({ obstacles: [], differences: { length: 200 } })
    expect(judged(101)).toEqual({
      obstacles: ['leaf1: the base differs in no line, or in more than 200'],
      differences: [],
    })
  })

  test('and nobody knows in what', () => {
    const bare = planOfShown([shownBy(BASE, PORT)], { carries: undefined } as never)
    const made = planOfShown([shownBy(SPARE, PORT)], { carries: undefined } as never)
    expect(carries(bare, made).obstacles).toEqual(['leaf1: the base differs in no line, or in more than 200'])
    expect(carries(bare, planOn(SPARE, PORT)).obstacles).not.toEqual([])
    expect(carries(planOn(BASE, PORT), made).obstacles).not.toEqual([])
  })

  test('of the second of two switches', () => {
    const two = (base: string) => planOfShown([shownBy(BASE, PORT), { ...shownBy(base, PORT), device: 'leaf2' }])
    expect(carries(two(BASE), two(edited(['PROD-WEB', 'PROD-X'], ['host A', 'host X']))).obstacles).toEqual([
      'leaf2: the base differs in `interface Ethernet2 / -description host A`, which the change touches',
      'leaf2: the base differs in `interface Ethernet2 / +description host X`, which the change touches',
    ])
    expect(carries(two(BASE), two(SPARE))).toMatchObject({ obstacles: [], differences: [{ device: 'leaf2' }, {}] })
  })

  test('and a base that was altered after the plan was made is none', () => {
    const made = planOn(SPARE, PORT)
    expect(() => requireIntact({ ...made, evidence: { ...made.evidence, bases: { leaf1: BASE } } })).toThrow(
      'changed after it was made',
    )
    expect(() => requireIntact({ ...made, evidence: { ...made.evidence, bases: {} } })).toThrow(
      'changed after it was made',
    )
    expect(requireIntact(made)).toBe(made)
  })
})

test('the kinds over which an approval may carry are text that only people read', () => {
  expect(QUIET_KINDS).toEqual([
    'vlan.name',
    'interface.description',
    'svi.description',
    'loopback.description',
    'tunnel.description',
    'management-port.description',
    'other-port.description',
  ])
})

/** What is not as it was approved, by name. */
const partsOf = (obstacles: readonly string[]) =>
  obstacles.flatMap((one) => (one.startsWith('not what was approved: ') ? [one.slice(23)] : []))

describe('[F42] an approval does not carry where the plan says something else', () => {
  const approved = planOn(BASE, PORT)
  const made = planOn(SPARE, PORT)
  const parts = (plan: Plan) => partsOf(carries(approved, plan).obstacles)

  test('of lines and diff', () => {
    expect(parts(planOn(SPARE, ['interface Ethernet2', '   switchport access vlan 130']))).toEqual(
      expect.arrayContaining(['linesHmac of leaf1', 'diffHmac of leaf1']),
    )
  })

  test('of what the switch makes of the same lines', () => {
    const shown = shownBy(SPARE, PORT)
    const candidate = shown.staged.candidate.replace('description used', 'description used more')
    expect(parts(planOfShown([{ ...shown, staged: { ...shown.staged, candidate } }]))).toContain('diffHmac of leaf1')
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
    ['judges' as 'checks', []],
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
      expect(partsOf(carries(before, made).obstacles)).toContain(member)
    },
  )

  test('of what a gate says, but for the document that it was asked about', () => {
    const said = { gate: 'limits', version: '1', input: `sha256:${'1'.repeat(64)}`, verdict: 'allow' }
    const asked = (gate: object) => withContent(made, { gate: [gate] } as never)
    const before = withContent(approved, { gate: [said] } as never)
    const gates = (plan: Plan) => partsOf(carries(before, plan).obstacles)
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
    expect(parts(withContent(made, { devices: [{ ...device, ...value } as never] }))).toContain(`${member} of leaf1`)
  })

  test('of what a switch has no more', () => {
    const [device] = approved.content.devices
    const before = withContent(approved, { devices: [{ ...device, later: 1 } as never] })
    expect(partsOf(carries(before, made).obstacles)).toContain('later of leaf1')
  })

  test('of whether a switch is saved, as it is where a colleague has not saved', () => {
    const unsaved = shownBy(SPARE, PORT)
    const staged = { ...unsaved.staged, startupDiff: '+ description used' }
    expect(parts(planOfShown([{ ...unsaved, staged }]))).toEqual(expect.arrayContaining(['saved of leaf1', 'warnings']))
  })

  test('of a switch more, or less', () => {
    const two = planOfShown([shownBy(SPARE, PORT), { ...shownBy(BASE, PORT), device: 'leaf2' }])
    expect(parts(two)).toContain('diffHmac of leaf2')

    expect(parts(withContent(made, { devices: [] }))).toContain('diffHmac of leaf1')
  })

  test('of a switch beside, but for what its state was', () => {
    const identity = { serial: 'S', systemMac: 'm', eos: '4', model: 'M' }
    const beside = { name: 'spine1', of: ['leaf1'], identity, state: `sha256:${'3'.repeat(64)}`, good: [0] }
    const own = withContent(approved, { neighbors: [beside] })
    const told = (more: object) =>
      partsOf(carries(own, withContent(made, { neighbors: [{ ...beside, ...more }] })).obstacles)
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
    ['that may change users', { allow: ['users'] }, 'the plan may change users, passwords and keys'],
  ])('%s', (_what, more, reason) => {
    const [approved, made] = [BASE, SPARE].map((base) => withContent(planOn(base, PORT), more))
    if (approved === undefined || made === undefined) throw new Error('two plans')
    expect(carries(approved, made).obstacles).toEqual([reason])
  })

  test.each([
    ['replaces a configuration', { mode: 'replace' }, 'the plan replaces a whole configuration'],
    ['changes what is booted', { bootLines: ['boot x'] }, 'the plan changes what a switch boots'],
    ['has unknown lines', { unknownLines: ['x'] }, 'the plan has lines that no rule knows'],
  ])('that %s', (_what, more, reason) => {
    const [approved, made] = [BASE, SPARE].map((base) => {
      const plan = planOn(base, PORT)
      return withContent(plan, { devices: plan.content.devices.map((device) => ({ ...device, ...more }) as never) })
    })
    if (approved === undefined || made === undefined) throw new Error('two plans')
    expect(carries(approved, made).obstacles).toEqual([reason])
  })
})
