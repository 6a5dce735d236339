import type { Place, Problem } from '../../../model/error.ts'
import { definedMembers, gathered } from '../../../model/json.ts'
import { keptIn, type LazyValue, ValueFault } from '../../../model/once.ts'
import type { Layer, Roster, RosterGroup, RosterHost, Variable } from '../../roster/hosts/roster.ts'
import { switchName } from '../switch/switch-name.ts'
import { type SourceConnection, type SourceReading, type SourceValues, textOf, valueAt } from './source-settings.ts'

export interface SourcedEntry extends SourceConnection {
  readonly name: string
  readonly at: Place
  readonly host: { readonly text: string; readonly at: Place }
  readonly tags: Readonly<Record<string, string>>
  readonly sources: readonly string[]
}

export interface MergedSources {
  readonly entries: ReadonlyMap<string, SourcedEntry>
  /** Variables that templates never read are not in it. */
  readonly roster: Roster
  /** The value of a variable of that roster; undefined for a variable that no source has. */
  readonly valueOf: (variable: Variable, name: string, host: string) => LazyValue | undefined
  readonly problems: readonly Problem[]
  readonly warnings: readonly Problem[]
}

export function mergedSources(readings: readonly SourceReading[]): MergedSources {
  const read = readings.map(sourcedSwitches)
  const all = read.flatMap(({ switches }) => switches)
  const byName = gathered(all.map((one) => [one.name, one]))
  const shown = shownLayers()
  const values = new Map<string, ReadonlyMap<Variable, SourceValues>>()
  const valuesOf = (name: string) => keptIn(values, name, () => sourceOfVariables(byName.get(name) ?? [], shown))
  return {
    entries: new Map([...byName].map(([name, parts]) => [name, entryOf(name, parts)])),
    roster: rosterOf(byName, shown),
    valueOf: (variable, name, host) => valuesOf(host).get(variable)?.get(name),
    problems: read.flatMap(({ problems }) => problems),
    warnings: read.flatMap(({ warnings }) => warnings),
  }
}

function entryOf(name: string, parts: readonly SourcedSwitch[]): SourcedEntry {
  const [first] = parts as [SourcedSwitch]
  const last = parts.at(-1) ?? first
  const transport = parts.findLast((part) => part.transport !== undefined)?.transport
  const port = parts.findLast((part) => part.port !== undefined)?.port
  return {
    name,
    at: first.at,
    host: last.host,
    ...definedMembers({ port, transport }),
    tags: Object.assign({}, ...parts.map(({ tags }) => tags)),
    sources: parts.map(({ from }) => from.label),
  }
}

function shownLayers(): (one: SourcedSwitch) => readonly Layer[] {
  const made = new Map<SourceReading, Map<Layer, Layer>>()
  return ({ from, of }) => {
    const known = keptIn(made, from, () => new Map<Layer, Layer>())
    return of.layers.map((layer) => keptIn(known, layer, () => ({ ...layer, vars: shownVariables(layer, from) })))
  }
}

const HIDDEN = /^(?:ansible_|(?:nornir|containerlab|csv)\.)/

function shownVariables({ vars }: Layer, { vars: taken }: SourceReading): ReadonlyMap<string, Variable> {
  const isShown = (name: string) => !HIDDEN.test(name) && (taken === 'all' || taken.includes(name))
  return new Map([...vars].filter(([name]) => isShown(name)))
}

function sourceOfVariables(
  parts: readonly SourcedSwitch[],
  shown: (one: SourcedSwitch) => readonly Layer[],
): ReadonlyMap<Variable, SourceValues> {
  return new Map(
    parts.flatMap((one) =>
      shown(one).flatMap(({ vars }) => [...vars.values()].map((variable) => [variable, one.values] as const)),
    ),
  )
}

function rosterOf(
  byName: ReadonlyMap<string, readonly SourcedSwitch[]>,
  shown: (one: SourcedSwitch) => readonly Layer[],
): Roster {
  const hosts = [...byName].map(([name, parts]): readonly [string, RosterHost] => [
    name,
    {
      name,
      at: (parts[0] as SourcedSwitch).at,
      groups: [...new Set(parts.flatMap(({ of }) => of.groups))],
      layers: parts.flatMap(shown),
    },
  ])
  const used = new Set(hosts.flatMap(([, { groups }]) => groups))
  const groups = new Map<string, RosterGroup>()
  for (const { roster } of new Set([...byName.values()].flat().map(({ from }) => from))) {
    for (const [name, group] of roster.groups) {
      if (used.has(name)) groups.set(name, together(groups.get(name), group, used, byName))
    }
  }
  return { hosts: new Map(hosts), groups }
}

