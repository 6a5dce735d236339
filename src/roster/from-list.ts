import { isJsonObject, type Json, type JsonObject } from '../model/json.ts'
import type { Checked, Problem } from '../model/problem.ts'
import { problemOf } from '../model/problem.ts'
import { acceptUnless } from '../source/checked.ts'
import { fromListed } from './listed-value.ts'
import type { Layer, Roster, RosterGroup, RosterHost, Variable } from './roster.ts'

interface Listed {
  readonly hosts: readonly string[]
  readonly children: readonly string[]
  readonly vars: JsonObject
}

/**
 * The roster of an inventory in the shape of `ansible-inventory --list`, as programs print it too: a group may be a bare list of its hosts,
 * and may have `vars`. The variables of a host are one layer, the strongest; those of its groups are below it, by depth,
 * `ansible_group_priority` and name. `source` names it in messages: nothing in it has a line.
 */
export function fromList(list: Json, source: string): Checked<Roster> {
  const problems: Problem[] = []
  const say = (message: string): undefined => {
    problems.push(problemOf(source, 'inventory-list', message, 'It has the shape of `ansible-inventory --list`.'))
  }
  if (!isJsonObject(list)) say('it is no object of groups')
  const root: JsonObject = isJsonObject(list) ? list : {}
  const groups = new Map<string, Listed>()
  for (const [name, group] of Object.entries(root))
    if (name !== '_meta') groups.set(name, listedGroup(name, group, say))
  const hostvars = hostvarsOf(root, say)
  const names = new Set([...Object.keys(hostvars), ...[...groups.values()].flatMap(({ hosts }) => hosts)])
  for (const [name, { children }] of groups) {
    for (const child of children) if (!groups.has(child)) groups.set(child, NOTHING)
    if (reaches(name, name, groups)) say(`the group ${JSON.stringify(name)} is in itself`)
  }
  return acceptUnless(problems, () => rosterOf(groups, hostvars, names, source))
}

const NOTHING: Listed = { hosts: [], children: [], vars: {} }

type Say = (message: string) => undefined

function listedGroup(name: string, group: Json, say: Say): Listed {
  if (isTexts(group)) return { ...NOTHING, hosts: group }
  if (!isJsonObject(group)) return say(`the group ${JSON.stringify(name)} is no object`) ?? NOTHING
  const { hosts = [], children = [], vars = {} } = group
  if (!isTexts(hosts)) return say(`the hosts of ${JSON.stringify(name)} are no list of names`) ?? NOTHING
  if (!isTexts(children)) return say(`the children of ${JSON.stringify(name)} are no list of names`) ?? NOTHING
  if (!isJsonObject(vars)) return say(`the vars of ${JSON.stringify(name)} are no object`) ?? NOTHING
  return { hosts, children, vars }
}

const isTexts = (value: Json): value is readonly string[] =>
  Array.isArray(value) && value.every((one) => typeof one === 'string')

function hostvarsOf({ _meta: meta }: JsonObject, say: Say): Readonly<Record<string, JsonObject>> {
  if (meta === undefined) return say('it has no `_meta`: variables are not asked for host by host') ?? {}
  const hostvars = isJsonObject(meta) ? (meta.hostvars ?? {}) : meta
  if (!isJsonObject(hostvars)) return say('`_meta` has no object `hostvars`') ?? {}
  const bad = Object.entries(hostvars).find(([, vars]) => !isJsonObject(vars))
  if (bad !== undefined) return say(`the variables of ${JSON.stringify(bad[0])} are no object`) ?? {}
  return hostvars as Readonly<Record<string, JsonObject>>
}

/** Whether a group can be reached from the children of another. */
function reaches(from: string, to: string, groups: ReadonlyMap<string, Listed>, seen = new Set<string>()): boolean {
  const { children } = groups.get(from) ?? NOTHING
  return children.some((child) => {
    if (child === to) return true
    if (seen.has(child)) return false
    seen.add(child)
    return reaches(child, to, groups, seen)
  })
}

function rosterOf(
  listed: ReadonlyMap<string, Listed>,
  hostvars: Readonly<Record<string, JsonObject>>,
  names: ReadonlySet<string>,
  source: string,
): Roster {
  const depths = depthsOf(listed)
  const groups = new Map<string, RosterGroup>()
  for (const [name, { hosts, children, vars }] of listed) {
    groups.set(name, { name, hosts, children, layers: layersOf(`group ${name}`, vars, source) })
  }
  const rank = (name: string): readonly [number, number] => {
    const priority = listed.get(name)?.vars.ansible_group_priority
    return [depths.get(name) ?? 0, typeof priority === 'number' ? priority : 1]
  }
  const byStrength = (a: string, b: string): number => {
    const [[depthA, priorityA], [depthB, priorityB]] = [rank(a), rank(b)]
    return depthA - depthB || priorityA - priorityB || (a < b ? -1 : 1)
  }
  const around = groupsAround(listed)
  const hosts = new Map<string, RosterHost>()
  for (const name of names) {
    const own = [...(around.get(name) ?? [])].sort(byStrength)
    const layers = [
      ...own.flatMap((group) => groups.get(group)?.layers ?? []),
      ...layersOf(`host ${name}`, hostvars[name] ?? {}, source),
    ]
    hosts.set(name, { name, at: placeIn(`${source}: ${name}`), groups: own, layers })
  }
  return { hosts, groups }
}

const placeIn = (file: string) => ({ file, line: 1, column: 1 })

function layersOf(of: string, vars: JsonObject, source: string): readonly Layer[] {
  const entries = Object.entries(vars)
  if (entries.length === 0) return []
  const at = placeIn(`${source}: ${of.replace(/^host /, '')}`)
  return [
    { of, vars: new Map(entries.map(([name, value]): [string, Variable] => [name, { value: fromListed(value), at }])) },
  ]
}

/** The longest way to each group from a group that is in no other. `all` is 0, and above all others where it is there. */
function depthsOf(listed: ReadonlyMap<string, Listed>): ReadonlyMap<string, number> {
  const parents = new Map<string, string[]>()
  for (const [name, { children }] of listed) {
    for (const child of children) parents.set(child, [...(parents.get(child) ?? []), name])
  }
  const depths = new Map<string, number>()
  const depthOf = (name: string): number => {
    const known = depths.get(name)
    if (known !== undefined) return known
    const above = (parents.get(name) ?? []).map(depthOf)
    const depth = name === 'all' ? 0 : Math.max(0, ...above) + 1
    depths.set(name, depth)
    return depth
  }
  for (const name of listed.keys()) depthOf(name)
  return depths
}

/** All groups around each host, directly or not. */
function groupsAround(listed: ReadonlyMap<string, Listed>): ReadonlyMap<string, ReadonlySet<string>> {
  const parents = new Map<string, string[]>()
  for (const [name, { children }] of listed) {
    for (const child of children) parents.set(child, [...(parents.get(child) ?? []), name])
  }
  const above = new Map<string, ReadonlySet<string>>()
  const aboveOf = (name: string): ReadonlySet<string> => {
    const known = above.get(name)
    if (known !== undefined) return known
    const all = new Set([name, ...(parents.get(name) ?? []).flatMap((parent) => [...aboveOf(parent)])])
    above.set(name, all)
    return all
  }
  const around = new Map<string, Set<string>>()
  for (const [name, { hosts }] of listed) {
    for (const host of hosts) {
      const own = around.get(host) ?? new Set<string>()
      for (const group of [...aboveOf(name), ...(listed.has('all') ? ['all'] : [])]) own.add(group)
      around.set(host, own)
    }
  }
  return around
}
