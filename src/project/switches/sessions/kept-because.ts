import { isOpen } from '../../../eos/device/session-table.ts'
import type { ListedSession } from '../../../report/sessions/formats.ts'
import type { WordedHost } from '../../system/process/host.ts'

/** Why garbage collection leaves a session alone; undefined when it may go. `all`: those of other stores may go too. */
export function keptBecause(
  { state, whose, inside }: ListedSession,
  all: boolean,
  { words }: WordedHost,
): string | undefined {
  if (whose.kind === 'foreign') return 'it is not of eosflow'
  if (!isOpen(state)) return 'it holds no place'
  if (state === 'armed') return 'a commit timer runs: an abort would change running-config'
  if (state === 'unknown') return 'its state is not one that eosflow knows'
  if (inside.length > 0) return `${inside.join(', ')} is inside it`
  if (whose.kind === 'eosflow')
    return all ? undefined : `it is of another store: ${words({ code: 'remove-of-other-stores' })}`
  return whose.running ? `execution ${whose.execution} is running` : undefined
}
