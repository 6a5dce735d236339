import { definedMembers } from '../../model/defined-members.ts'
import { isJsonObject, type Json } from '../../model/json.ts'
import { gathered, keepKeys } from '../../model/map-keys.ts'
import type { Problem } from '../../model/problem.ts'
import {
  keyPlaceOf,
  type LocatedValue,
  locatedAt,
  locatedNowhere,
  type Path,
  placeOf,
} from '../../text/source/located.ts'
import { didYouMean } from '../../text/source/suggest.ts'
import {
  type Layer,
  type Roster,
  type RosterGroup,
  type RosterHost,
  type RosterMap,
  type RosterValue,
  UnsafeText,
  type Variable,
} from '../roster/hosts/roster.ts'
import type { InventoryFile } from './schema.ts'

interface GroupNode {
  readonly children: readonly string[]
  readonly priority?: number
}

interface GroupGraph {
  // All groups that hold one of these, and these, sorted by strength: the weakest first. `all` is not among them.
  around(names: Iterable<string>): readonly string[]
  // Each circle once.
  readonly circles: readonly (readonly string[])[]
}

const ALL = 'all'

function groupGraph(groups: ReadonlyMap<string, GroupNode>): GroupGraph {
  const parents = gathered(
    [...groups].flatMap(([name, { children }]) => children.map((child) => [child, name] as const)),
  )
  const circles = circlesOf(groups)
  const depths = new Map<string, number>()
  const depthOf = (name: string): number => {
    const known = depths.get(name)
    if (known !== undefined) return known
    // Of a circle, which is refused, any depth is as good.
    depths.set(name, 0)
    const depth = name === ALL ? 0 : 1 + Math.max(0, ...(parents.get(name) ?? []).map(depthOf))
    depths.set(name, depth)
    return depth
  }
  const isWeaker = (a: string, b: string) =>
    depthOf(a) - depthOf(b) ||
    (groups.get(a)?.priority ?? 1) - (groups.get(b)?.priority ?? 1) ||
    (a < b ? -1 : a > b ? 1 : 0)
  return {
    circles,
    around: (names) => {
      const found = new Set<string>()
      const waiting = [...names]
      for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
        if (name === ALL || found.has(name)) continue
        found.add(name)
        waiting.push(...(parents.get(name) ?? []))
      }
      return [...found].sort(isWeaker)
    },
  }
}

function circlesOf(groups: ReadonlyMap<string, GroupNode>): readonly (readonly string[])[] {
  const circles: (readonly string[])[] = []
  const done = new Set<string>()
  const walk = (name: string, trail: readonly string[]) => {
    const begin = trail.indexOf(name)
    if (begin >= 0) circles.push([...trail.slice(begin), name])
    if (begin >= 0 || done.has(name)) return
    for (const child of groups.get(name)?.children ?? []) walk(child, [...trail, name])
    done.add(name)
  }
  for (const name of groups.keys()) walk(name, [])
  return circles
}

type Written = Pick<InventoryFile, 'groups' | 'devices'>

/**
 * What `inventory.yaml` says of groups and variables, laid over what its sources gave: of each switch first the layers of the sources, then
 * those of its groups here, the weakest first, then its own. A switch is in a group of the file by its `groups`, or by a source that
 * knows the same group or one of its children.
 */
export function laidOver(under: Roster, { groups, devices }: Written, located: LocatedValue): Roster {
  const nodes = nodesOf(under, groups)
  const graph = groupGraph(nodes)
  const layers = new Map(
    Object.entries(groups).flatMap(([name, { vars }]) =>
      vars === undefined ? [] : [[name, layerOf(`group ${name}`, vars, located, ['groups', name, 'vars'])] as const],
    ),
  )
  const names = new Set([...under.hosts.keys(), ...Object.keys(devices)])
  const hosts = [...names].map((name): RosterHost => {
    const below = under.hosts.get(name)
    const own = Object.hasOwn(devices, name) ? devices[name] : undefined
    const around = graph.around([...(below?.groups ?? []), ...(own?.groups ?? [])])
    const stacked = [ALL, ...around].flatMap((group) => layers.get(group) ?? [])
    const vars = own?.vars === undefined ? [] : [layerOf(`host ${name}`, own.vars, located, ['devices', name, 'vars'])]
    return {
      name,
      at: below?.at ?? keyPlaceOf(located, ['devices', name]),
      groups: around,
      layers: [...(below?.layers ?? []), ...stacked, ...vars],
    }
  })
  return {
    hosts: new Map(hosts.map((host) => [host.name, host])),
    groups: groupsWith(under, { groups, devices }, layers),
  }
}

