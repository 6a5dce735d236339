import type { Style } from '../text/style.ts'
import { hanging } from '../text/visible.ts'
import type { ExecutionView } from '../view/execution-view.ts'
import { disruptionLine } from './disruption-text.ts'

export function headlineText({ headline, unattended, mark, disruption }: ExecutionView, style: Style): string {
  const line = hanging(`${headline}.`)
  const lost = disruption === undefined ? '' : `${disruptionLine(disruption, style)}\n`
  return `${mark.tone === 'bad' ? style.bad(line) : style.bold(line)}\n${lost}${style.dim(hanging(unattended))}`
}
