import type { Row } from './row.ts'

/** What the checks of `cvx` must say. */
export const rows: readonly Row[] = []
