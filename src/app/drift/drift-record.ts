import type { Drift } from '../../report/drift/drift.ts'
import type { App } from '../app.ts'
import type { Caller } from '../caller.ts'

/** Puts on record what a comparison has found of which switches, where somebody hears of drift. A record that cannot be written is only a warning. */
export async function recordDrift(app: App, caller: Caller, drifts: readonly Drift[]): Promise<void> {
  if (app.project.settings.notify.targets.length === 0) return
  const named = (state: Drift['state']): readonly string[] =>
    drifts.flatMap((drift) => (drift.state === state ? [drift.name] : []))
  const [differs, same, unconfirmed, unread] = [named('differs'), named('same'), named('unknown'), named('unread')]
  if (drifts.length === 0) return
  try {
    await app
      .journalAs(caller.principal)
      .append(undefined, [{ type: 'DriftCompared', differs, same, unconfirmed, unread }])
  } catch (error) {
    caller.tell(`warning: it is not on record: ${error instanceof Error ? error.message : String(error)}\n`)
  }
}
