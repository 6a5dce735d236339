import type { ConfigChange } from '../../../eos/config/diff/diff.ts'
import { redact } from '../../../eos/config/secrets/redact.ts'
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

/** The key of the change that takes another one back. */
export function inverseKeyOf({ sign, ...place }: ConfigChange): string {
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
