import type { Row } from './row.ts'

/** What the checks of `logging` must say. */
export const rows: readonly Row[] = []
