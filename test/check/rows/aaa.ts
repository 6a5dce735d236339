import { rows as accounting } from './aaa/accounting.ts'
import { rows as methods } from './aaa/methods.ts'
import { rows as tacacs } from './aaa/tacacs.ts'
import type { Row } from './row.ts'

/** What the checks of `aaa` must say. */
export const rows: readonly Row[] = [...accounting, ...methods, ...tacacs]
