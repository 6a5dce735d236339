import { rows } from './table.ts'

const ALWAYS = rows(`
  no description
  no shutdown
  default load-interval
`)

const PORT = rows(`
  no mac-address
  no link-debounce
  no flowcontrol send
  no flowcontrol receive
  no mac timestamp
  no speed
`)

const SWITCHED = rows(`
  no l2 mtu
  switchport access vlan 1
  switchport trunk native vlan 1
  switchport trunk allowed vlan 1-4094
  switchport mode access
  switchport mac address learning
  no switchport private-vlan mapping
  switchport
  default encapsulation dot1q vlan
  no l2-protocol encapsulation dot1q vlan 0
  snmp trap link-status
`)

const ROUTED = rows(`
  mtu 1500
  logging event link-status use-global
  no switchport
  snmp trap link-status
  no ip proxy-arp
  no ip local-proxy-arp
  no ip address
  no ip verify unicast
  no ipv6 enable
  no ipv6 address
  no ipv6 verify unicast
`)

const MEMBER = rows(`
  no channel-group
  lacp timer normal
  lacp port-priority 32768
  lldp transmit
  lldp receive
`)

const GROUP = rows(`
  no port-channel min-links
  no port-channel lacp fallback
  port-channel lacp fallback timeout 90
  no mlag
`)

const SECURITY = rows(`
  no switchport port-security
  switchport port-security maximum 1
`)

const SWITCHED_END = rows(`
  sflow enable
  no storm-control broadcast
  no storm-control multicast
  no storm-control all
  no spanning-tree portfast
  spanning-tree portfast auto
  no spanning-tree link-type
  no spanning-tree bpduguard
  no spanning-tree bpdufilter
  no spanning-tree cost
  spanning-tree port-priority 128
  no spanning-tree guard
  no spanning-tree bpduguard rate-limit
  logging event spanning-tree use-global
`)

const ADDRESSED = rows(`
  mtu 1500
  logging event link-status use-global
  snmp trap link-status
  no ip proxy-arp
  no ip local-proxy-arp
  no ip address
  no ip verify unicast
  no ipv6 enable
  no ipv6 address
  no ipv6 verify unicast
`)

/**
 * What `show running-config all` prints for an interface where the configuration says nothing, in its order: of the
 * recorded `all` texts (vEOS 4.13.7M of pyeapi, 4.21.7M and 4.22.3M of batfish) the lines that clients read back, not the
 * queues, PIM and MLD.
 */
export function interfaceDefaults(name: string, routed: boolean): readonly string[] {
  if (name.includes('.')) return [...ALWAYS, ...ADDRESSED]
  if (name.startsWith('Ethernet')) {
    return routed
      ? [...ALWAYS, ...PORT, ...ROUTED, ...MEMBER, 'sflow enable']
      : [
          ...ALWAYS,
          'logging event link-status use-global',
          ...PORT,
          ...SWITCHED,
          ...MEMBER,
          ...SECURITY,
          ...SWITCHED_END,
        ]
  }
  if (name.startsWith('Port-Channel')) {
    return routed
      ? [...ALWAYS, ...ROUTED, ...GROUP, 'sflow enable']
      : [...ALWAYS, 'logging event link-status use-global', ...SWITCHED, ...GROUP, ...SECURITY, ...SWITCHED_END]
  }
  if (name.startsWith('Management')) return [...ALWAYS, ...PORT, ...ADDRESSED, 'lldp transmit', 'lldp receive']
  if (name.startsWith('Vxlan'))
    return ['no description', 'no shutdown', 'no vxlan source-interface', 'vxlan udp-port 4789']
  return [...ALWAYS, ...ADDRESSED]
}
