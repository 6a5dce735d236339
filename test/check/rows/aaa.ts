import type { Row } from './row.ts'

/** What the checks of `aaa` must say. */
export const rows: readonly Row[] = []
