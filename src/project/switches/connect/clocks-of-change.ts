import type { ExecutionState } from '../../../change/engine/state.ts'
import { unsettled } from '../../../change/engine/undo.ts'
import type { App } from '../../app/app.ts'
import type { Caller } from '../../identity/caller.ts'
import type { Console } from '../../system/process/console.ts'
import { requireSwitchClocks } from './switch-clocks.ts'

/** Where workers do, it is the one that takes the change up, so that a client needs no way to a switch; its own clock is compared with that of the store at its first record. Throws `clock`. */
export async function requireClocksHere(app: App, caller: Console, targets: readonly string[]): Promise<void> {
  if (app.dispatch === undefined) await requireSwitchClocks(app, caller, targets)
}

/** Asks the switches of an execution for their time before a worker takes it up. Throws `clock`. */
export async function requireClocksToDrive(app: App, worker: Caller, state: ExecutionState): Promise<void> {
  if (state.sites.isDivided || unsettled(state).length > 0) return
  const tell = (text: string) => worker.tell(`${state.id}: ${text}`)
  await requireSwitchClocks(app, { ...worker, tell }, state.targets)
}
