import { isMap } from '../../../../change/roster/ansible/is-map.ts'
import type { RosterMap, RosterValue } from '../../../../change/roster/hosts/roster.ts'
import { isName } from './jinja-text.ts'
import { listOf } from './members.ts'

const SAME = /^\{\{\s*(\w+)\s*\}\}$/

/** Values that name themselves are given to a run: `vlan: "{{ vlan }}"`. */
export function givenNames(vars: RosterMap): readonly string[] {
  return Object.entries(vars).flatMap(([name, value]) => (isItself(name, value) ? [name] : []))
}

/** The values without those. */
export function withoutGiven(vars: RosterMap): RosterMap {
  return Object.fromEntries(Object.entries(vars).filter(([name, value]) => !isItself(name, value)))
}

function isItself(name: string, value: RosterValue): boolean {
  return typeof value === 'string' && SAME.exec(value)?.[1] === name
}

/** What a play asks for; what is typed unseen is a secret, which no parameter is. */
export function promptedNames(prompts: RosterValue | undefined): readonly string[] {
  return (listOf(prompts) ?? []).flatMap((prompt) =>
    isMap(prompt) && typeof prompt.name === 'string' && isName(prompt.name) && prompt.private === false
      ? [prompt.name]
      : [],
  )
}
