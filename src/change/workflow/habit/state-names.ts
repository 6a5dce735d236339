import type { StateMachine } from '../machine/machine.ts'
import { statesIn } from '../machine/walk.ts'
import { type Warning, warning } from './warning.ts'

/** States whose names do not say what is done to what, verb first: `CheckTimers`, `push-change`. No list of verbs stands behind it, since none is ever complete. */
export function stateNames(machine: StateMachine): readonly Warning[] {
  return statesIn(machine).flatMap(({ state: { kind, name, at } }) => {
    const why = kind === 'Succeed' || kind === 'Fail' ? undefined : faultOf(name)
    if (why === undefined) return []
    const hint = 'name it by a verb and what the verb is done to, for example `PushChange`'
    return [warning('state-name', `the state name \`${name}\` ${why}`, at, hint)]
  })
}

function faultOf(name: string) {
  const [first, ...others] = wordsOf(name)
  const last = others.at(-1)
  if (first === undefined || last === undefined) return 'is one word, where a verb and a noun belong'
  if (GERUND.test(first) || PARTICIPLE.test(first) || ACTION_NOUN.test(first))
    return `begins with \`${first}\`, which is no verb`
  return VERB_ENDING.test(last) ? `ends with the verb \`${last}\`` : undefined
}

function wordsOf(name: string): readonly string[] {
  return name.match(/\p{Lu}+(?!\p{Ll})|\p{Lu}?\p{Ll}+|\p{Lo}+/gu) ?? []
}

// A vowel before the ending tells `Pushing` from `Ping` and `Bring`, `Failed` from `Shed`, `Validation` from `Station`.
const GERUND = /[aeiouy].*ing$/i
const PARTICIPLE = /[aeiouy].*[^e]ed$/i
const ACTION_NOUN = /[aeiouy].*ation$/i
const VERB_ENDING = /[^aeiou]ify$/i
