import type { z } from 'zod'
import { count, counted, present } from '../text/text.ts'
import type { confirmedSource, DriftDocument } from './result-schema.ts'

export type ConfirmedSource = Readonly<z.output<typeof confirmedSource>>

export type Drift =
  | Readonly<Exclude<DriftDocument['devices'][number], { state: 'unread' }>>
  | { readonly name: string; readonly state: 'unread'; readonly failure: unknown }

/** One that did not answer was not compared, nor one that was never confirmed. */
export type DriftSum = Readonly<DriftDocument['sum']>

type Found = { readonly state: Drift['state']; readonly source?: Pick<ConfirmedSource, 'kind'> | undefined }

export function sumOfDrift(found: readonly Found[]): DriftSum {
  const of = counted(found)
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
  const found = present(
    count(differs, 'differs', 'differ'),
    same !== inSnapshot && `${same - inSnapshot} as confirmed`,
    inSnapshot !== 0 && `${inSnapshot} as in a snapshot and confirmed by no change`,
  )
  const left = present(
    neverConfirmed !== 0 && `${neverConfirmed} never confirmed`,
    unread !== 0 && `${unread} not read`,
  )
  return comparedWords(compared, found, left)
}

export function comparedWords(compared: number, found: readonly string[], left: readonly string[]): string {
  const said = [compared === 0 ? [] : found, left].filter((words) => words.length > 0)
  const all = said.map((words) => words.join(', ')).join('; ')
  return all === '' ? `${compared} compared` : `${compared} compared: ${all}`
}
