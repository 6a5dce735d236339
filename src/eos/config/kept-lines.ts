import { isMeant, readLineGlob } from '../../text/source/line-glob.ts'
import type { ConfigChange } from './diff/diff.ts'
import { linesOfChanges } from './lines-of-changes.ts'
import { mergeConfig } from './merge.ts'
import { placesOf } from './placed-lines.ts'
import { replaceConfig } from './replace.ts'
import { parseConfig } from './text/parse.ts'
import type { ConfigTree } from './text/tree.ts'
import { changesBetween, comparableText } from './vlan-sets.ts'

export interface KeepRequest {
  readonly keep: readonly string[]
  readonly running: string
  readonly candidate: readonly string[]
  /** The version of EOS that it runs. */
  readonly eos: string
}

/** Which lines of a switch stay although its candidate does not have them. */
export interface KeptLines {
  readonly lines: readonly string[]
  readonly kept: readonly ConfigChange[]
  readonly contradicted: readonly ConfigChange[]
}

/** The same switch and the same candidate always give the same lines. */
export function keptLines({ keep, running, candidate, eos }: KeepRequest): KeptLines {
  const globs = keep.map(readLineGlob).filter((glob) => Array.isArray(glob))
  const before = parseConfig(comparableText(running))
  const after = replaceConfig(before, candidate, { version: eos })
  const lacking = changesBetween(before, after).filter(({ sign }) => sign === '-')
  const meant = new Set<string>()
  const texts = lacking.flatMap((change) => {
    const place = [...change.path, change.line]
    const isText = change.verbatim === true && meant.has(JSON.stringify(change.path))
    if (!isText && (change.verbatim === true || !globs.some((glob) => isMeant(glob, place)))) return []
    meant.add(JSON.stringify(place))
    return [{ ...change, sign: '+' as const }]
  })
  const { kept, contradicted } = agreeing(after, texts)
  if (kept.length === 0) return { lines: candidate, kept, contradicted }
  const text = candidate.filter((line) => line.trim() !== 'end')
  return { lines: [...text, ...linesOfChanges(kept)], kept, contradicted }
}

function agreeing(after: ConfigTree, lines: readonly ConfigChange[]): Pick<KeptLines, 'kept' | 'contradicted'> {
  if (lines.length === 0 || addsOnly(after, lines)) return { kept: lines, contradicted: [] }
  const kept: ConfigChange[] = []
  const contradicted: ConfigChange[] = []
  for (const one of blocksOf(lines)) (addsOnly(after, one) ? kept : contradicted).push(...one)
  return { kept, contradicted }
}

function blocksOf(lines: readonly ConfigChange[]) {
  const blocks: ConfigChange[][] = []
  for (const line of lines) {
    if (line.verbatim === true) blocks.at(-1)?.push(line)
    else blocks.push([line])
  }
  return blocks
}

function addsOnly(after: ConfigTree, lines: readonly ConfigChange[]) {
  const changes = changesBetween(after, mergeConfig(after, linesOfChanges(lines)))
  const added = new Set(changes.flatMap(placesOf))
  return changes.every(({ sign }) => sign === '+') && lines.flatMap(placesOf).every((place) => added.has(place))
}
