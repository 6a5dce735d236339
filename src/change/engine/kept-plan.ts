import { sha256 } from '../../model/digest.ts'
import { EosflowError } from '../../model/error.ts'
import type { Plan } from '../plan/plan.ts'
import { readRecordedPlan, recordedDigest } from '../plan/recorded-plan.ts'
import { storedPlan } from '../plan/stored-plan.ts'
import type { Ledger } from './ledger.ts'
import type { ChangePorts } from './ports.ts'

// For how many milliseconds the digest of what is stored is kept at most, whatever mark it has.
const LONGEST = 60_000

export interface KeptPlan {
  /** Throws `stale` or `store`; `bug` before there is one. */
  get(): Promise<Plan>
  keep(plan: Plan): void
  digestNow(): Promise<string>
}

interface Reading {
  readonly at: number
  readonly mark: string | undefined
  readonly digest: Promise<string>
}

/**
 * Keeps the plan of an execution: read, parsed and compared with its digest once, for all of its switches. What is stored is read
 * again before a timed commit as soon as it has another mark.
 */
export function keptPlan(ports: Pick<ChangePorts, 'texts' | 'clock' | 'settled'>, ledger: Ledger): KeptPlan {
  const { texts, clock } = ports
  let plan: Promise<Plan> | undefined
  let last: Reading | undefined
  let proven: { readonly text: string; readonly digest: string } | undefined
  const read = async (ref: string) => {
    try {
      const text = await texts.get(ref)
      const own = sha256(text)
      if (proven?.text !== own) proven = { text: own, digest: recordedDigest(text) }
      return proven.digest
    } catch {
      // It may be readable again, and have the same mark.
      last = undefined
      return 'unreadable'
    }
  }
  return {
    get: () => {
      plan ??= load(ports, ledger)
      return plan
    },
    keep: (made) => {
      plan = Promise.resolve(made)
    },
    digestNow: async () => {
      const ref = ledger.state.plan?.ref ?? ''
      // Whoever cannot say it may still read it.
      const mark = await texts.markOf(ref).catch(() => undefined)
      const at = clock.monotonic()
      const isKept = last !== undefined && mark !== undefined && last.mark === mark && at - last.at < LONGEST
      if (last === undefined || !isKept) last = { at, mark, digest: read(ref) }
      return last.digest
    },
  }
}

async function load({ texts, settled }: Pick<ChangePorts, 'texts' | 'settled'>, ledger: Ledger) {
  const { plan } = ledger.state
  if (plan === undefined) throw new EosflowError('bug', 'this execution has no plan yet')
  if (settled?.digest === plan.digest) return settled
  const loaded = readRecordedPlan(await storedPlan(texts, plan.ref))
  if (loaded.digest === plan.digest) return loaded
  throw new EosflowError('stale', 'the stored plan is not the one that was settled', {
    hint: 'Plan again and have the new plan approved.',
  })
}
