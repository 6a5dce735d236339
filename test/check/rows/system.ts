import type { Row } from './row.ts'
import { rows as clock } from './system/clock.ts'
import { rows as health } from './system/health.ts'
import { rows as storage } from './system/storage.ts'

/** What the checks of `system` must say. */
export const rows: readonly Row[] = [...clock, ...health, ...storage]
