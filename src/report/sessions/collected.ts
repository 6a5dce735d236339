import { count, switches } from '../text/count.ts'
import type { Style } from '../text/style.ts'
import { visibleLine } from '../text/visible.ts'
import type { CollectedSession, SwitchCollection } from './sessions.ts'
import { failureLine } from './text.ts'

export function collectedText(done: readonly SwitchCollection[], style: Style): string {
  const rows = done.flatMap((one) => {
    if ('failure' in one) return [style.bad(failureLine(one))]
    const kept = one.kept.map(({ session, because }) => `= ${one.device}: ${session} stays: ${because}`)
    return [...one.removed.map((session) => removedText(one.device, session, style)), ...kept.map(visibleLine)]
  })
  const read = done.flatMap((one) => ('failure' in one ? [] : one.removed))
  const of = (end: CollectedSession['end']) => read.filter((one) => one.end === end).length
  const kept = done.reduce((sum, one) => sum + ('failure' in one ? 0 : one.kept.length), 0)
  const bad = of('refused') + of('unknown')
  const total = `Removed: ${count(of('removed'), 'session')} on ${switches(done.length)}, read back · ${kept} of eosflow kept, ${bad} not removed`
  return [...rows, total].join('\n')
}

function removedText(device: string, { session, end, detail }: CollectedSession, style: Style) {
  const why = detail === undefined ? '' : `: ${detail}`
  switch (end) {
    case 'removed':
      return style.good(visibleLine(`✔ ${device}: ${session} removed, read back`))
    case 'refused':
      return style.bad(visibleLine(`✖ ${device}: ${session} is still there${why}`))
    case 'unknown':
      return style.bad(
        visibleLine(`? ${device}: ${session}: unknown${why}. Ask it: eosflow sessions list -t ${device}`),
      )
  }
}
