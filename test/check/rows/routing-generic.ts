import { rows as routes } from './routing-generic/routes.ts'
import { rows as tables } from './routing-generic/tables.ts'
import type { Row } from './row.ts'

/** What the checks of `routing.generic` must say. */
export const rows: readonly Row[] = [...routes, ...tables]
