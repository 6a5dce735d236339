import type { Ledger } from '../../../change/engine/ledger.ts'
import { definedMembers } from '../../../model/defined-members.ts'
import type { Project } from '../../files/project.ts'
import type { SecretPorts } from '../../secret/secrets.ts'

/** Puts on record which secrets an execution has asked for: each reference and version once, and each reason why one was not had; never a value. */
export interface SecretRecord {
  readonly resolved: NonNullable<SecretPorts['resolved']>
  /** From now on there is a ledger to write to; before it no switch and no service is spoken to. */
  writeTo(ledger: Pick<Ledger, 'append'>): void
}

export function secretRecord({ policyPresent, settings }: Project): SecretRecord {
  const { exec, vault } = settings.secrets
  const isKept = policyPresent || vault !== undefined || Object.keys(exec).length > 0
  const known = new Set<string>()
  let ledger: Pick<Ledger, 'append'> | undefined
  return {
    writeTo: (one) => {
      ledger = one
    },
    resolved: async ({ reference, version, goodUntil, reason }) => {
      const key = `${reference} ${version ?? ''} ${reason ?? ''}`
      if (!isKept || ledger === undefined || known.has(key)) return
      known.add(key)
      await ledger.append({
        type: 'SecretResolved',
        reference,
        outcome: reason === undefined ? 'ok' : 'failed',
        ...definedMembers({ reason }),
        ...(version === undefined ? {} : { version: String(version) }),
        ...(goodUntil === undefined ? {} : { until: new Date(goodUntil).toISOString() }),
      })
    },
  }
}
