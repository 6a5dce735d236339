import type { ChangeLine } from '../../eos/config/diff/diff.ts'
import { count } from '../text/count.ts'

export type ConfirmedSource =
  | { readonly kind: 'execution'; readonly id: string }
  | { readonly kind: 'snapshot'; readonly name: string }

export type Drift =
  | {
      readonly name: string
      readonly state: 'same' | 'differs'
      readonly source: ConfirmedSource
      readonly since: string
      /** What has changed since it was confirmed, without secrets. */
      readonly config: readonly ChangeLine[]
      readonly unsaved: boolean
      readonly startup?: 'unknown'
      readonly armed?: { readonly session: string; readonly secondsLeft: number }
      readonly by?: { readonly execution: string; readonly standing: 'changing' | 'unknown' }
    }
  /** eosflow has never confirmed a configuration on it. */
  | { readonly name: string; readonly state: 'unknown' }
  | { readonly name: string; readonly state: 'unread'; readonly failure: unknown }

export interface DriftSum {
  /** How many were compared: one that did not answer was not, nor one that was never confirmed. */
  readonly compared: number
  readonly differs: number
  readonly same: number
  readonly inSnapshot?: number
  readonly neverConfirmed: number
  readonly unread: number
}

type Found = { readonly state: Drift['state']; readonly source?: Pick<ConfirmedSource, 'kind'> | undefined }

export function sumOfDrift(found: readonly Found[]): DriftSum {
  const of = (state: Drift['state']) => found.filter((one) => one.state === state).length
  const [differs, same] = [of('differs'), of('same')]
  const inSnapshot = found.filter(({ state, source }) => state === 'same' && source?.kind === 'snapshot').length
  return {
    compared: differs + same,
    differs,
    same,
    ...(inSnapshot === 0 ? {} : { inSnapshot }),
    neverConfirmed: of('unknown'),
    unread: of('unread'),
  }
}

/**
 * What a comparison has found in words, the same everywhere: `2 compared: 1 differs, 1 as confirmed; 1 never confirmed`. Where nothing was
 * compared it says why: `0 compared: 6 never confirmed`.
 */
export function driftWords({ compared, differs, same, inSnapshot = 0, neverConfirmed, unread }: DriftSum): string {
  const found = [
    count(differs, 'differs', 'differ'),
    ...(same === inSnapshot ? [] : [`${same - inSnapshot} as confirmed`]),
    ...(inSnapshot === 0 ? [] : [`${inSnapshot} as in a snapshot and confirmed by no change`]),
  ]
  const left = [
    ...(neverConfirmed === 0 ? [] : [`${neverConfirmed} never confirmed`]),
    ...(unread === 0 ? [] : [`${unread} not read`]),
  ]
  return comparedWords(compared, found, left)
}

export function comparedWords(compared: number, found: readonly string[], left: readonly string[]): string {
  const said = [compared === 0 ? [] : found, left].filter((words) => words.length > 0)
  const all = said.map((words) => words.join(', ')).join('; ')
  return all === '' ? `${compared} compared` : `${compared} compared: ${all}`
}
