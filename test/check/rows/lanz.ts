import type { Row } from './row.ts'
import { errs, fails, passes, rowsOf } from './rows-of.ts'

/** What the checks of `lanz` must say. */
export const rows: readonly Row[] = rowsOf('VerifyLANZ', { command: 'show queue-monitor length status' }, [
  passes('enabled', [{ lanzEnabled: true }]),
  fails('disabled', [{ lanzEnabled: false }], ['LANZ is not enabled']),
  errs('empty', [{}], '`show queue-monitor length status` answered in an unknown shape at lanzEnabled'),
  {
    name: 'a platform without it',
    outputs: [{ errors: ['LANZ is not supported on this hardware platform'] }],
    result: 'skipped',
    messages: ['`show queue-monitor length status` was refused: LANZ is not supported on this hardware platform'],
  },
])
