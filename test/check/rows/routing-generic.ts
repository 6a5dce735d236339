import type { Row } from './row.ts'

/** What the checks of `routing.generic` must say. */
export const rows: readonly Row[] = []
