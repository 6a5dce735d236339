import type { SaidLine } from '../../eos/device/device.ts'
import type { Command } from '../../model/command.ts'
import { definedMembers, unlessEmpty } from '../../model/defined-members.ts'
import { EosflowError } from '../../model/error.ts'
import type { PlannedDevice } from './plan.ts'

export const ANNOUNCED_RISKS = ['forwarding-agent', 'reload', 'traffic', 'question'] as const

export type AnnouncedRisk = (typeof ANNOUNCED_RISKS)[number]

// `WARNING! Proceed [y/n]` holds three of them (ansible-collections/arista.eos issue 368, EOS 4.26); over eAPI such a question answers itself.
const WORDS: Readonly<Record<AnnouncedRisk, RegExp>> = {
  'forwarding-agent': /agent.*(?:exit|restart)/is,
  reload: /reload|reboot/i,
  traffic: /traffic/i,
  question: /\[(?:y(?:es)?\/no?|confirm|no?\/y(?:es)?)[^\]]*\]/i,
}

const MEANS: Readonly<Record<AnnouncedRisk, string>> = {
  'forwarding-agent': 'an agent exits or restarts',
  reload: 'a reload',
  traffic: 'traffic',
  question: 'a question that eAPI answers with yes',
}

export function riskWords(risk: AnnouncedRisk): string {
  return `${risk}: ${MEANS[risk]}`
}

function risksIn(text: string): readonly AnnouncedRisk[] {
  return ANNOUNCED_RISKS.filter((risk) => WORDS[risk].test(text))
}

export type PlanWarningCode =
  | 'management-path'
  | 'opens-login'
  | 'insecure-transport'
  | 'not-saved'
  | 'startup-unknown'
  | 'redundant-pair'
  | 'left-out'
  | 'idle-removal'
  | 'no-canary'
  | 'unknown-line'
  | 'doubtful-line'
  | 'boot-line'
  | 'subinterface-down'
  | 'switch-says'
  | 'announced-risk'
  | 'foreign-removals'
  | 'not-kept'
  | 'keep-unused'
  | 'foreign-session'
  | 'merge-on-commit'
  | 'neighbor-not-watched'
  | 'runs-programs'
  | 'no-approval'
  | 'any-store'
  | 'unknown-requester'
  | 'offline'
  | 'gate-not-asked'
  | 'no-state'
  | 'asked-after'
  | 'broken-invariant'

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
