import type { JsonObject } from '../../../../model/json.ts'
import { formatRanges } from '../../../../model/vlan-list.ts'
import type { SwitchState } from '../../converge/network-state.ts'
import { eosAtLeast } from '../../platform/eos-version.ts'

/**
 * What `show interfaces vxlan 1` has beyond other interfaces (suzieq and lab-validation, 4.23). VLANs that EOS
 * allocates for VRFs are left out: their numbers do not follow from the configuration (docs/eos.md 7.1).
 */
export function vxlanJson({ vxlan }: SwitchState, eos: string): JsonObject {
  if (vxlan === undefined) return {}
  const vlans = [...vxlan.vlanToVni.keys()].sort((a, b) => a - b)
  const perVlan = (value: (vlan: number) => JsonObject) =>
    Object.fromEntries(vlans.map((vlan) => [String(vlan), value(vlan)]))
  return {
    srcIpIntf: vxlan.sourceInterface,
    srcIpAddr: vxlan.sourceAddress,
    ...(eosAtLeast(eos, UDP_PORT_SINCE) ? { udpPort: vxlan.udpPort } : {}),
    vlanToVniMap: perVlan((vlan) => ({ vni: vxlan.vlanToVni.get(vlan) ?? 0, source: '' })),
    vrfToVniMap: Object.fromEntries(vxlan.vrfToVni),
    vlanToVtepList: Object.fromEntries(
      [...vxlan.floodList].map(([vlan, vteps]) => [String(vlan), { remoteVtepAddr: vteps, remoteVtepAddr6: [] }]),
    ),
    vlanToLearnRestrict: perVlan(() => ({ learnFrom: 'learnFromAny', prefixList: [] })),
    vccImportVlan: formatRanges(vlans),
    mlagSharedRouterMacAddr: vxlan.sharedRouterMac ?? '00:00:00:00:00:00',
    replicationMode: vlans.length > 0 ? 'headendVcs' : 'headendNonVcs',
    controllerControlPlane: vlans.length > 0,
    ...CONSTANTS,
  }
}

/** 4.23 does not tell it (lab-validation); ANTA reads it. */
const UDP_PORT_SINCE = '4.24'

/** Platform constants of a headend-replicating VTEP with EVPN, equal in all recordings. */
const CONSTANTS = {
  floodMcastGrp: '0.0.0.0',
  mcastGrpDecap: '',
  mcastRouting: false,
  staticFloodlists: false,
  dataPathLearningMode: false,
  controllerClientMode: false,
  arpReplyRelayMode: false,
  arpLocalAddress: false,
  portDot1qVniMapping: false,
  vniInDottedNotation: false,
  use32BitVni: false,
  vtepToVtepBridging: false,
  vtepSourcePruningAll: false,
  vtepSetForSourcePruning: [],
  decapFilterMode: 'filterEnabled',
  decapFilterIntf: [],
} as const
