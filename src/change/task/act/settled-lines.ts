import { type SettledLines, settleByBase, subject, type UnsettledLine } from '../../../eos/config/guard/guard.ts'
import { redact } from '../../../eos/config/secrets/redact.ts'
import { EosflowError } from '../../../model/error.ts'
import type { RenderedChange } from './rendered-change.ts'

const NOTHING: SettledLines = { refused: [], unknown: [], boot: [], printed: [], own: {} }

/** Throws `guard` with every line that the switch does not have and that no `allow` of the workflow lets through. */
export function settledLines(name: string, { unsettled }: RenderedChange, running: string, eos?: string): SettledLines {
  if (unsettled === undefined) return NOTHING
  const settled = settleByBase(unsettled, running, eos)
  if (settled.refused.length === 0) return settled
  const lines = settled.refused.map((one) => `${name}: "${redact(one.line)}" ${whyRefused(one)}`)
  throw new EosflowError('guard', lines.join('\n'), {
    device: name,
    hint: `Nothing was sent. ${mendOf(settled.refused)}`,
  })
}

function whyRefused({ because, fault }: UnsettledLine) {
  const meant = fault?.hint === undefined ? '' : ` ${fault.hint}`
  if (because !== 'misspelt') return `${WHY[because]}${meant === '' ? '' : `.${meant}`}`
  return `is misspelt: ${fault.why}, nor has the switch (unknown-lines).${meant}`
}

const WHY = {
  unknown: 'is known to no table of the configuration, and the switch does not have it (unknown-lines)',
  boot: 'would change what the switch boots at once, and an abort does not undo it (boot)',
  alias: 'begins with a name that the switch gives to commands (`alias`), and would run them',
  exec: 'may be a command that acts at once, and the switch does not have it',
  privileged: 'can have an agent of the switch run other code, and the switch does not have it (agent)',
} as const

function mendOf(refused: readonly UnsettledLine[]) {
  const words = [
    ...(refused.some(({ because }) => because === 'boot') ? ['`allow: [boot]`'] : []),
    ...(refused.some(({ because }) => because === 'unknown' || because === 'misspelt')
      ? ['`allow: [unknown-lines]`']
      : []),
  ]
  const mend = refused.some(({ because }) => because === 'misspelt') ? 'Correct them' : 'Leave them out'
  if (words.length > 0) return `${mend}, or say ${words.join(' or ')} in the workflow if they are meant.`
  return 'Leave them out, or write them as show running-config of the switch prints them: no `allow` lets them through.'
}

/** Whether a change may not reach its switch before an approval. */
export function mustWait({ unknown, boot }: SettledLines): boolean {
  return unknown.length > 0 || boot.length > 0
}

/** The change without the `boot` lines that are sent last or need not be sent. */
export function withoutBootLines(change: RenderedChange, { boot, printed, own }: SettledLines): RenderedChange {
  if (boot.length === 0 && printed.length === 0) return change
  const taken = new Set([...boot, ...printed])
  const instead = (line: string) => {
    if (!taken.has(line.trim())) return [line]
    const kept = change.mode === 'replace' ? own[subject(line.trim())] : undefined
    return kept === undefined ? [] : [kept]
  }
  return {
    ...change,
    lines: change.lines.flatMap(instead),
    commands: change.commands.flatMap((command) =>
      taken.has(command.cmd) ? instead(command.cmd).map((cmd) => ({ cmd })) : [command],
    ),
  }
}
