import { expect, test } from 'vitest'
import { decidePairs } from '../../../src/change/plan/pairs.ts'
import type { DiffLine } from '../../../src/change/plan/plan.ts'
import { sharesWave, wavesOf } from '../../../src/change/plan/rollout.ts'

type Rollout = Parameters<typeof decidePairs>[0]['rollout']

const ROLLOUT: Rollout = {
  waves: ['100%'],
  redundant: {},
  together: false,
  pairs: 'auto',
  concurrency: 10,
  atomic: 'wave',
  maxFailures: 0,
}

const diffOf = (text: string) =>
  text.split('\n').map((row) => ({ sign: row[0] as DiffLine['sign'], text: row.slice(2) }))

const VLAN =
  '+ vlan 110\n+    name clients\n  interface Port-Channel5\n+    mlag 5\n  router bgp 65101\n+    vlan 110\n+       rd 1.1.1.1:110'
const SHUT = '  interface Ethernet1\n+    shutdown'

/** What the plan says of leaf1 and leaf2, who back each other up. */
function decided(given: {
  readonly rollout?: Partial<Rollout>
  readonly diffs?: readonly [string, string]
  readonly redundant?: readonly (readonly [string, string])[]
  readonly canary?: readonly string[]
  readonly changed?: readonly string[]
}) {
  const {
    rollout,
    diffs = [VLAN, VLAN],
    redundant = [['leaf1', 'leaf2']],
    canary,
    changed = ['leaf1', 'leaf2', 'leaf3'],
  } = given
  const pairs = decidePairs(
    { rollout: { ...ROLLOUT, ...rollout } },
    {
      changed,
      redundant,
      canary: canary === undefined ? undefined : { switches: canary, soak: 30 },
      devices: diffs.map((text, index) => ({ name: `leaf${index + 1}`, diff: diffOf(text) })),
    },
  )
  return pairs.map(({ switches, as, because }) => `${switches.join(' and ')} ${as}: ${because}`)
}

const ROWS: readonly (readonly [what: string, given: Parameters<typeof decided>[0], result: readonly string[]])[] = [
  [
    'VLANs, MLAG and EVPN of VLANs',
    {},
    ['leaf1 and leaf2 together: every line is of vlan, vlan.name, interface.mlag, router-bgp.vlan'],
  ],
  [
    'a line that may take a link down, on one of them',
    { diffs: [VLAN, SHUT] },
    ['leaf1 and leaf2 apart: leaf2: `interface Ethernet1 / shutdown` is interface.shutdown'],
  ],
  [
    'a line that nobody knows',
    { diffs: ['+ frobnicate', VLAN] },
    ['leaf1 and leaf2 apart: leaf1: `frobnicate` is of no known kind'],
  ],
  ['a VLAN that goes', { diffs: ['- vlan 110', '- vlan 110'] }, ['leaf1 and leaf2 together: every line is of vlan']],
  [
    'a BGP session',
    { diffs: [VLAN, '  router bgp 65101\n-    neighbor 10.0.0.1 remote-as 1'] },
    ['leaf1 and leaf2 apart: leaf2: `router bgp 65101 / neighbor 10.0.0.1 remote-as 1` is router-bgp.neighbor'],
  ],
  ['a workflow that keeps them apart', { rollout: { pairs: 'apart' } }, []],
  [
    'a workflow that wants them together, whatever changes',
    { rollout: { pairs: 'together' }, diffs: [SHUT, SHUT] },
    ['leaf1 and leaf2 together: the workflow says `pairs: together`'],
  ],
  [
    'one of them is a canary',
    { canary: ['leaf1'] },
    ['leaf1 and leaf2 apart: leaf1 is a canary, and the other is not'],
  ],
  [
    'both are canaries',
    { canary: ['leaf1', 'leaf2'] },
    ['leaf1 and leaf2 together: every line is of vlan, vlan.name, interface.mlag, router-bgp.vlan'],
  ],
  ['one of them does not change', { changed: ['leaf1', 'leaf3'] }, []],
  [
    'one that backs up two',
    {
      rollout: { pairs: 'together' },
      redundant: [
        ['leaf1', 'leaf2'],
        ['leaf2', 'leaf3'],
      ],
    },
    ['leaf1 and leaf2 apart: leaf2 backs up more than one', 'leaf2 and leaf3 apart: leaf2 backs up more than one'],
  ],
]

test.each(ROWS)('how two that back each other up are changed: %s', (_what, given, result) => {
  expect(decided(given)).toEqual(result)
})

const FOUR = ['leaf1', 'leaf3', 'leaf2', 'leaf4']
const PAIRS: readonly (readonly [string, string])[] = [
  ['leaf1', 'leaf2'],
  ['leaf3', 'leaf4'],
]

const WAVES: readonly (readonly [
  what: string,
  sizes: Rollout['waves'],
  apart: readonly string[],
  waves: readonly (readonly string[])[],
])[] = [
  ['both in one wave, one behind the other', ['100%'], [], [['leaf1', 'leaf2', 'leaf3', 'leaf4']]],
  [
    'a wave of one takes both',
    [1],
    [],
    [
      ['leaf1', 'leaf2'],
      ['leaf3', 'leaf4'],
    ],
  ],
  [
    'a wave of three takes no half',
    [3, '100%'],
    [],
    [
      ['leaf1', 'leaf2'],
      ['leaf3', 'leaf4'],
    ],
  ],
  ['one pair apart', ['100%'], ['leaf1'], [['leaf1', 'leaf3', 'leaf4'], ['leaf2']]],
]

test.each(WAVES)('waves: %s', (_what, sizes, apart, waves) => {
  const pairs = PAIRS.map((switches) => ({
    switches,
    as: switches.some((name) => apart.includes(name)) ? ('apart' as const) : ('together' as const),
    because: '',
  }))
  const rollout = { ...ROLLOUT, waves: sizes }
  expect(wavesOf({ rollout, selected: 4 }, { changed: FOUR, canary: undefined, redundant: PAIRS, pairs })).toEqual(
    waves,
  )
})

test.each<[string, readonly [string, string], boolean]>([
  ['in one wave', ['leaf1', 'leaf3'], true],
  ['in two waves', ['leaf1', 'leaf2'], false],
  ['one of which is in no wave', ['leaf1', 'leaf9'], false],
  ['neither of which is in a wave', ['leaf8', 'leaf9'], false],
  ['one of which is in both waves', ['leaf4', 'leaf1'], true],
  ['the same, the other way round', ['leaf2', 'leaf4'], true],
])('switches %s', (_, pair, shared) => {
  const waves = [
    ['leaf1', 'leaf3', 'leaf4'],
    ['leaf4', 'leaf2'],
  ]
  expect(sharesWave(waves)(pair)).toBe(shared)
})
