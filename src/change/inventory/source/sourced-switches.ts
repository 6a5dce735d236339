import { ValueFault } from '../../../model/lazy-value.ts'
import type { Place, Problem } from '../../../model/problem.ts'
import type { RosterHost } from '../../roster/hosts/roster.ts'
import { switchName } from '../switch/switch-name.ts'
import { textOf, valueAt } from './read-text.ts'
import type { SourceConnection, SourceReading, SourceValues } from './source-reading.ts'

export interface SourcedSwitch extends SourceConnection {
  readonly host: { readonly text: string; readonly at: Place }
  readonly name: string
  readonly at: Place
  readonly tags: Readonly<Record<string, string>>
  readonly of: RosterHost
  readonly values: SourceValues
  readonly from: SourceReading
}

export interface SourcedSwitches {
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
