import type { App } from '../../app/app.ts'
import { type RecordedEnd, recordedEnds } from './recorded-ends.ts'

/** What the ends of executions and the snapshots say of a switch. */
export type SwitchEnd = RecordedEnd

/** What is on record of these switches, by name. */
export function endsOfSwitches(
  app: Pick<App, 'store' | 'clock'>,
  names: readonly string[],
): Promise<ReadonlyMap<string, SwitchEnd>> {
  return recordedEnds(app, names)
}
