import type { ExecutionState } from '../../../change/engine/state.ts'
import type { ApprovedUndoWord } from '../../../project/approval/approvals.ts'
import { LONGEST_UNDO, undoDecision } from '../../../project/plan/rollback/sources.ts'
import { inputError } from '../../../project/system/process/input-error.ts'
import { short } from '../../../report/text/text.ts'
import { parseDuration } from '../../../text/source/duration.ts'
import type { CommandContext } from '../terminal/compose.ts'
import type { Invocation } from '../terminal/io.ts'

/** For how long `--with-undo` approves the undo of a plan too, in seconds; undefined where it does not. Throws InputError. */
export function undoTime({ options }: Invocation): number | undefined {
  const { withUndo, out } = options
  if (typeof withUndo !== 'string') return undefined
  if (typeof out === 'string') {
    throw inputError(
      '--with-undo',
      'undo-elsewhere',
      'an undo is worked out of what the switches run, and is approved where that is on record',
      'Leave out -o, or --with-undo.',
    )
  }
  const seconds = parseDuration(withUndo)
  if (seconds !== undefined && seconds >= 60 && seconds <= LONGEST_UNDO) return seconds
  throw inputError('--with-undo', 'bad-time', `it is no time from 1m to 7d: ${withUndo}`)
}

export function undoWords(undo: ApprovedUndoWord | undefined): string {
  if (undo === undefined) return ''
  const { plan, expires, missing } = undo
  if (missing.length === 0) return `approved its undo ${short(plan)} until ${expires}\n`
  const lacks = missing.map((line) => `Not enough yet for the undo, others must approve it too: ${line}\n`)
  return `${lacks.join('')}your approval of its undo ${short(plan)} holds until ${expires}\n`
}

export async function undoLine(
  { app, caller }: Pick<CommandContext, 'app' | 'caller'>,
  state: ExecutionState,
): Promise<string> {
  if (state.plan === undefined || (await undoDecision(app, state.plan.digest)) === undefined) return ''
  // What judges an undo is a third of what it takes to show an execution, and few have one.
  const { undoUntil } = await import('../../../project/approval/approved-undo.ts')
  const until = await undoUntil(app, caller, state)
  return until === undefined ? '' : `Its undo is approved until ${until}: eosflow rollback ${state.id}\n`
}

/** What {@link undoWords} says, as JSON. */
export function undoJson(undo: ApprovedUndoWord | undefined): { readonly undo?: object } {
  if (undo === undefined) return {}
  const { plan, expires, missing } = undo
  return { undo: { plan, expires, enough: missing.length === 0 } }
}
