import type { JournalEvent } from '../journal/event.ts'
import type { Json, JsonObject } from '../model/json.ts'
import type { Style } from './style.ts'
import { visible } from './visible.ts'

/** An event as `history --json` prints it: `seq`, `at`, `type`, `execution`, and where it applies `state`, `device`, `attempt`, `actor`, `outcome`. */
export function historyJson(events: readonly JournalEvent[]): string {
  return JSON.stringify(events.map((event) => withoutMachine(event)))
}

/** The machine is the definition, not a transition; its digest stands beside it. */
function withoutMachine(event: JournalEvent): JsonObject {
  const { machine: _, ...rest } = event as JournalEvent & { machine?: Json }
  return rest as unknown as JsonObject
}

/** Every transition of an execution, one line each. */
export function historyText(events: readonly JournalEvent[], style: Style): string {
  return events
    .map((event) => {
      const { seq, at, type, actor: _, v: __, execution: ___, ...body } = withoutMachine(event)
      return `${String(seq).padStart(5)}  ${at}  ${style.bold(String(type).padEnd(19))} ${style.dim(visible(details(body)))}`
    })
    .join('\n')
}

function details(body: JsonObject): string {
  return Object.entries(body)
    .filter(([, value]) => value !== '')
    .map(([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(' ')
}
