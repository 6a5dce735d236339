import { z } from 'zod'
import { once } from '../../../../model/once.ts'
import { passUnless, type Verdict } from '../../../../model/verdict.ts'
import { nullAsAbsent } from '../../answer/null-as-absent.ts'
import { integer } from '../../input/numbers.ts'
import { vrf } from '../../input/words.ts'
import { peerAddress } from './bgp-peer.ts'

/** AFIs that need a SAFI; their capability is named by both. */
const WITH_SAFI = ['ipv4', 'ipv6'] as const

/** The capability of each AFI that stands for itself (ANTA documentation, input types; EOS, `show bgp neighbors`). */
const CAPABILITY_OF_AFI = {
  'vpn-ipv4': 'ipv4MplsVpn',
  'vpn-ipv6': 'ipv6MplsVpn',
  evpn: 'l2VpnEvpn',
  'rt-membership': 'rtMembership',
  'path-selection': 'dps',
  'link-state': 'linkState',
} as const

/** How the capability of an AFI with a SAFI ends. */
const CAPABILITY_OF_SAFI = {
  unicast: 'Unicast',
  multicast: 'Multicast',
  'labeled-unicast': 'MplsLabels',
  'sr-te': 'SrTe',
} as const

const AFIS = [...WITH_SAFI, ...keysOf(CAPABILITY_OF_AFI)]

/**
 * A BGP address family of a catalog with all that one check or another wants of it; a check says by `.required` what it
 * cannot do without. Lists of families are {@link familiesOf}.
 */
export const addressFamily = once(() =>
  z.strictObject({
    afi: z.enum(AFIS).describe('address family identifier'),
    safi: nullAsAbsent(z.enum(keysOf(CAPABILITY_OF_SAFI))).describe('its subsequent one, of `ipv4` and `ipv6` only'),
    vrf: vrf().describe('VRF; any but `default` only with `ipv4` and `ipv6`'),
    num_peers: nullAsAbsent(integer(1)).describe('number of peers that must be there'),
    peers: nullAsAbsent(z.array(peerAddress()).min(1)).describe('addresses of the peers to judge'),
    check_tcp_queues: z.boolean().default(true).describe('whether the queues of the TCP sessions must be empty'),
    check_peer_state: z.boolean().default(false).describe('whether only established, negotiated peers count'),
  }),
)

type Family = Pick<z.output<ReturnType<typeof addressFamily>>, 'afi' | 'safi' | 'vrf'>

/** A list of address families, each of which has a SAFI and a VRF where it can have one, and only there. */
export function familiesOf<F extends z.ZodType<Family>>(family: F) {
  return z
    .array(
      family
        .refine(({ afi, safi }) => hasSafi(afi) === (safi !== undefined), {
          error: '`safi` belongs to the families `ipv4` and `ipv6`, which need one',
        })
        .refine((one) => hasSafi(one.afi) || one.vrf === 'default', {
          error: '`vrf` must be `default` with any family but `ipv4` and `ipv6`',
        }),
    )
    .min(1)
}

/** The capability that the family is negotiated by: `ipv4Unicast`, `l2VpnEvpn`. */
export function capabilityOf({ afi, safi = 'unicast' }: Family): string {
  return afi === 'ipv4' || afi === 'ipv6' ? `${afi}${CAPABILITY_OF_SAFI[safi]}` : CAPABILITY_OF_AFI[afi]
}

/** Judges each family by its VRF. The faults go on where the name of the family ends. */
export function judgeFamilies<F extends Family, V>(
  families: readonly F[],
  vrfs: ReadonlyMap<string, V> | undefined,
  faultsOf: (family: F, vrf: V) => readonly string[],
): Verdict {
  return passUnless(
    families.flatMap((family) => {
      const found = vrfs?.get(family.vrf)
      const faults = found === undefined ? ['- VRF not configured'] : faultsOf(family, found)
      return faults.map((fault) => `${familyName(family)} ${fault}`)
    }),
  )
}

function familyName({ afi, safi, vrf: name }: Family): string {
  return safi === undefined ? `AFI: ${afi}` : `AFI: ${afi} SAFI: ${safi} VRF: ${name}`
}

function hasSafi(afi: Family['afi']): boolean {
  return WITH_SAFI.some((one) => one === afi)
}

function keysOf<K extends string>(record: Readonly<Record<K, string>>): readonly K[] {
  return Object.keys(record) as K[]
}
