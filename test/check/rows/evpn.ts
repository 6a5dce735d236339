import type { Row } from './row.ts'

/** What the checks of `evpn` must say. */
export const rows: readonly Row[] = []
