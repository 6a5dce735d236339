import { isJsonObject, type Json } from '../../../model/json.ts'

export interface PolicyRetirement {
  readonly seq: number
  readonly by: string
  readonly file: string
  readonly policy: string
  /** When that policy came into force, and the digest of the one before it, where the record says so. */
  readonly since?: string
  readonly before?: string
}

/** The retirement that a record speaks of, by its body, which was parsed; undefined where it is another record. */
export function policyRetirementIn(said: Json): PolicyRetirement | undefined {
  if (!isJsonObject(said) || said.type !== 'PolicyRetired') return undefined
  const { seq, principal, file, policy, since, before } = said
  return {
    seq: Number(seq),
    by: isJsonObject(principal) ? String(principal.id) : '',
    file: String(file),
    policy: String(policy),
    ...(typeof since === 'string' ? { since } : {}),
    ...(typeof before === 'string' ? { before } : {}),
  }
}
