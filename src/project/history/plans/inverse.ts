import { renderedChange } from '../../../change/plan/rendered.ts'
import { type ConfigChange, diffConfig } from '../../../eos/config/diff/diff.ts'
import { orderGroup } from '../../../eos/config/diff/order.ts'
import { invertDiff } from '../../../eos/config/invert.ts'
import { linesOfChanges } from '../../../eos/config/lines-of-changes.ts'
import { mergeConfig, placeOf, placesOf } from '../../../eos/config/merge.ts'
import { parseConfig } from '../../../eos/config/text/parse.ts'
import type { ConfigTree } from '../../../eos/config/text/tree.ts'
import { changesBetween, comparableText, withVlanSets } from '../../../eos/config/vlan-sets.ts'

// What EOS asks, or reads, in the order in which it was entered, of one block of a configuration.
interface Group {
  readonly path: readonly string[]
  readonly name: string
}

function groupsOf(changes: readonly ConfigChange[]): readonly Group[] {
  const groups = changes.flatMap(({ sign, path, line, verbatim }) => {
    const name = sign === '-' || verbatim === true ? undefined : orderGroup(line, path.at(-1))
    return name === undefined ? [] : [{ path, name }]
  })
  return [...new Map(groups.map((group) => [JSON.stringify(group), group])).values()]
}

function linesIn({ children }: ConfigTree, { path, name }: Group) {
  const block = path.reduce((nodes, opener) => nodes.find(({ line }) => line === opener)?.children ?? [], children)
  return block.map(({ line }) => line).filter((line) => orderGroup(line, path.at(-1)) === name)
}

function isInOrder(changes: readonly ConfigChange[], before: ConfigTree, made: ConfigTree) {
  return groupsOf(changes).every((group) => {
    const [was, is] = [linesIn(before, group), linesIn(made, group)]
    return was.filter((line) => is.includes(line)).join('\n') === is.filter((line) => was.includes(line)).join('\n')
  })
}

// The lines of a merge that makes these changes and puts what comes again in its place: EOS appends what is typed, so that what stands behind
// it is taken away, and typed again behind it.
function linesInOrder(changes: readonly ConfigChange[], before: ConfigTree, now: ConfigTree) {
  const away: ConfigChange[] = []
  const typed: ConfigChange[] = []
  for (const group of groupsOf(changes)) {
    const [was, is] = [linesIn(before, group), linesIn(now, group)]
    const { path } = group
    const isOfGroup = (one: ConfigChange) => isAt(one, path) && was.includes(one.line)
    const come = was.filter((line) => changes.some((one) => one.sign === '+' && isOfGroup(one) && one.line === line))
    const gone = changes.filter((one) => one.sign === '-' && isOfGroup(one)).map(({ line }) => line)
    const kept = is.filter((line) => !gone.includes(line))
    const cut = kept.findIndex((line) => was.indexOf(line) > was.indexOf(come[0] ?? ''))
    const behind = cut < 0 ? [] : kept.slice(cut)
    for (const line of behind) away.push({ sign: '-', path, line })
    for (const line of together(was, come, behind)) typed.push({ sign: '+', path, line })
  }
  const others = changes.filter(
    (one) => !typed.some((other) => isAt(one, other.path) && one.line === other.line && one.sign === '+'),
  )
  return [...linesOfChanges(away), ...linesOfChanges([...others, ...typed])]
}

const isAt = (change: ConfigChange, path: readonly string[]) => JSON.stringify(change.path) === JSON.stringify(path)

function together(was: readonly string[], come: readonly string[], behind: readonly string[]) {
  const left = [...come]
  const lines = behind.flatMap((line) => {
    const until = left.findIndex((one) => was.indexOf(one) > was.indexOf(line))
    const before = was.includes(line) ? left.splice(0, until < 0 ? left.length : until) : []
    return [...before, line]
  })
  return [...lines, ...left]
}

interface ChangedSwitch {
  readonly base: string
  readonly target: string
  readonly running: string
  readonly allow: readonly string[]
}

