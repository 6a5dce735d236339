import type { DiffLine } from '../plan/plan.ts'
import type { SkeletonGroup } from '../plan/skeleton.ts'

/** A piece of a line: text that is the same on each switch, or a value in which they differ. */
export type MarkedPiece =
  | { readonly text: string }
  /** What the value is on the switches: each value once, in the order of the switches. */
  | { readonly values: readonly string[]; readonly mark: string }

/** A line of a change that switches have in common. */
export interface MarkedLine {
  readonly sign: DiffLine['sign']
  readonly pieces: readonly MarkedPiece[]
}

/** The change of a group of switches once, with the values in which they differ as pieces of their own. */
export function markedLines({ lines, values }: SkeletonGroup): readonly MarkedLine[] {
  const byMark = new Map(values.map(({ mark, on }) => [mark, [...new Set(on)]]))
  return lines.map(({ sign, text }) => ({
    sign,
    pieces: text.split(/(\{\d+\})/).flatMap((piece): readonly MarkedPiece[] => {
      const differing = byMark.get(piece)
      if (differing !== undefined) return [{ values: differing, mark: piece }]
      return piece === '' ? [] : [{ text: piece }]
    }),
  }))
}
