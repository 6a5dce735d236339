import type { ConfigChange } from '../../../eos/config/diff/diff.ts'
import { keyOf } from './config-changes.ts'

/**
 * Says of a change whether it is one of these, or a line that EOS has made of one of these and of what somebody else has typed: it prints
 * a list of VLANs as one line, `vlan 777,998` (docs/eos.md 4.6).
 */
export function isAmong(ours: readonly ConfigChange[]): (one: ConfigChange) => boolean {
  const keys = new Set(ours.map(keyOf))
  const lists = ours
    .filter(({ sign }) => sign === '+')
    .map(listsIn)
    .filter((words) => words !== undefined)
  return (one) => {
    if (keys.has(keyOf(one))) return true
    const found = one.sign === '+' && lists.length > 0 ? listsIn(one) : undefined
    return found !== undefined && lists.some((list) => isShared(list, found))
  }
}

type Words = readonly (string | readonly Run[])[]

interface Run {
  readonly first: number
  readonly last: number
}

function listsIn({ path, line, verbatim }: ConfigChange): Words | undefined {
  if (verbatim === true) return undefined
  const words = [...path, line].flatMap((command) => ['\n', ...command.split(' ')]).map((word) => runsIn(word) ?? word)
  return words.some((word) => typeof word !== 'string') ? words : undefined
}

const LIST = /^\d+(?:-\d+)?(?:,\d+(?:-\d+)?)*$/

function runsIn(word: string): readonly Run[] | undefined {
  if (!LIST.test(word)) return undefined
  return word.split(',').map((run) => {
    const [first = 0, last = first] = run.split('-').map(Number)
    return { first, last }
  })
}

function isShared(a: Words, b: Words) {
  return a.length === b.length && a.every((word, at) => isSameWord(word, b[at]))
}

function isSameWord(a: Words[number], b: Words[number] | undefined) {
  if (typeof a === 'string' || typeof b === 'string' || b === undefined) return a === b
  return a.some(({ first, last }) => b.some((run) => first <= run.last && run.first <= last))
}
