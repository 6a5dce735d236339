import { failureLine } from '../sessions/text.ts'
import { duration, switches } from '../text/count.ts'
import type { Style } from '../text/style.ts'
import { tableLines } from '../text/table-lines.ts'
import { visibleLine } from '../text/visible.ts'
import type { ReadFacts, SwitchFacts } from './facts.ts'

const HEAD = ['switch', 'model', 'serial', 'EOS', 'up', 'image', 'MLAG', 'power', 'optics']

/** A row for each switch that answered, and who did not. */
export function factsText(read: readonly ReadFacts[], style: Style): string {
  const rows = [HEAD, ...read.flatMap((one) => ('facts' in one ? [row(one.name, one.facts)] : []))]
  const lines = tableLines(rows, style)
  const failed = read.flatMap((one) =>
    'failure' in one ? [style.bad(failureLine({ device: one.name, failure: one.failure }))] : [],
  )
  const silent = failed.length === 0 ? '' : `, ${failed.length} did not answer`
  return [...lines, '', ...failed, `Facts: ${switches(read.length - failed.length)}${silent}`].join('\n')
}

function row(name: string, facts: SwitchFacts): readonly string[] {
  const { model, serial, eos, uptime, image = '-', mlag = '-', mlagDomain, powerSupplies, transceivers } = facts
  const power = powerSupplies === undefined ? '-' : `${powerSupplies.ok} of ${powerSupplies.of}`
  const pair = mlagDomain === undefined || mlagDomain === '' ? mlag : `${mlag} (${mlagDomain})`
  return [name, model, serial, eos, upText(uptime), image, pair, power, transceivers?.toString() ?? '-'].map(
    visibleLine,
  )
}

/** Days, or less than one in hours and minutes. */
function upText(seconds: number): string {
  return seconds >= 86_400 ? `${Math.floor(seconds / 86_400)}d` : duration(Math.floor(seconds / 60) * 60)
}