/** What is wrong with the groups of `inventory.yaml`: a group that is in itself, and the name of one that nobody has. */
export function groupProblems(under: Roster, { groups, devices }: Written, located: LocatedValue): readonly Problem[] {
  const known = [...new Set([...Object.keys(groups), ...under.groups.keys()])].filter((name) => name !== ALL)
  const named: readonly Path[] = [
    ...Object.entries(groups).flatMap(([name, { children = [] }]) =>
      children.map((_, index) => ['groups', name, 'children', index]),
    ),
    ...Object.entries(devices).flatMap(([name, { groups: own = [] }]) =>
      own.map((_, index) => ['devices', name, 'groups', index]),
    ),
  ]
  const unknown = named.flatMap((path): Problem[] => {
    const name = String(path.reduce<unknown>((of, step) => (of as Record<string, unknown>)[step], { groups, devices }))
    if (known.includes(name)) return []
    const message = `there is no group \`${name}\``
    const hint = known.length === 0 ? `write it under \`groups\`: \`${name}: {}\`` : didYouMean(name, known)
    return [{ code: 'unknown-group', message, at: placeOf(located, path), hint }]
  })
  return [...unknown, ...cycles(under, groups, located)]
}

function cycles(under: Roster, groups: Written['groups'], located: LocatedValue): readonly Problem[] {
  return groupGraph(nodesOf(under, groups)).circles.map((circle) => {
    const [parent = '', child = ''] = circle.slice(-2)
    const place = (groups[parent]?.children ?? []).indexOf(child)
    return {
      code: 'inventory-cycle',
      message: `the group \`${child}\` is in itself: ${circle.join(' > ')}`,
      at: placeOf(located, ['groups', parent, 'children', ...(place < 0 ? [] : [place])]),
      hint: 'take one of the children out',
    }
  })
}

function nodesOf(under: Roster, groups: Written['groups']): ReadonlyMap<string, GroupNode> {
  const nodes = new Map<string, GroupNode>([...under.groups].map(([name, { children }]) => [name, { children }]))
  for (const [name, { children = [], priority }] of Object.entries(groups)) {
    nodes.set(name, {
      children: [...new Set([...(nodes.get(name)?.children ?? []), ...children])],
      ...definedMembers({ priority }),
    })
  }
  return nodes
}

function groupsWith(
  under: Roster,
  { groups, devices }: Written,
  layers: ReadonlyMap<string, Layer>,
): ReadonlyMap<string, RosterGroup> {
  const members = gathered(
    Object.entries(devices).flatMap(([name, { groups: own = [] }]) => own.map((group) => [group, name] as const)),
  )
  const names = new Set([...under.groups.keys(), ...Object.keys(groups)])
  return new Map(
    [...names].map((name) => {
      const below = under.groups.get(name)
      const own = Object.hasOwn(groups, name) ? groups[name] : undefined
      const layer = layers.get(name)
      const group: RosterGroup = {
        name,
        children: [...new Set([...(below?.children ?? []), ...(own?.children ?? [])])],
        hosts: [...new Set([...(below?.hosts ?? []), ...(members.get(name) ?? [])])],
        layers: [...(below?.layers ?? []), ...(layer === undefined ? [] : [layer])],
      }
      return [name, group] as const
    }),
  )
}

function layerOf(of: string, vars: Readonly<Record<string, Json>>, located: LocatedValue, path: Path): Layer {
  const variables = Object.entries(vars).map(([name, value]): readonly [string, Variable] => {
    const whole = [...path, name]
    const variable = {
      value: asWritten(locatedAt(located, whole) ?? locatedNowhere(value, located.file)),
      at: placeOf(located, whole),
      placeOf: (within: Path) => placeOf(located, [...whole, ...within]),
    }
    return [name, variable]
  })
  return { of, vars: new Map(variables) }
}

function asWritten({ value, spot }: Pick<LocatedValue, 'value' | 'spot'>): RosterValue {
  if (typeof value === 'string') return new UnsafeText(value)
  const below = (member: Json, key: string | number): RosterValue =>
    asWritten({ value: member, spot: spot.members.get(String(key)) ?? spot })
  if (Array.isArray(value)) return (value as readonly Json[]).map(below)
  if (!isJsonObject(value)) return value as RosterValue
  const map = Object.fromEntries(Object.entries(value).map(([key, member]) => [key, below(member, key)])) as RosterMap
  const keys = [...spot.members.keys()]
  if (keys.length === Object.keys(map).length) keepKeys(map, keys)
  return map
}
