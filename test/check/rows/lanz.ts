import type { Row } from './row.ts'

/** What the checks of `lanz` must say. */
export const rows: readonly Row[] = []
