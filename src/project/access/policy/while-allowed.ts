import { PolicyMovedError } from '../../../change/record/store/condition.ts'
import type { PolicyCondition } from '../../../change/record/store/journal.ts'
import type { ProjectStore } from '../../app/store/project-store.ts'

export interface ActJudgement<Outcome> {
  readonly again: () => Promise<Outcome>
}

// How often something is judged again because another policy came into force meanwhile.
const MOST = 5

/** That what is written is judged by the policy that is in force now: asked before the judgement, and required by the write. */
export async function policyNow({ store }: Pick<ProjectStore, 'store'>): Promise<PolicyCondition> {
  const [bundle] = await store.bundles(1)
  return { policy: Math.max(bundle?.seq ?? 0, (await store.policySeen())?.seq ?? 0) }
}

/** Judges once more what was allowed, and writes it on the condition that no other policy comes into force between the two. Throws as the judgement does, and PolicyMovedError where policies change all the time. */
export async function whileAllowed<Outcome, Written>(
  app: Pick<ProjectStore, 'store'>,
  judged: ActJudgement<Outcome>,
  write: (condition: PolicyCondition, outcome: Outcome) => Promise<Written>,
): Promise<Written> {
  for (let time = 1; ; time += 1) {
    const condition = await policyNow(app)
    const outcome = await judged.again()
    try {
      return await write(condition, outcome)
    } catch (error) {
      if (!(error instanceof PolicyMovedError) || time === MOST) throw error
    }
  }
}
