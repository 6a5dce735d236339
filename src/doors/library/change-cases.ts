import { planChange, requirePlanning } from '../../project/execution/begin/plan-change.ts'
import { unplanned } from '../../project/execution/begin/unplanned.ts'
import { stop } from '../../project/execution/stop/stop.ts'
import { suspend } from '../../project/execution/stop/suspend.ts'
import { planOffline } from '../../project/plan/plan-offline.ts'
import { planAs } from '../../report/plan/formats.ts'
import type { EosflowProject } from './eosflow-project.ts'
import { preparedBy } from './given-change.ts'
import { givenRequest } from './given-request.ts'
import type { ProjectDoor } from './project-door.ts'
import { shown } from './read-cases.ts'
import { patientVisit } from './visit.ts'

/** What of a project plans, and ends what runs. */
export type ChangeCases = Pick<EosflowProject, 'plan' | 'stop' | 'suspend'>

/** The use cases that plan, and that end what runs. */
export function changeCases(door: ProjectDoor): ChangeCases {
  return {
    plan: (request) =>
      door.within(
        'anew',
        () => givenRequest('plan', request),
        async (visit, given) => {
          const { offline, skipUnreachable = false, ...change } = given
          const { app, caller } = visit
          const prepared = await preparedBy(visit, change)
          if (offline !== undefined) {
            await requirePlanning(app, caller, prepared)
            return door.document(planAs.json(await planOffline(app.project, app, prepared, offline)))
          }
          const planned = await planChange(app, caller, { prepared, skipUnreachable })
          if (planned.plan !== undefined) return door.document(planAs.json(planned.plan))
          throw unplanned(app, planned)
        },
      ),
    stop: (given, terms = {}) =>
      door.within(
        'kept',
        () => ({ execution: givenRequest('execution', given), reason: '', ...givenRequest('stop', terms) }),
        async (visit, { execution, reason }) => {
          const { state } = await stop(visit.app, visit.caller, { execution, reason }, nobodyLooks)
          return shown(door, patientVisit(visit), state.id)
        },
        { despiteCheckpointKey: true },
      ),
    suspend: (given, terms = {}) =>
      door.within(
        'kept',
        () => ({ execution: givenRequest('execution', given), reason: '', ...givenRequest('suspend', terms) }),
        async (visit, { execution, reason }) => {
          const { state } = await suspend(visit.app, visit.caller, { execution, reason }, nobodyLooks)
          return shown(door, patientVisit(visit), state.id)
        },
        { despiteCheckpointKey: true },
      ),
  }
}

const nobodyLooks = () => () => undefined
