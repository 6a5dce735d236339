import { z } from 'zod'
import { problemOf } from '../../model/problem.ts'
import { InputError } from '../../project/system/process/input-error.ts'
import { fitting, MOST_UNTRUSTED } from './untrusted.ts'

export const page = {
  limit: z.int().min(1).max(200).default(50).describe('At most so many; fewer where they are long.'),
  cursor: z.string().min(1).max(300).optional().describe('`next` of the answer before.'),
} as const

export const next = z.string().optional().describe('There is more: ask again with it as `cursor`.')

export interface Page<T> {
  readonly shown: readonly T[]
  readonly next?: string
}

/** As many of a list as are asked for and fit into an answer, from behind the one that the cursor names. `isMeant` leaves some out: the list goes on at the same place whatever becomes of those meanwhile. */
export function pageOf<T, Shown>(
  list: readonly T[],
  { limit, cursor }: { readonly limit: number; readonly cursor?: string | undefined },
  by: { nameOf(one: T): string; isMeant(one: T): boolean; shown(one: T): Shown },
): Page<Shown> {
  const from = cursor === undefined ? 0 : list.findIndex((one) => by.nameOf(one) === cursor) + 1
  if (cursor !== undefined && from === 0) throw noSuchCursor()
  const meant = list.slice(from).filter((one) => by.isMeant(one))
  const shown = fitting(
    meant.slice(0, limit).map((one) => by.shown(one)),
    MOST_UNTRUSTED,
  )
  const last = meant[shown.length - 1]
  return { shown, ...(shown.length < meant.length && last !== undefined ? { next: by.nameOf(last) } : {}) }
}

function noSuchCursor() {
  const message = '`cursor` names nothing of this list'
  return new InputError([problemOf('arguments', 'no-such-cursor', message, 'Ask from the start, without `cursor`.')])
}
