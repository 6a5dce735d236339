import type { Row } from './row.ts'

/** What the checks of `snmp` must say. */
export const rows: readonly Row[] = []
