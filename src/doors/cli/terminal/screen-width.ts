import type { Terminal } from './io.ts'

const LEAST = 60

// Nobody looks at a file or a pipe of so many columns: there lines are kept whole, for `grep` and editors.
const WHOLE = 10_000

/** The columns that a result may take: those of the terminal, else what `COLUMNS` says; a file or a pipe has no end. */
export function screenWidth({ columns, env }: Pick<Terminal, 'columns' | 'env'>): number {
  const told = Number(env.COLUMNS)
  return Math.max(LEAST, columns ?? (Number.isInteger(told) && told > 0 ? told : WHOLE))
}
