import { checkNamed } from '../../check/known-checks.ts'
import type { CatalogEntry } from '../../check/read-catalog.ts'
import { redact } from '../../config/redact.ts'
import type { Verdict } from '../../model/verdict.ts'
import type { CheckResult } from '../../report/check-results.ts'

/** A verdict on one switch as reports tell it, with what the catalog says of the check and the commands to look at. */
export function resultOf(device: string, entry: CatalogEntry, verdict: Verdict): CheckResult {
  const { spec, categories, description, customField } = entry
  const asked = checkNamed(spec.name)?.commands(spec.input) ?? []
  return {
    device,
    check: spec.name,
    categories,
    description,
    ...(customField === undefined ? {} : { customField }),
    ...told(verdict),
    commands: [...new Set(asked.map(({ cmd }) => redact(cmd)))],
  }
}

function told(verdict: Verdict): Pick<CheckResult, 'status' | 'messages'> {
  switch (verdict.status) {
    case 'pass':
      return { status: 'success', messages: verdict.facts }
    case 'fail':
      return { status: 'failure', messages: verdict.reasons }
    case 'skip':
      return { status: 'skipped', messages: [verdict.reason] }
    case 'error':
      return { status: 'error', messages: [verdict.reason] }
  }
}
