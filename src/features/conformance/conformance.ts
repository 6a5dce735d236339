import { definedItems } from '../../model/json.ts'
import { type Style, visibleLine } from '../../report/text/text.ts'
import { PUT_BACK } from './kit/bench.ts'
import type { KitRun, RowVerdict } from './kit/conversation.ts'

export interface KitResult {
  readonly device: string
  readonly run?: Pick<KitRun, 'eos' | 'model' | 'stopped'>
  readonly rows?: readonly RowVerdict[]
  /** How the switch differs from before; absent where it could not be read. */
  readonly remains?: readonly string[]
  readonly recording?: string
  readonly failure?: string
}

const MARKS = { proven: '✔', refuted: '✖', 'not reached': '·' } as const

/** What a run of the kit says, for a person: a line for each row of docs/unproven.md, and how the switch was left. */
export function conformanceText(results: readonly KitResult[], style: Style): string {
  return results.flatMap((result) => resultLines(result, style)).join('\n')
}

function resultLines({ device, run, rows = [], remains, recording, failure }: KitResult, style: Style) {
  if (run === undefined) return [style.bad(visibleLine(`✖ ${device}: ${failure ?? 'not tried'}`))]
  const count = (verdict: RowVerdict['verdict']) => rows.filter((row) => row.verdict === verdict).length
  const left =
    remains === undefined
      ? [style.bad(`? ${device} could not be read: look at it yourself`)]
      : remains.length === 0
        ? [style.good(visibleLine(`  ${device} was read back as it was`))]
        : [
            style.bad(visibleLine(`? ${device} is not as it was:`)),
            ...remains.map((line) => style.bad(visibleLine(`    ${line}`))),
          ]
  return definedItems(
    visibleLine(`${device}, ${run.model}, EOS ${run.eos}: docs/unproven.md, by row`),
    ...rows.map((row) => rowLine(row, style)),
    `  ${count('proven')} proven, ${count('refuted')} refuted, ${count('not reached')} not reached`,
    run.stopped !== undefined && style.bad(`  stopped behind ${run.stopped}`),
    ...left,
    remains?.length !== 0 && `    running-config as it was: ${PUT_BACK}`,
    recording !== undefined && visibleLine(`  recorded in ${recording}`),
  )
}

function rowLine({ row, verdict, says, probes }: RowVerdict, style: Style) {
  const line = visibleLine(`${MARKS[verdict]} ${verdict.padEnd(11)} ${row} (${probes.join(', ')}): ${says}`)
  if (verdict === 'not reached') return line
  return verdict === 'proven' ? style.good(line) : style.bad(line)
}
