import { on } from './row.ts'

/** EOS 4.18.10M, ribd: answers the neighbors of BGP with an error inside JSON. */
export const r3On418 = on('eos_bgp_weight_behavior_ribd__r3-418')
/** EOS 4.18.10M, the neighbour of {@link r3On418}. */
export const r4On418 = on('eos_bgp_weight_behavior_ribd__r4-418')
/** EOS 4.21.1.1F: neighbors of BGP without TTL and without TCP queues; an MLAG pair. */
export const leaf1On421 = on('eos_iosxe_aws_demo__Leaf1')
/** EOS 4.21.1.1F. */
export const leaf2On421 = on('eos_iosxe_aws_demo__Leaf2')
/** EOS 4.21.1.1F. */
export const leaf3On421 = on('eos_iosxe_aws_demo__Leaf3')
/** EOS 4.21.1.1F. */
export const spine1On421 = on('eos_iosxe_aws_demo__Spine1')
/** EOS 4.21.1.1F. */
export const spine2On421 = on('eos_iosxe_aws_demo__Spine2')
/** EOS 4.23.0.1F, ribd: two of its five peers are firewalls that are not there. */
export const borderLeaf1 = on('cv_demo_base_panos__bl01')
/** EOS 4.23.0.1F, ribd: two of its five peers are firewalls that are not there. */
export const borderLeaf2 = on('cv_demo_base_panos__bl02')
/** EOS 4.23.0.1F, ribd: a leaf with two uplinks. */
export const leaf2 = on('cv_demo_base_panos__leaf02')
/** EOS 4.23.0.1F, ribd. */
export const spine1 = on('cv_demo_base_panos__spine01')
/** EOS 4.23.0.1F: static routes, and aggregates of BGP. */
export const aggregating = on('eos_bgp_aggregate__EOS-1')
/** EOS 4.23.0.1F: OSPF beside BGP. */
export const np1 = on('eos_ospf_bgp__np01')
/** EOS 4.23.0.1F: OSPF beside BGP, with a static and an external route. */
export const np2 = on('eos_ospf_bgp__np02')
/** EOS 4.23.0.1F: iBGP. */
export const ibgp = on('eos_ibgp_local_preference__r1')
/** EOS 4.23.0.1F: three peers. */
export const sender = on('eos_rm_undefined_continue__sender')
/** EOS 4.23.0.1F, multi-agent: an EVPN fabric with VXLAN and tenants. */
export const evpnLeaf1A = on('eos_evpn_l3_design_guide_vlan_based__H-LEAF1A')
/** EOS 4.23.0.1F, multi-agent: of an MLAG pair in the EVPN fabric. */
export const evpnSvc3A = on('eos_evpn_l3_design_guide_vlan_based__H-SVC3A')
/** EOS 4.23.0.1F, multi-agent: the other one of the pair. */
export const evpnSvc3B = on('eos_evpn_l3_design_guide_vlan_based__H-SVC3B')
/** EOS 4.23.0.1F, multi-agent: a border leaf of the EVPN fabric. */
export const evpnBl1A = on('eos_evpn_l3_design_guide_vlan_based__H-BL1A')
/** EOS 4.23.0.1F, multi-agent: fourteen peers. */
export const evpnSpine1 = on('eos_evpn_l3_design_guide_vlan_based__H-SPINE1')
/** EOS 4.23.0.1F, multi-agent: fourteen peers. */
export const evpnSpine2 = on('eos_evpn_l3_design_guide_vlan_based__H-SPINE2')
/** cEOSLab 4.36.0.1F. */
export const r1On436 = on('eos_ceos_ebgp__r1')
/** cEOSLab 4.36.0.1F, the neighbour of {@link r1On436}. */
export const r2On436 = on('eos_ceos_ebgp__r2')
