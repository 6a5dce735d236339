import { commandsOf } from '../../../eos/config/commands.ts'
import {
  execVerbs,
  type SettledLines,
  settleByBase,
  subject,
  type UnsettledLine,
} from '../../../eos/config/guard/guard.ts'
import { keptLines } from '../../../eos/config/merge.ts'
import { redact } from '../../../eos/config/secrets/secrets.ts'
import { parseConfig } from '../../../eos/config/text/parse.ts'
import type { Command } from '../../../model/command.ts'
import { EosflowError } from '../../../model/error.ts'

export interface RenderedChange {
  readonly mode: 'merge' | 'replace'
  readonly lines: readonly string[]
  readonly commands: readonly Command[]
  /** Globs of the lines of a switch that stay although a whole configuration lacks them; absent where there is none. */
  readonly keep?: readonly string[]
  /** Lines of which only the switch's running-config says whether they may be sent; absent where there is none. */
  readonly unsettled?: readonly UnsettledLine[]
  /** Lines that a switch may refuse by the table of the syntax, and why; absent where there is none. */
  readonly doubtful?: readonly DoubtfulLine[]
}

export interface DoubtfulLine {
  readonly line: string
  readonly above: readonly string[]
  readonly why: string
  readonly form: string
  /** The versions of EOS on which a switch has taken and printed such a line, by what this store has noted. */
  readonly taken?: readonly string[]
}

interface KeepingSwitch {
  readonly name: string
  readonly eos: string
  readonly running: string
}

/** Throws `guard` for a kept line that would do more than configure. */
export function withKeptLines(change: RenderedChange, { name, eos, running }: KeepingSwitch): RenderedChange {
  const { keep } = change
  if (keep === undefined) return change
  const { lines, kept } = keptLines({ keep, running, candidate: change.lines, eos })
  if (kept.length === 0) return change
  const findings = execVerbs(lines, 'replace').filter(
    ({ act, index, own }) => act === 'refused' && own === undefined && isAdded(change, index),
  )
  if (findings.length > 0) {
    const found = findings.map(({ line }) => `${name}: "${redact(line)}" would be kept, and does more than configure`)
    throw new EosflowError('guard', found.join('\n'), { device: name, hint: 'Take it out of `keep`.' })
  }
  return { ...change, lines, commands: commandsOf(parseConfig(`${lines.join('\n')}\n`)) }
}

function isAdded({ lines }: RenderedChange, index: number) {
  return index >= lines.filter((line) => line.trim() !== 'end').length
}

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

/** Whether a change needs the running-config of its switch before anything of it may be sent. */
export function needsRunning({ unsettled, keep }: RenderedChange): boolean {
  return unsettled !== undefined || keep !== undefined
}

/**
 * The change of a switch as a config session takes it that nobody has approved and that is aborted; undefined where it holds a line that may reach no session
 * before an approval. Throws `guard`, as {@link settledLines} and {@link withKeptLines} do.
 */
export function stageableChange(change: RenderedChange, device: KeepingSwitch): RenderedChange | undefined {
  if (!needsRunning(change)) return change
  const lines = settledLines(device.name, change, device.running, device.eos)
  return mustWait(lines) ? undefined : withKeptLines(withoutBootLines(change, lines), device)
}