export type Inverse =
  | { readonly kind: 'back' }
  /** The inverse no longer applies; the changes that stand in its way. */
  | { readonly kind: 'moved'; readonly because: readonly ConfigChange[] }
  | {
      readonly kind: 'applies'
      readonly changes: readonly ConfigChange[]
      /** The lines that take the change back and leave everything else; absent where no lines of the rules do so. */
      readonly merge?: readonly string[]
      /** The configuration before the change, whole; absent where somebody else has changed something since. */
      readonly replace?: readonly string[]
    }

/** Works out the inverse of a change on a running-config that others may have changed since. */
export function inverseOf({ base, target, running, allow }: ChangedSwitch): Inverse {
  const [before, after, now] = [treeOf(base), treeOf(target), treeOf(running)]
  const { changes } = invertDiff(diffConfig(...withVlanSets(before, after)))
  const present = placesIn(now)
  const because = changes.filter((change) =>
    placesOf(change).some((place) => present.has(place) === (change.sign === '+')),
  )
  const altered = alteredSince(before, now, because)
  if (altered.length > 0) return { kind: 'moved', because: altered }
  if (because.length === changes.length) return { kind: 'back' }
  if (because.length > 0) return { kind: 'moved', because }
  const simple = linesOfChanges(changes)
  const isSimple = isInOrder(changes, before, mergeConfig(now, simple))
  const merge = isSimple ? simple : linesInOrder(changes, before, now)
  const merged = mergeConfig(now, merge)
  const made = changesBetween(now, merged)
  const isBack = sameChanges(made, changes) && isInOrder(changes, before, merged)
  const merges = isBack && renderedChange({ mode: 'merge', lines: merge, file: '' }, allow).ok
  const isUntouched = changesBetween(after, now).length === 0
  if (!merges && !isUntouched) return { kind: 'moved', because: unexpected(made, changes) }
  const replace = comparableText(base).trimEnd().split('\n')
  return { kind: 'applies', changes, ...(merges ? { merge } : {}), ...(isUntouched ? { replace } : {}) }
}

// Lines of the change that are gone because somebody has altered them, each with what it was altered to: what typing the line again would
// replace, and was not there before the change.
function alteredSince(before: ConfigTree, now: ConfigTree, because: readonly ConfigChange[]): readonly ConfigChange[] {
  const gone = because.filter(({ sign, verbatim }) => sign === '-' && verbatim === undefined)
  if (replacedBy(now, gone).length === 0) return []
  const known = placesIn(before)
  return gone.flatMap((ours) => {
    const theirs = replacedBy(now, [ours]).filter((one) => !placesOf(one).every((place) => known.has(place)))
    return theirs.length === 0 ? [] : [ours, ...theirs]
  })
}

function replacedBy(now: ConfigTree, gone: readonly ConfigChange[]): readonly ConfigChange[] {
  if (gone.length === 0) return []
  const typed = linesOfChanges(gone.map((one) => ({ ...one, sign: '+' })))
  const changes = changesBetween(now, mergeConfig(now, typed))
  return changes.filter(({ sign }) => sign === '-').map((one) => ({ ...one, sign: '+' }))
}

export function sameChanges(a: readonly ConfigChange[], b: readonly ConfigChange[]): boolean {
  return a.length === b.length && unexpected(a, b).length === 0
}

export function unexpected(made: readonly ConfigChange[], wanted: readonly ConfigChange[]): readonly ConfigChange[] {
  const inMade = new Set(made.map(keyOf))
  const inWanted = new Set(wanted.map(keyOf))
  return [...made.filter((one) => !inWanted.has(keyOf(one))), ...wanted.filter((one) => !inMade.has(keyOf(one)))]
}

const treeOf = (text: string) => parseConfig(comparableText(text))

const placesIn = (tree: ConfigTree): ReadonlySet<string> =>
  new Set(diffConfig(parseConfig(''), tree).changes.flatMap(placesOf))

const keyOf = (change: ConfigChange) => change.sign + placeOf(change)
