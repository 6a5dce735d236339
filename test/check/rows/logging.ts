import { rows as entries } from './logging/entries.ts'
import { rows as messages } from './logging/messages.ts'
import { rows as settings } from './logging/settings.ts'
import type { Row } from './row.ts'

/** What the checks of `logging` must say. */
export const rows: readonly Row[] = [...entries, ...messages, ...settings]
