import { commandsOf } from '../../../eos/config/commands.ts'
import { execVerbs } from '../../../eos/config/guard/guard.ts'
import { keptLines } from '../../../eos/config/kept-lines.ts'
import { redact } from '../../../eos/config/secrets/redact.ts'
import { parseConfig } from '../../../eos/config/text/parse.ts'
import { EosflowError } from '../../../model/error.ts'
import type { RenderedChange } from './rendered-change.ts'

export interface KeepingSwitch {
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
