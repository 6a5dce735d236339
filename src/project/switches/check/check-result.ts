import { antaWords } from '../../../eos/check/anta-words.ts'
import type { CatalogEntry } from '../../../eos/check/read-catalog.ts'
import { commandsOf } from '../../../eos/check/run.ts'
import { redact } from '../../../eos/config/secrets/redact.ts'
import { definedMembers } from '../../../model/defined-members.ts'
import type { Verdict } from '../../../model/verdict.ts'
import type { CheckResult } from '../../../report/check-results/formats.ts'

export function resultOf(device: string, entry: CatalogEntry, verdict: Verdict): CheckResult {
  const { spec, categories, description, customField } = entry
  return {
    device,
    check: spec.name,
    categories,
    description,
    ...definedMembers({ customField }),
    ...antaWords(verdict),
    commands: [...new Set(commandsOf([spec]).map(({ cmd }) => redact(cmd)))],
  }
}
