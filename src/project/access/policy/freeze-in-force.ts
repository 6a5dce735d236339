import type { ExecutionState } from '../../../change/engine/state.ts'
import { type FreezeRecord, freezeWords } from '../../../change/record/store/freeze.ts'
import { EosflowError } from '../../../model/error.ts'
import type { ProjectStore } from '../../app/store/project-store.ts'
import { hinted } from '../../system/process/hinted.ts'
import type { WordedHost } from '../../system/process/host.ts'
import { breakGlassOf } from './demands.ts'

export type FreezeSource = WordedHost & Pick<ProjectStore, 'store' | 'clock'>

/** The freezes that are in force now, in the order in which they were set. */
export async function freezesInForce({ store, clock }: Omit<FreezeSource, 'words'>): Promise<readonly FreezeRecord[]> {
  return store.freezes(new Date(clock.now()).toISOString())
}

/** Throws `window-closed` while a freeze is in force: nothing new begins. */
export async function requireUnfrozen(app: FreezeSource): Promise<void> {
  const [freeze] = await freezesInForce(app)
  if (freeze !== undefined) throw frozenError(app, freeze)
}

/** Throws `window-closed`. */
export async function requireMayGoOn(app: FreezeSource, { id, purpose, status }: ExecutionState): Promise<void> {
  if (purpose === 'plan' || status !== 'running') return
  const [freeze] = await freezesInForce(app)
  if (freeze === undefined || (await breakGlassOf(app, id)) !== undefined) return
  throw frozenError(app, freeze)
}

export function frozenError(app: WordedHost, freeze: FreezeRecord): EosflowError {
  return new EosflowError('window-closed', freezeWords(freeze), hinted(app, { code: 'end-freeze', freeze: freeze.seq }))
}
