import type { App } from '../app/app.ts'
import { suspensionOf } from '../app/execution/suspension.ts'
import type { ExecutionState } from '../engine/state.ts'
import type { JournalEvent } from '../journal/event.ts'
import type { JsonObject } from '../model/json.ts'
import { executionAs } from '../report/execution/formats.ts'

/** An execution as `eosflow show --json` prints it, with the position of its newest record. What a command would end with is not a server's to say. */
export async function executionDocument(
  app: App,
  state: ExecutionState,
  events: readonly JournalEvent[],
): Promise<JsonObject> {
  const suspension = await suspensionOf(app, state, events)
  const { exitCode: _, ...document } = JSON.parse(executionAs.json(state, events, 0, { suspension })) as JsonObject
  return { ...document, seq: state.seq }
}
