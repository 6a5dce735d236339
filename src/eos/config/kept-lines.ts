import { isMeant, readLineGlob } from '../../text/source/line-glob.ts'
import type { ConfigChange } from './diff/diff.ts'
import { linesOfChanges } from './lines-of-changes.ts'
import { mergeConfig } from './merge.ts'
import { placesOf } from './placed-lines.ts'
import { replaceConfig } from './replace.ts'
import { parseConfig } from './text/parse.ts'
import type { ConfigTree } from './text/tree.ts'
import { changesBetween } from './vlan-sets.ts'
import { comparableText } from './volatile.ts'

/** A switch whose configuration is to be replaced, and which of its lines are to stay. */
export interface KeepRequest {
  /** The globs as the workflow has them. */
  readonly keep: readonly string[]
  readonly running: string
  readonly candidate: readonly string[]
  /** The version of EOS that it runs. */
  readonly eos: string
}

/** Which lines of a switch stay although its candidate does not have them. */
export interface KeptLines {
  /** The candidate with these lines behind it. */
  readonly lines: readonly string[]
  readonly kept: readonly ConfigChange[]
  /** Those that are meant and give way all the same: the candidate gives another value there. */
  readonly contradicted: readonly ConfigChange[]
}

/**
 * The lines of a switch that globs mean and that its candidate lacks, and the candidate with them. A line that opens a text, such as a banner, stays with that text. The
 * same switch and the same candidate always give the same lines.
 */
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

/** Those of these lines that can be added without another line giving way. */
function agreeing(after: ConfigTree, lines: readonly ConfigChange[]): Pick<KeptLines, 'kept' | 'contradicted'> {
  if (lines.length === 0 || addsOnly(after, lines)) return { kept: lines, contradicted: [] }
  const kept: ConfigChange[] = []
  const contradicted: ConfigChange[] = []
  for (const one of blocksOf(lines)) (addsOnly(after, one) ? kept : contradicted).push(...one)
  return { kept, contradicted }
}

/** A line alone, or one that opens a text with that text. */
function blocksOf(lines: readonly ConfigChange[]): readonly (readonly ConfigChange[])[] {
  const blocks: ConfigChange[][] = []
  for (const line of lines) {
    if (line.verbatim === true) blocks.at(-1)?.push(line)
    else blocks.push([line])
  }
  return blocks
}

function addsOnly(after: ConfigTree, lines: readonly ConfigChange[]): boolean {
  const changes = changesBetween(after, mergeConfig(after, linesOfChanges(lines)))
  const added = new Set(changes.flatMap(placesOf))
  return changes.every(({ sign }) => sign === '+') && lines.flatMap(placesOf).every((place) => added.has(place))
}
