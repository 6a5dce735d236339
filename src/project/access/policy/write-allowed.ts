import type { EventBody, JournalEvent } from '../../../change/record/event/event.ts'
import type { AppendCondition } from '../../../change/record/store/journal.ts'
import type { RecordApp } from '../../app/app.ts'
import type { SilentCaller } from '../../identity/caller.ts'
import type { AllowedAct, DecisionOfPolicy } from './authority.ts'
import { policyGone } from './seen-policy.ts'
import { whileAllowed } from './while-allowed.ts'

export type DecisionOnRecord = { readonly rules?: readonly string[]; readonly policy?: string }

/** Writes what the policy allows outside of executions, on the condition of {@link whileAllowed}: the one way in which an act goes on record. */
export function writeAllowed(
  app: Pick<RecordApp, 'store' | 'words' | 'journalAs'>,
  { principal }: SilentCaller,
  allowed: AllowedAct,
  eventsOf: (by: DecisionOnRecord) => readonly EventBody[],
  conditions: readonly AppendCondition[] = [],
): Promise<readonly JournalEvent[]> {
  const judged = { again: () => allowedNow(app, allowed) }
  return whileAllowed(app, judged, (condition, now) =>
    app.journalAs(principal).append(undefined, eventsOf(decidedBy(now)), [...conditions, condition]),
  )
}

/** Judges an act once more. Throws as its first judgement does, also where the store has seen its first policy since, and this project has none. */
export async function allowedNow(app: Pick<RecordApp, 'store' | 'words'>, allowed: AllowedAct): Promise<AllowedAct> {
  const now = await allowed.again()
  const seen = now.policy === null ? await app.store.policySeen() : undefined
  if (seen?.type === 'PolicyLoaded') throw policyGone(app, seen)
  return now
}

function decidedBy({ rules, policy }: Pick<DecisionOfPolicy, 'rules' | 'policy'>): DecisionOnRecord {
  return policy === null ? {} : { rules, policy }
}
