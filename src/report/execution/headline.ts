import type { Style } from '../style.ts'
import type { ExecutionView } from '../view/execution-view.ts'
import { hanging } from '../visible.ts'

/** The verdict on an execution in one sentence, and below it what happens if nobody acts: as the page of the control room has them. */
export function headlineText({ headline, unattended, mark }: ExecutionView, style: Style): string {
  const line = hanging(`${headline}.`)
  return `${mark.tone === 'bad' ? style.bad(line) : style.bold(line)}\n${style.dim(hanging(unattended))}`
}
