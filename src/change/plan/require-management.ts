import { managementGuard } from '../../eos/config/guard/guard.ts'
import { parseConfig } from '../../eos/config/text/parse.ts'
import { EosflowError } from '../../model/error.ts'
import type { ComparedEvidence } from './comparison.ts'
import type { PlanDefinition } from './definition.ts'

/**
 * Refuses a replace candidate that would cut the management path (docs/eos.md 2.2). Throws `guard` and names
 * every switch and what its candidate lacks, unless the workflow says `allow: [management]`.
 */
export function requireManagement(definition: PlanDefinition, evidence: readonly ComparedEvidence[]): void {
  if (definition.allow.includes('management')) return
  const findings = evidence.flatMap(({ device, rendered, staged, keeping }) => {
    if (rendered.mode !== 'replace') return []
    const host = definition.targets.find(({ name }) => name === device)?.host
    const missing = managementGuard(
      parseConfig(staged.running),
      parseConfig((keeping ?? rendered).lines.join('\n')),
      host,
    )
    return missing.map(({ part, message }) => `${device}: the candidate lacks its management ${part}: ${message}`)
  })
  if (findings.length === 0) return
  throw new EosflowError('guard', findings.join('\n'), {
    hint: 'Complete the candidate, or say `allow: [management]` in the workflow if this is meant.',
  })
}
