import type { ConfigChange } from './diff.ts'

/** Root commands that carry no traffic of others, whatever becomes of them. */
const ASIDE =
  /^(?:alias|banner|clock|dns|hostname|ip (?:domain|host|name-server|radius|tacacs)|lldp|logging|management|monitor session|ntp|queue-monitor|radius-server|role|sflow|snmp-server|tacacs-server|username|aaa|enable)\b/

/** What of a port, or of a VLAN, leaves its links up. */
const BESIDE_LINKS =
  /^(?:description|name|switchport (?:access vlan|trunk allowed vlan)|spanning-tree (?:portfast|bpduguard)|storm-control|load-interval|logging event|snmp trap|lldp|sflow)\b/

/** What `router bgp` has of a VLAN that EVPN stretches. */
const EVPN_INSTANCE = /^vlan(?:-aware-bundle)? /

/**
 * Whether a changed line may take its switch, or an uplink of it, down. Every line may, but for those that are known not to: what is beside the
 * traffic, what of a port leaves its link up, and a VLAN that is added, with its SVI, its VNI and its EVPN instance.
 */
export function takesDown({ sign, path, line }: Pick<ConfigChange, 'sign' | 'path' | 'line'>): boolean {
  const bare = line.replace(/^(?:no|default) /, '')
  const root = (path[0] ?? bare).replace(/^(?:no|default) /, '')
  if (ASIDE.test(root)) return false
  if (path.length > 0 && /^(?:interface|vlan) /.test(root) && BESIDE_LINKS.test(bare)) return false
  const isAdded = sign === '+' && bare === line && bare !== 'shutdown'
  if (isAdded && /^vlan \d/.test(root)) return /^state suspend/.test(bare)
  if (isAdded && /^interface Vlan\d/.test(root)) return false
  if (isAdded && /^router bgp /.test(root) && EVPN_INSTANCE.test(path.length === 0 ? '' : (path[1] ?? bare)))
    return false
  return !(isAdded && /^interface Vxlan/.test(root) && /^vxlan vlan /.test(bare))
}
