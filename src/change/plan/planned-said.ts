import type { SaidLine } from '../../eos/device/device.ts'
import type { Command } from '../../model/command.ts'
import { EosflowError } from '../../model/error.ts'
import { definedMembers, unlessEmpty } from '../../model/json.ts'
import { risksIn, riskWords } from './announced-risk.ts'
import type { PlannedDevice } from './plan.ts'

export function plannedSaid(
  said: readonly SaidLine[],
  commands: readonly Command[],
  clean: (text: string) => string,
): Pick<PlannedDevice, 'said'> {
  if (said.length === 0) return {}
  return {
    said: said.map(({ at, text }) => {
      const line = clean((commands[at - 1]?.cmd ?? '').trim())
      return { at, line, says: clean(text), ...definedMembers({ risks: unlessEmpty(risksIn(text)) }) }
    }),
  }
}

const UNASKED =
  'No plan shows what this switch says: it was planned without asking it, because the change holds a line that may not be sent before an approval. Make a separate change of the lines that the switch can be asked about: its plan shows the risk. Where the announced line is the one that may not be sent, type it on the switch by hand.'

/** Throws `stale` when a switch announces a risk at a command where the plan, which was approved, holds no such one. */
export function requireKnownRisks(
  { name, offline, said: planned = [] }: PlannedDevice,
  said: readonly SaidLine[],
): void {
  for (const { at, text } of said) {
    const known = planned.find((one) => one.at === at)?.risks ?? []
    const [risk] = risksIn(text).filter((one) => !known.includes(one))
    if (risk === undefined) continue
    throw new EosflowError(
      'stale',
      `${name}: the switch announces a risk that the plan does not hold (${riskWords(risk)}), at command ${at} of the change: ${text.replaceAll('\n', ' ')}`,
      {
        device: name,
        hint: offline === true ? UNASKED : 'Plan again and have the new plan approved: it shows what the switch says.',
      },
    )
  }
}
