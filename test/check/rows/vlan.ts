import type { Row } from './row.ts'

/** What the checks of `vlan` must say. */
export const rows: readonly Row[] = []
