import type { Row } from './row.ts'

/** What the checks of `security` must say. */
export const rows: readonly Row[] = []
