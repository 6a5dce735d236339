import type { Row } from './row.ts'

/** What the checks of `software` must say. */
export const rows: readonly Row[] = []
