import type { JournalEvent } from '../../../change/record/event/event.ts'
import { type KnownProgress, progressScreen, roundsIn } from '../../../report/past-execution.ts'
import { clockTime, styleOf } from '../../../report/text/text.ts'
import type { Invocation } from './io.ts'

export function progressTeller(
  { io, global }: Pick<Invocation, 'io' | 'global'>,
  begun: KnownProgress = { targets: [] },
): (events: readonly JournalEvent[]) => void {
  const linesOf = progressScreen({ ...begun, verbose: global.verbose > 0 }, styleOf(io))
  return (events) => {
    for (const round of roundsIn(events)) {
      const at = clockTime(round.at(-1)?.at ?? '')
      for (const line of linesOf(round)) io.err(io.interactive ? `${line}\n` : `${at} ${line}\n`)
    }
  }
}
