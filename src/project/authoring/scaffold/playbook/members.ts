import { isMap } from '../../../../change/roster/ansible/is-map.ts'
import type { RosterMap, RosterValue } from '../../../../change/roster/hosts/roster.ts'
import type { PlayTask } from './play.ts'
import { bareName, droppedOf, roleParameters } from './task-keywords.ts'

/** What holds for the tasks of a block, a role or an imported file. */
export interface Around {
  readonly when: readonly string[]
  readonly vars: RosterMap
  readonly folders: readonly string[]
  /** The files that import each other down to here. */
  readonly chain: readonly string[]
  readonly dropped: readonly string[]
  /** Arguments of modules that tasks do not give, by the name of the module. */
  readonly moduleDefaults: RosterMap
}

/** What holds for a role that a list names: it may be a mapping with parameters. */
export function listedRole(role: RosterValue, around: Around): Around {
  const given = mapOf(role)
  return {
    ...around,
    when: [...around.when, ...whenOf(given.when)],
    vars: { ...around.vars, ...mapOf(given.vars), ...roleParameters(given) },
    dropped: [...around.dropped, ...droppedOf(given)],
  }
}

/** What holds for tasks that are included, with what the include applies to each. */
export function applied(apply: RosterValue | undefined, around: Around): Around {
  return apply === undefined ? around : listedRole(apply, around)
}

/** The arguments that a play or a block gives to all tasks of a module, by its name without the collection. */
export function moduleDefaultsOf(entry: RosterMap): RosterMap {
  return Object.fromEntries(Object.entries(mapOf(entry.module_defaults)).map(([key, given]) => [bareName(key), given]))
}

/** The file of a role that is named without its ending. */
export function fromOf(named: RosterValue | undefined): string {
  return typeof named === 'string' ? named.replace(/\.ya?ml$/, '') : 'main'
}

/** The conditions of a task, a block or a role. */
export function whenOf(when: RosterValue | undefined): readonly string[] {
  if (when === undefined || when === null || when === true) return []
  return (listOf(when) ?? [when]).map(String)
}

/** The list of a task that is done for each item of it. */
export function loopOf(entry: RosterMap): Pick<PlayTask, 'loop'> {
  const items = entry.loop ?? entry.with_items ?? entry.with_list
  if (items === undefined) return {}
  const control = mapOf(entry.loop_control)
  const variable = typeof control.loop_var === 'string' ? control.loop_var : 'item'
  return { loop: { items, variable, isFlat: entry.loop === undefined && entry.with_items !== undefined } }
}

/** A member by its name without the collection. */
export function keyOf(entry: RosterMap, bare: string): RosterValue | undefined {
  const key = Object.keys(entry).find((word) => bareName(word) === bare)
  return key === undefined ? undefined : entry[key]
}

/** A list; undefined for anything else. */
export function listOf(value: unknown): readonly RosterValue[] | undefined {
  return Array.isArray(value) ? (value as readonly RosterValue[]) : undefined
}

/** A mapping; an empty one for anything else. */
export function mapOf(value: RosterValue | undefined): RosterMap {
  return value !== undefined && isMap(value) ? value : {}
}
