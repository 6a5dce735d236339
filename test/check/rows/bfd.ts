import type { Row } from './row.ts'

/** What the checks of `bfd` must say. */
export const rows: readonly Row[] = []
