import { readState } from '../../../change/engine/fold.ts'
import { requireAllowed } from '../../../project/access/policy/authority.ts'
import { aboutExecution, aboutPlan } from '../../../project/access/policy/entry.ts'
import { trailOf } from '../../../project/history/trail-of.ts'
import { askedChecks, verifySwitches } from '../../../project/switches/check/asked-checks.ts'
import { driftOfSwitches } from '../../../project/switches/drift/drift-of-switches.ts'
import { compareSnapshots, takeSnapshot } from '../../../project/switches/snapshot/take-snapshot.ts'
import { checkResultsAs } from '../../../report/check-results/formats.ts'
import { driftAs } from '../../../report/drift/formats.ts'
import type { ActTable } from '../context/act-context.ts'
import { aboutSeen, faultOf, notThere, requireSnapshotFor } from '../request/readable.ts'
import { askAnew } from './ask-anew.ts'
import { seenPlan, wholeSeenPlan } from './decide.ts'

export const checkActs = {
  /** Verifies switches once by the catalog of the project. */
  check: async ({ app }, caller, { tags, only, since, targets }) => {
    if (since !== undefined) await requireSnapshotFor(app, caller, since)
    await askAnew(app, caller)
    const asked = await askedChecks(app, { tags, only, since, target: targets })
    const verified = await verifySwitches(app, caller, asked, 0)
    return JSON.parse(checkResultsAs.json(verified.flatMap(({ results }) => results)))
  },

  checkpoint: ({ app }, caller, { execution }) =>
    aboutSeen(app, caller, execution, async () => {
      const found = await app.store.resolveExecution(execution)
      if (found.found !== 'one') throw notThere('execution')
      const state = await readState(app.store, found.id)
      await requireAllowed(app, caller, 'execution.read', aboutExecution(state))
      await trailOf(app).checkpoint()
      return {}
    }),

  drift: async ({ app }, caller, { targets }) => {
    await askAnew(app, caller)
    return JSON.parse(driftAs.json(await driftOfSwitches(app, caller, targets)))
  },

  compare: async ({ app }, caller, { before }) => {
    await askAnew(app, caller)
    return { diffs: await compareSnapshots(app, caller, { before, after: undefined, target: undefined }) }
  },

  snapshot: async ({ app }, caller, { name, targets }) => {
    await askAnew(app, caller)
    const { failure, ...taken } = await takeSnapshot(app, caller, { target: targets, name })
    const fault = failure === undefined ? {} : { failure: faultOf(failure).message }
    return { version: 1, kind: 'snapshot', ...taken, ...fault }
  },

  /** `known`: it is under way already. */
  rehearse: async ({ app, rehearsals }, caller, { plan: digest }) => {
    const { plan } = await wholeSeenPlan(app, caller, digest, 'plan.create')
    await requireAllowed(app, caller, 'plan.create', { ...aboutPlan(plan), plan: digest })
    const known = await rehearsals.of(digest)
    return known?.standing === 'running' ? { ...known, known: true } : rehearsals.begin(plan)
  },

  /** The rehearsal of a plan, for whoever may see the plan; `{}` where nobody has asked for one. */
  rehearsal: async ({ app, rehearsals }, caller, { plan: digest }) => {
    await seenPlan(app, caller, digest, 'plan.create', 'plan.approve')
    return (await rehearsals.of(digest)) ?? {}
  },
} satisfies Partial<ActTable>

/** Throws `store`. */
