import { expect, test } from 'vitest'
import { parseConfig } from '../../../src/eos/config/text/parse.ts'
import { type Breach, breachesOf, judgeInvariants } from '../../../src/eos/invariant/judge.ts'
import { shippedInvariants } from '../../../src/eos/invariant/shipped/shipped.ts'
import { replacePairs, shared, wholeConfigs } from '../config/replace-pairs.ts'

const EVPN = shippedInvariants(['evpn'])

/** How many breaches each invariant has, by the name behind `evpn/`. */
function counted(breaches: readonly Breach[]) {
  const counts: Record<string, number> = {}
  for (const { invariant } of breaches) {
    const name = invariant.slice('evpn/'.length)
    counts[name] = (counts[name] ?? 0) + 1
  }
  return counts
}

/** What recorded replacements of whole configurations break, each looked at by eye (docs/invariants.md#what-they-find). */
test.skipIf(shared === undefined)(
  'of recorded changes few break a shipped invariant',
  { tags: ['long', 'turn'] },
  () => {
    const pairs = replacePairs()
    const judged = pairs.map(({ running, candidate }) =>
      judgeInvariants(EVPN, parseConfig(running), parseConfig(candidate)),
    )
    expect(judged).toHaveLength(79)
    expect(judged.filter(({ broken }) => broken.length > 0)).toHaveLength(3)
    expect(counted(judged.flatMap(({ broken }) => broken))).toEqual({
      'trunk-allowed-vlans': 1,
      'evpn-instance': 1,
      'peer-link-vlans': 1,
      'vrf-vni': 4,
    })
    expect(counted(judged.flatMap(({ already }) => already))).toEqual({
      'ebgp-neighbor-filters': 50,
      'route-map-exists': 15,
      'prefix-list-exists': 5,
      'trunk-allowed-vlans': 2,
      'ebgp-neighbor-limit': 14,
      'access-list-exists': 2,
      'evpn-instance': 1,
      'vrf-vni': 18,
    })
  },
)

test.skipIf(shared === undefined)(
  'recorded configurations hold nearly all of the shipped invariants',
  { tags: ['long', 'turn'] },
  () => {
    const configs = wholeConfigs()
    const found = configs.map(({ text }) => breachesOf(EVPN, parseConfig(text)))
    expect(found).toHaveLength(397)
    expect(counted(found.flat())).toEqual({
      'ebgp-neighbor-filters': 1030,
      'trunk-allowed-vlans': 5,
      'ebgp-neighbor-limit': 22,
      'access-list-exists': 8,
      'prefix-list-exists': 4,
      'route-map-exists': 38,
      'vxlan-vlan-exists': 2,
      'route-target-unique': 6,
      'vrf-vni': 12,
      'evpn-instance': 100,
    })
  },
)