function together(
  before: RosterGroup | undefined,
  { name, children, hosts, layers }: RosterGroup,
  used: ReadonlySet<string>,
  switches: ReadonlyMap<string, unknown>,
): RosterGroup {
  return {
    name,
    children: [...new Set([...(before?.children ?? []), ...children.filter((child) => used.has(child))])],
    hosts: [...new Set([...(before?.hosts ?? []), ...hosts.filter((host) => switches.has(host))])],
    layers: [...(before?.layers ?? []), ...layers],
  }
}

interface SourcedSwitch extends SourceConnection {
  readonly host: { readonly text: string; readonly at: Place }
  readonly name: string
  readonly at: Place
  readonly tags: Readonly<Record<string, string>>
  readonly of: RosterHost
  readonly values: SourceValues
  readonly from: SourceReading
}

interface SourcedSwitches {
  readonly switches: readonly SourcedSwitch[]
  readonly problems: readonly Problem[]
  readonly warnings: readonly Problem[]
}

/** One without an address is left out with a warning; a source without any is a problem, never an empty fleet. */
export function sourcedSwitches(from: SourceReading): SourcedSwitches {
  const { roster, chosen, at, label } = from
  if (chosen.length === 0) return { switches: [], problems: [nobody(from)], warnings: from.warnings }
  const problems: Problem[] = []
  const homeless: RosterHost[] = []
  const switches = chosen.flatMap((name): readonly SourcedSwitch[] => {
    const of = roster.hosts.get(name)
    if (of === undefined) return []
    const why = whyNoName(of)
    if (why !== undefined) problems.push(why)
    const values = from.valuesOf(of)
    const connection = caught(problems, () => from.connectionOf(of, values))
    const tags = tagsOf(from, values, problems)
    if (connection === undefined || why !== undefined) return []
    const { host } = connection
    if (host === undefined) homeless.push(of)
    return host === undefined ? [] : [{ ...connection, host, name, at: of.at, tags, of, values, from }]
  })
  const warnings = [...from.warnings, ...homeless.map(leftOut)]
  if (switches.length > 0 || problems.length > 0) return { switches, problems, warnings }
  const message = `none of the ${chosen.length} switches of ${label} has an address`
  return { switches, problems: [{ code: 'inventory-empty', message, at }], warnings }
}

function nobody({ roster, rule, label, at, hint }: SourceReading): Problem {
  return {
    code: 'inventory-empty',
    message: `${label} has ${roster.hosts.size} hosts, and none ${rule}`,
    at,
    hint,
  }
}

function whyNoName({ name, at }: RosterHost): Problem | undefined {
  const why = switchName.safeParse(name).error?.issues[0]?.message
  if (why === undefined) return undefined
  return {
    code: 'inventory-name',
    message: `${JSON.stringify(name)} cannot be the name of a switch: ${why}`,
    at,
    hint: 'rename it in the source, or leave it out with `only`',
  }
}

function leftOut({ name, at }: RosterHost): Problem {
  return { code: 'inventory-address', message: `${name} has no address: it is left out`, at }
}

function tagsOf({ tags }: SourceReading, values: SourceValues, problems: Problem[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(tags).flatMap(([tag, path]) => {
      const text = caught(problems, () => tagOf(values, tag, path))
      return text === undefined ? [] : [[tag, text]]
    }),
  )
}

function tagOf(values: SourceValues, tag: string, path: string) {
  const value = valueAt(values, path)
  const text = textOf(value, `\`${path}\`, the tag \`${tag}\`,`)
  if (text === undefined || value?.kind !== 'scalar') return undefined
  const says = value.isSecret ? 'is a secret' : /^[^\p{C}]{1,256}$/u.test(text) ? undefined : 'is no line of plain text'
  if (says === undefined) return text
  throw new ValueFault({
    code: 'inventory-value',
    message: `\`${path}\` ${says} and cannot be the tag \`${tag}\``,
    at: value.at,
  })
}

function caught<T>(problems: Problem[], read: () => T) {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof ValueFault)) throw error
    problems.push(error.problem)
    return undefined
  }
}
