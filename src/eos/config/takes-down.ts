import { parseVlans } from '../../model/vlan-list.ts'
import type { ConfigChange } from './diff/diff.ts'

const ASIDE =
  /^(?:alias|banner|clock|dns|hostname|ip (?:domain|host|name-server|radius|tacacs)|lldp|logging|management|monitor session|ntp|queue-monitor|radius-server|role|sflow|snmp-server|tacacs-server|username|aaa|enable)\b/

const BESIDE_LINKS =
  /^(?:description|name|switchport access vlan|switchport trunk allowed vlan(?:$| add )|spanning-tree portfast(?: edge| auto)?$|load-interval|logging event|snmp trap|lldp|sflow)\b/

// What takes nothing from anybody if it is new, with all that is in it: a VLAN, its SVI, its EVPN instance and its VNI, each behind the
// command above it.
const HARMLESS_IF_NEW =
  /^(?:vlan [\d,-]+|interface Vlan\d+|router bgp .*\nvlan(?:-aware-bundle)? \S+|interface Vxlan.*\nvxlan vlan .*)$/

const KEEPS_DOWN = /^(?:shutdown|state suspend)/

const TRUNK_LIST = /^switchport trunk allowed vlan (.+)$/

type PlacedLine = Pick<ConfigChange, 'sign' | 'path' | 'line'>

export function takingDown<Line extends PlacedLine>(changes: readonly Line[]): readonly Line[] {
  const made = new Set(changes.filter(({ sign }) => sign === '+').map(placeOf))
  return changes.filter((change) => takesDown(change, made, changes))
}

export function perhapsTakingDown<Line extends PlacedLine>(typed: readonly Line[]): readonly Line[] {
  return typed.filter((line) => takesDown(line, new Set(), [line]))
}

function takesDown(change: PlacedLine, made: ReadonlySet<string>, all: readonly PlacedLine[]) {
  const { sign, path, line } = change
  const bare = line.replace(/^(?:no|default) /, '')
  const root = (path[0] ?? bare).replace(/^(?:no|default) /, '')
  if (ASIDE.test(root)) return false
  if (path.length > 0 && /^(?:interface|vlan) /.test(root) && BESIDE_LINKS.test(bare)) return false
  if (TRUNK_LIST.test(line)) return losesVlans(change, made, all)
  if (sign === '-' || bare !== line || KEEPS_DOWN.test(line)) return true
  const places = [...path, line].map((_, depth, place) => place.slice(0, depth + 1).join('\n'))
  return !places.some((place, depth) => HARMLESS_IF_NEW.test(place) && (made.has(place) || depth === path.length))
}

function losesVlans(change: PlacedLine, made: ReadonlySet<string>, all: readonly PlacedLine[]) {
  const { path } = change
  const [was, is] = (['-', '+'] as const).map((sign) =>
    all.find((one) => one.sign === sign && one.path.join('\n') === path.join('\n') && TRUNK_LIST.test(one.line)),
  )
  // Without a list a trunk carries every VLAN.
  if (is === undefined) return false
  if (was === undefined) return !made.has(path.join('\n'))
  const kept = new Set(vlansIn(is))
  return vlansIn(was).some((vlan) => !kept.has(vlan))
}

const placeOf = ({ path, line }: PlacedLine) => [...path, line].join('\n')

function vlansIn({ line }: PlacedLine) {
  return parseVlans(TRUNK_LIST.exec(line)?.[1] ?? '') ?? []
}
