import type { ExecutionState } from '../../change/engine/state.ts'
import { type Disruption, disruptionOf, goneWords, probeRemarks, seenWords } from '../phrases/disruption.ts'
import type { Style } from '../text/style.ts'
import { hanging, visibleLine } from '../text/visible.ts'

const MOST = 12

interface ShownDisruption {
  readonly words: string
  readonly probes: readonly Pick<Disruption['probes'][number], 'result'>[]
}

export function disruptionLine({ words, probes }: ShownDisruption, style: Style): string {
  const line = hanging(`${words.charAt(0).toUpperCase()}${words.slice(1)}.`)
  return probes.some(({ result }) => result === 'cut' || result === 'not-measured') ? style.warning(line) : line
}

/** `isHeaded`: the sentence is said already. */
export function disruptionText(
  execution: ExecutionState,
  style: Style,
  { isWhole, isHeaded }: { readonly isWhole: boolean; readonly isHeaded: boolean },
): readonly string[] {
  const found = disruptionOf(execution)
  if (found === undefined) return []
  const lines = [
    ...table(found, isWhole),
    ...seenLines(found, isWhole),
    ...(isHeaded ? [] : [disruptionLine(found, style)]),
  ]
  return lines.length === 0 ? [] : ['', ...lines]
}

function seenLines({ seen, isOver }: Disruption, isWhole: boolean) {
  if (seen === undefined || !isOver) return []
  const { head, each } = seenWords(seen)
  const shown = isWhole ? each : each.slice(0, MOST)
  const more = each.length - shown.length
  return [
    `${head}${each.length === 0 ? '.' : ':'}`,
    ...shown.map((line) => `  ${visibleLine(line)}`),
    ...(more > 0 ? [`  … and ${more} more: -v`] : []),
  ]
}

function table({ probes, isOver }: Disruption, isWhole: boolean) {
  if (!isOver) return []
  const remarkable = probes.filter(({ result }) => result !== 'answered')
  const ordered = [...remarkable, ...probes.filter(({ result }) => result === 'answered')]
  const shown = isWhole ? ordered : ordered.slice(0, MOST)
  const width = Math.max(5, ...shown.map(({ name }) => name.length))
  const gone = Math.max(7, ...shown.map((row) => goneWords(row).length))
  const all = probes.flatMap(probeRemarks)
  const isShared = (remark: string) => all.filter((one) => one === remark).length > 1
  return [
    `${'probe'.padEnd(width)}  ${'cut off'.padEnd(gone)}  asked  lost`,
    ...shown.flatMap((row) => [
      `${visibleLine(row.name).padEnd(width)}  ${goneWords(row).padEnd(gone)}  ${String(row.reading.sent).padEnd(5)}  ${row.reading.lost}`,
      ...probeRemarks(row).flatMap((remark) => (isShared(remark) ? [] : [`  ${visibleLine(remark)}`])),
    ]),
    ...(shown.length < probes.length ? [`… and ${probes.length - shown.length} more: -v`] : []),
    ...[...new Set(all.filter(isShared))].map(
      (remark) => `${all.filter((one) => one === remark).length} probes: ${visibleLine(remark)}`,
    ),
  ]
}
