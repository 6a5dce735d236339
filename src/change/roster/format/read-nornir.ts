import type { Problem, ValueOrProblems } from '../../../model/error.ts'
import { acceptUnless } from '../../../text/source/located.ts'
import {
  type ConnectionNames,
  type Layer,
  type Roster,
  type RosterGroup,
  type RosterHost,
  RosterPart,
  type SourceText,
} from '../hosts/roster.ts'

export interface NornirFiles {
  readonly hosts: SourceText
  readonly groups?: SourceText
  readonly defaults?: SourceText
}

/** Such variables are named `nornir.…`, so that keys of `data` may have the same names. */
export const NORNIR_CONNECTION: ConnectionNames = {
  host: 'nornir.hostname',
  port: 'nornir.port',
  platform: 'nornir.platform',
}

// What Nornir inherits besides `data`: the first that is not null.
const ATTRIBUTES = ['hostname', 'port', 'platform', 'username']

// What of the options of one connection, as `napalm`, says where a host is. Their passwords and `extras` are left where they are.
const OPTIONS = ['hostname', 'port']

const OPTION = /^nornir\.connection_options\.(.+)\.(hostname|port)$/

/** The connection that a variable is an option of, and which one; undefined for every other variable. */
export function connectionOption(name: string): { readonly connection: string; readonly option: string } | undefined {
  const [, connection, option] = OPTION.exec(name) ?? []
  return connection === undefined || option === undefined ? undefined : { connection, option }
}

interface Element {
  readonly part: RosterPart
  readonly layer: Layer
  readonly groups: readonly string[]
}

/**
 * Reads hosts, groups and defaults as Nornir 3 does. The keys of `data` are variables; a host has its own before those of its groups, in
 * their order and each before the groups that it is in, and these before the defaults.
 */
export function readNornir(files: NornirFiles): ValueOrProblems<Roster> {
  const problems: Problem[] = []
  const partOf = (source: SourceText | undefined) =>
    source === undefined ? undefined : RosterPart.of(source, problems)
  const groups = elementsOf(partOf(files.groups), 'group')
  const hosts = elementsOf(partOf(files.hosts), 'host')
  const defaults = partOf(files.defaults)
  const lowest = defaults === undefined ? [] : [layerOf('defaults', defaults)]
  for (const { part, groups: names } of [...groups.values(), ...hosts.values()])
    for (const name of names)
      if (!groups.has(name))
        part.member('groups')?.fault(`there is no group \`${name}\``, 'define it in the file of the groups')
  for (const [name, { part }] of groups)
    if (isInItself(name, groups))
      part.fault(`the group \`${name}\` is in itself`, 'take one of the groups out', 'inventory-cycle')
  return acceptUnless(problems, () => ({
    hosts: new Map([...hosts].map(([name, host]) => [name, hostOf(name, host, groups, lowest)])),
    groups: new Map([...groups].map(([name, { layer }]) => [name, groupOf(name, layer, groups, hosts)])),
  }))
}

function elementsOf(part: RosterPart | undefined, what: string): ReadonlyMap<string, Element> {
  const elements = (part?.members() ?? []).map(([name, own]): [string, Element] => {
    const groups = own.member('groups')?.items() ?? []
    return [
      name,
      { part: own, layer: layerOf(`${what} ${name}`, own), groups: groups.flatMap((one) => one.text() ?? []) },
    ]
  })
  return new Map(elements)
}

function layerOf(of: string, part: RosterPart): Layer {
  const attributes = part.variables(ATTRIBUTES, 'nornir.')
  const options = (part.member('connection_options')?.members() ?? []).flatMap(([connection, own]) =>
    own.variables(OPTIONS, `nornir.connection_options.${connection}.`),
  )
  const data = part.member('data')?.members() ?? []
  return {
    of,
    vars: new Map([...attributes, ...options, ...data.map(([key, value]) => [key, value.variable()] as const)]),
  }
}

function extended(groups: ReadonlyMap<string, Element>, names: readonly string[], found = new Set<string>()) {
  for (const name of names) {
    if (found.has(name)) continue
    found.add(name)
    extended(groups, groups.get(name)?.groups ?? [], found)
  }
  return [...found]
}

function isInItself(name: string, groups: ReadonlyMap<string, Element>) {
  return extended(groups, groups.get(name)?.groups ?? []).includes(name)
}

function hostOf(
  name: string,
  { part, layer, groups: own }: Element,
  groups: ReadonlyMap<string, Element>,
  lowest: readonly Layer[],
): RosterHost {
  const weakestFirst = extended(groups, own).toReversed()
  const between = weakestFirst.flatMap((group) => groups.get(group)?.layer ?? [])
  return { name, at: part.keyAt, groups: weakestFirst, layers: [...lowest, ...between, layer] }
}

function groupOf(
  name: string,
  layer: Layer,
  groups: ReadonlyMap<string, Element>,
  hosts: ReadonlyMap<string, Element>,
): RosterGroup {
  const inIt = (elements: ReadonlyMap<string, Element>) =>
    [...elements].flatMap(([other, element]) => (element.groups.includes(name) ? [other] : []))
  return { name, children: inIt(groups), hosts: inIt(hosts), layers: [layer] }
}
