import { rows } from './table.ts'

/** The root lines of `show running-config all` that clients read back, in the order of the recorded text (4.13.7M). */
export const ROOT_DEFAULTS = rows(`
  vlan internal allocation policy ascending
  no ip domain lookup source-interface
  no ip domain-name
  no ntp trusted-key
  no ntp authenticate
  no snmp-server chassis-id
  no snmp-server contact
  no snmp-server location
  spanning-tree mode mstp
  spanning-tree mst 0 priority 32768
  aaa authentication login default local
  no aaa authentication login console
  aaa authentication enable default local
  no aaa authorization console
  no aaa authorization exec default
  no aaa authorization commands all default
  aaa authorization config-commands
  no enable password
  no aaa root
  no clock timezone
  no banner login
  no banner motd
  no ip routing
  no ipv6 unicast-routing
  ip icmp redirect
`)

/** The block `mlag configuration`, which `all` prints on every switch. */
export const MLAG_DEFAULTS = rows(`
  no domain-id
  heartbeat-interval 2000
  no local-interface
  no peer-address
  no peer-link
  reload-delay 300
  no reload-delay non-mlag
  no reload-delay mode
  no shutdown
`)

/** A VLAN; its name is `default` for VLAN 1 and `VLAN0010` for VLAN 10. */
export function vlanDefaults(id: number): readonly string[] {
  return [`name ${id === 1 ? 'default' : `VLAN${String(id).padStart(4, '0')}`}`, 'state active', 'no private-vlan']
}

/** `router bgp`, of the text of a 4.19.1F; `maximum-paths` differs by platform, 1 of 128 is that of cEOS [I]. */
export const BGP_DEFAULTS = rows(`
  bgp asn notation asplain
  no shutdown
  no router-id
  no bgp confederation identifier
  bgp log-neighbor-changes
  bgp default ipv4-unicast
  timers bgp 60 180
  distance bgp 200 200 200
  graceful-restart restart-time 300
  graceful-restart stalepath-time 300
  no bgp cluster-id
  bgp client-to-client reflection
  no graceful-restart
  bgp enforce-first-as
  no default-metric
  no bgp always-compare-med
  maximum-paths 1 ecmp 128
  bgp listen limit 1000
  bgp bestpath as-path multipath-relax
`)

/** One BGP neighbor or peer group. */
export function neighborDefaults(name: string): readonly string[] {
  return [
    `no neighbor ${name} remote-as`,
    `no neighbor ${name} next-hop-self`,
    `no neighbor ${name} next-hop-unchanged`,
    `no neighbor ${name} shutdown`,
    `no neighbor ${name} local-as`,
    `no neighbor ${name} weight`,
    `no neighbor ${name} update-source`,
    `no neighbor ${name} description`,
    `no neighbor ${name} ebgp-multihop`,
    `no neighbor ${name} route-reflector-client`,
    `no neighbor ${name} password`,
    `no neighbor ${name} default-originate`,
    `no neighbor ${name} send-community`,
  ]
}
