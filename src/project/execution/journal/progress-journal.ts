import { fold } from '../../../change/engine/fold.ts'
import type { Ledger } from '../../../change/engine/ledger.ts'
import type { ExecutionState } from '../../../change/engine/state.ts'
import type { Subscriber } from '../../../change/record/store/journal.ts'
import { definedMembers } from '../../../model/defined-members.ts'
import { EosflowError } from '../../../model/error.ts'
import { leftBehind } from '../../../report/phrases/switches-at-exit.ts'
import type { Project } from '../../files/project.ts'
import type { SecretPorts } from '../../secret/secrets.ts'
import type { ExitMessage } from '../../system/process/console.ts'

/** Knows how far one execution has come, so that this can be said at any moment without reading. */
export interface Progress {
  readonly hears: Subscriber
  /** The last word about the execution, at a time in milliseconds since the epoch. */
  lastWord(now: number): ExitMessage
  explained(error: unknown, now: number): unknown
}

export function progressOf(start: ExecutionState): Progress {
  let state = start
  return {
    hears: ({ of }) => ({
      written: (written) => {
        if (of === state.id) state = written.reduce(fold, state)
      },
    }),
    explained: (error, now) => {
      if (!(error instanceof EosflowError) || error.kind !== 'store') return error
      const message = `${error.message}\nWhere the switches are: ${leftBehind(state, now).places}`
      return new EosflowError('store', message, {
        retryable: error.retryable,
        cause: error,
        ...definedMembers({ hint: error.hint }),
      })
    },
    lastWord: (now) => {
      const { line, unprotected } = leftBehind(state, now)
      if (unprotected.length === 0) return { line }
      const names = unprotected.join(', ')
      return {
        line,
        unprotected: `${names}: confirmed, so that no commit timer puts it back; going on until that is done. Interrupt once more to leave it as it is.`,
      }
    },
  }
}

// Puts on record which secrets an execution has asked for: each reference and version once, and each reason why one was not had; never a value.
interface SecretRecord {
  readonly resolved: NonNullable<SecretPorts['resolved']>
  // From now on there is a ledger to write to; before it no switch and no service is spoken to.
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
