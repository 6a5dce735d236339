import { type Problem, problemOf, type ValueOrProblems } from '../../model/error.ts'
import { HIDDEN_CHARACTER } from '../../model/hidden-character.ts'
import { definedMembers, gathered, isJsonObject, type Json, type JsonObject } from '../../model/json.ts'
import { acceptUnless, codePoint } from '../../text/source/located.ts'
import {
  ALL,
  fromListed,
  type GroupGraph,
  groupGraph,
  type Layer,
  type Roster,
  type RosterGroup,
  type RosterHost,
  type Variable,
} from './hosts/roster.ts'

interface Listed {
  readonly hosts: readonly string[]
  readonly children: readonly string[]
  readonly vars: JsonObject
}

/** The roster of an inventory in the shape of `ansible-inventory --list`, as programs print it too: a group may be a bare list of its hosts, and may have `vars`. The variables of a host are one layer, the strongest; those of its groups are below it, by depth, `ansible_group_priority` and name. */
export function fromList(list: Json, source: string): ValueOrProblems<Roster> {
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
  for (const { children } of [...groups.values()]) {
    for (const child of children) if (!groups.has(child)) groups.set(child, NOTHING)
  }
  const hidden = [...names, ...groups.keys()].find((name) => HIDDEN_CHARACTER.test(name))
  if (hidden !== undefined) say(`the name ${escaped(hidden)} holds a character that is not seen`)
  const nodes = [...groups].map(
    ([
      name,
      {
        children,
        vars: { ansible_group_priority: given },
      },
    ]) => {
      const priority = typeof given === 'number' ? given : undefined
      return [name, { children, ...definedMembers({ priority }) }] as const
    },
  )
  const graph = groupGraph(new Map(nodes))
  const looped = [...groups.keys()].find((name) => !graph.depths.has(name) && isInItself(name, groups))
  if (looped !== undefined) say(`the group ${JSON.stringify(looped)} is in itself`)
  return acceptUnless(problems, () => rosterOf(groups, graph, hostvars, names, source))
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

function hostvarsOf({ _meta: meta }: JsonObject, say: Say) {
  if (meta === undefined) return say('it has no `_meta`: variables are not asked for host by host') ?? {}
  const hostvars = isJsonObject(meta) ? (meta.hostvars ?? {}) : meta
  if (!isJsonObject(hostvars)) return say('`_meta` has no object `hostvars`') ?? {}
  const bad = Object.entries(hostvars).find(([, vars]) => !isJsonObject(vars))
  if (bad !== undefined) return say(`the variables of ${JSON.stringify(bad[0])} are no object`) ?? {}
  return hostvars as Readonly<Record<string, JsonObject>>
}

const escaped = (name: string) => JSON.stringify(name).replace(/[^\x20-\x7e]/g, (one) => codePoint(one))

function isInItself(group: string, groups: ReadonlyMap<string, Listed>) {
  const seen = new Set<string>()
  const open = [...(groups.get(group)?.children ?? [])]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next === group) return true
    if (seen.has(next)) continue
    seen.add(next)
    open.push(...(groups.get(next)?.children ?? []))
  }
  return false
}

function rosterOf(
  listed: ReadonlyMap<string, Listed>,
  graph: GroupGraph,
  hostvars: Readonly<Record<string, JsonObject>>,
  names: ReadonlySet<string>,
  source: string,
): Roster {
  const groups = new Map<string, RosterGroup>()
  for (const [name, { hosts, children, vars }] of listed) {
    groups.set(name, { name, hosts, children, layers: layersOf(`group ${name}`, vars, source) })
  }
  const direct = gathered([...listed].flatMap(([group, { hosts }]) => hosts.map((host) => [host, group] as const)))
  const weakest = listed.has(ALL) ? [ALL] : []
  const hosts = new Map<string, RosterHost>()
  for (const name of names) {
    const listing = direct.get(name)
    const own = listing === undefined ? [] : [...weakest, ...graph.around(listing)]
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
