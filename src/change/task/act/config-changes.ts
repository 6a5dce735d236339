import type { ConfigChange } from '../../../eos/config/diff/diff.ts'
import { redact } from '../../../eos/config/secrets/secrets.ts'
import { parseConfig } from '../../../eos/config/text/parse.ts'
import type { ConfigTree } from '../../../eos/config/text/tree.ts'
import { changesBetween, comparableText, eachVlan, vlansTogether } from '../../../eos/config/vlan-sets.ts'

export interface ChangeTexts {
  readonly base: string
  readonly target: string
}

export function changesOf(before: string, after: string): readonly ConfigChange[] {
  return changesBetween(treeOf(before), treeOf(after)).flatMap(eachVlan)
}

/** The same behind the commit of a change: without the empty interface blocks that come and go, but for those of the change. EOS adds and removes them by itself, with a breakout of a port or a transceiver [inferred: that `show running-config` shows them empty is unproven]. */
export function changesBehindCommit(expected: string, found: string, change?: ChangeTexts): readonly ConfigChange[] {
  const changes = changesOf(expected, found)
  if (!changes.some(isInterface)) return changes
  const [before, after] = [treeOf(expected), treeOf(found)]
  const ours = new Set(change === undefined ? [] : changesOf(change.base, change.target).map(({ line }) => line))
  return changes.filter(
    (one) => !isInterface(one) || ours.has(one.line) || !isEmptyIn(one.sign === '-' ? before : after, one.line),
  )
}

export function keyOf({ sign, path, line }: ConfigChange): string {
  return JSON.stringify([sign, path, line])
}

// The key of the change that takes another one back.
function inverseKeyOf({ sign, ...place }: ConfigChange): string {
  return keyOf({ ...place, sign: sign === '+' ? '-' : '+' })
}

/** Changes as people read them: `+vlan 999`, the commands above a line before it where it is in a block. */
export function shownLines(changes: readonly ConfigChange[]): readonly string[] {
  return vlansTogether(changes).map(
    ({ sign, path, line }) => sign + [...path, line].map((one) => redact(one)).join(' / '),
  )
}

function isInterface({ path, line }: ConfigChange) {
  return path.length === 0 && line.startsWith('interface ')
}

function isEmptyIn({ children }: ConfigTree, line: string) {
  return children.some((node) => node.line === line && node.children.length === 0)
}

function treeOf(text: string) {
  return parseConfig(comparableText(text))
}

/**
 * Whether a running-config behind the commit of a change is the expected one: order, separators and the header aside
 * (docs/eos.md 4.9), and empty interface blocks that are not of the change.
 */
export function sameBehindCommit(expected: string, found: string, change?: ChangeTexts): boolean {
  const isSame = comparableText(expected) === comparableText(found)
  return isSame || changesBehindCommit(expected, found, change).length === 0
}

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

const SHOWN = 5

/** What EOS or somebody else has changed on a switch: `+vlan 999`, the commands above it before it where it is in a block. */
export function foreignLines(expected: string, found: string): readonly string[] {
  return shownLines(changesOf(expected, found))
}

export interface BesideTarget {
  /** What EOS or somebody else has changed. */
  readonly foreign: readonly string[]
  readonly taken: readonly string[]
}

export function besideTarget(change: ChangeTexts, running: string): BesideTarget {
  const undoing = new Set(changesOf(change.base, change.target).map(inverseKeyOf))
  const found = changesBehindCommit(change.target, running, change)
  return {
    foreign: shownLines(found.filter((one) => !undoing.has(keyOf(one)))),
    taken: shownLines(found.filter((one) => undoing.has(keyOf(one)))),
  }
}

/** When a running-config differs from the base of a change but shares no changed line with it, only changes of EOS or somebody else are on the switch: gives their lines. */
export function onlyForeignLines(base: string, target: string, running: string): readonly string[] | undefined {
  const found = changesBehindCommit(base, running, { base, target })
  return found.some(isAmong(changesOf(base, target))) ? undefined : shownLines(found)
}

export function quoted(lines: readonly string[]): string {
  const more = lines.length > SHOWN ? [`and ${lines.length - SHOWN} more`] : []
  return [...lines.slice(0, SHOWN), ...more].join('; ')
}
