import { isMap } from '../../../../change/roster/ansible/tags.ts'
import type { RosterMap, RosterValue } from '../../../../change/roster/hosts/roster.ts'
import type { PlayTask } from './play.ts'
import { bareName, droppedOf, roleParameters } from './task-keywords.ts'

export interface Around {
  readonly when: readonly string[]
  readonly vars: RosterMap
  readonly folders: readonly string[]
  readonly chain: readonly string[]
  readonly dropped: readonly string[]
  readonly moduleDefaults: RosterMap
}

export function listedRole(role: RosterValue, around: Around): Around {
  const given = mapOf(role)
  return {
    ...around,
    when: [...around.when, ...whenOf(given.when)],
    vars: { ...around.vars, ...mapOf(given.vars), ...roleParameters(given) },
    dropped: [...around.dropped, ...droppedOf(given)],
  }
}

export function applied(apply: RosterValue | undefined, around: Around): Around {
  return apply === undefined ? around : listedRole(apply, around)
}

export function moduleDefaultsOf(entry: RosterMap): RosterMap {
  return Object.fromEntries(Object.entries(mapOf(entry.module_defaults)).map(([key, given]) => [bareName(key), given]))
}

export function fromOf(named: RosterValue | undefined): string {
  return typeof named === 'string' ? named.replace(/\.ya?ml$/, '') : 'main'
}

export function whenOf(when: RosterValue | undefined): readonly string[] {
  if (when === undefined || when === null || when === true) return []
  return (listOf(when) ?? [when]).map(String)
}

export function loopOf(entry: RosterMap): Pick<PlayTask, 'loop'> {
  const items = entry.loop ?? entry.with_items ?? entry.with_list
  if (items === undefined) return {}
  const control = mapOf(entry.loop_control)
  const variable = typeof control.loop_var === 'string' ? control.loop_var : 'item'
  return { loop: { items, variable, isFlat: entry.loop === undefined && entry.with_items !== undefined } }
}

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
