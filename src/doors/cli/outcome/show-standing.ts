import type { JournalEvent } from '../../../change/record/event/event.ts'
import { problemOf } from '../../../model/problem.ts'
import { pastExecutionAt } from '../../../project/history/executions/past-execution.ts'
import { InputError } from '../../../project/system/process/input-error.ts'
import { pastExecutionJson, pastExecutionText } from '../../../report/past-execution.ts'
import { colored, plain } from '../../../report/text/style.ts'
import type { Invocation } from '../terminal/io.ts'

/** Shows an execution as it was at the record of `--at`. Throws InputError for a record that it does not have. */
export function showStanding(
  { io, global }: Invocation,
  id: string,
  events: readonly JournalEvent[],
  word: string,
): number {
  const standing = standingNamed(id, events, word)
  if (global.json) {
    io.out(`${pastExecutionJson(standing)}\n`)
    return 0
  }
  io.out(`${pastExecutionText(standing, io.color ? colored : plain)}\n`)
  io.out(`Next: eosflow history ${standing.execution.id}\n`)
  return 0
}

function standingNamed(id: string, events: readonly JournalEvent[], word: string) {
  const standing = pastExecutionAt(id, events, /^\d{1,15}$/.test(word) ? Number(word) : 0)
  if (standing !== undefined) return standing
  const [first, last] = [events[0]?.seq ?? 0, events.at(-1)?.seq ?? 0]
  const message = `${id} has records from ${first} to ${last}`
  throw new InputError([problemOf(`--at ${word}`, 'no-such-record', message, `eosflow history ${id} lists them.`)])
}
