import type { Row } from './row.ts'

/** What the checks of `stun` must say. */
export const rows: readonly Row[] = []
