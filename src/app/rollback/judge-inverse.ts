import { EosflowError } from '../../model/error.ts'
import { compare } from '../../plan/comparison.ts'
import type { DeviceEvidence } from '../../task/context.ts'
import { hinted } from '../hinted.ts'
import type { WordedHost } from '../host.ts'
import { changeWords } from './change-words.ts'
import { unexpected } from './inverse.ts'
import type { RollbackSources } from './sources.ts'

/** Throws `stale` unless every switch makes the inverse of the approved change of the lines it was given, no more and no less. */
export function requireInverse(
  app: WordedHost,
  { execution, changes }: RollbackSources,
  evidence: readonly DeviceEvidence[],
): void {
  const findings = evidence.flatMap(({ device, staged }) => {
    const made = compare(staged.running, staged.candidate).changes
    const off = unexpected(made, changes[device] ?? [])
    return off.length === 0 ? [] : [`${device}: the switch would not make the inverse: ${changeWords(off)}`]
  })
  if (findings.length === 0) return
  throw new EosflowError('stale', findings.join('\n'), {
    ...hinted(app, { code: 'undo-by-hand', execution }),
  })
}
