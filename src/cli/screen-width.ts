import { USUAL_WIDTH } from '../report/fit.ts'
import type { Terminal } from './io.ts'

/** Below this a list is no list any more: the terminal breaks the lines then. */
const LEAST = 60

/** The columns that a result may take: those of the terminal, else what `COLUMNS` says, else 80, so that a file fits everywhere. */
export function screenWidth({ columns, env }: Pick<Terminal, 'columns' | 'env'>): number {
  const told = Number(env.COLUMNS)
  return Math.max(LEAST, columns ?? (Number.isInteger(told) && told > 0 ? told : USUAL_WIDTH))
}
