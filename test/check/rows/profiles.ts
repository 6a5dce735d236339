import type { Row } from './row.ts'

/** What the checks of `profiles` must say. */
export const rows: readonly Row[] = []
