import {
  onTwin,
  preparedFrom,
  projectOf,
  rehearsalControllers,
  type Subject,
} from '../../../lab/rehearse/controllers.ts'
import type { Selection } from '../../../lab/rehearse/matrix.ts'
import type { RehearsalRequest } from '../../../lab/rehearse/rehearse.ts'
import { definedMembers, unlessEmpty } from '../../../model/json.ts'
import { openProject, type Project } from '../../../project/files/project.ts'
import { isPlanFile, readPlanFile } from '../../../project/history/plans/plan-source.ts'
import { bytesGiven, givenChange } from '../option/given-change.ts'
import { text } from '../option/options.ts'
import { frontEnd } from '../outcome/front-end.ts'
import type { Invocation } from '../terminal/io.ts'

/** What a command line asks to be rehearsed, prepared as `run` prepares it. Throws InputError, and `stale` for a plan whose files have changed. */
export async function requestOf(invocation: Invocation, selection: Selection): Promise<RehearsalRequest> {
  const { io, args, options, global } = invocation
  const [word = ''] = args
  const project = openProject(io, global)
  const plan = isPlanFile(word, bytesGiven(io, project, word)) ? readPlanFile(io, word) : undefined
  const at = plan === undefined ? project : await projectOf(io, project, plan)
  const prepared = plan === undefined ? givenChange(invocation, project, word) : preparedFrom(at, plan)
  return requestFor(at, onTwin(io, at, prepared, text(options.fabric)), selection)
}

export function requestFor(project: Project, { prepared, fabric }: Subject, selection: Selection): RehearsalRequest {
  const { workflow, rollout } = prepared
  return {
    workflow: workflow.name,
    fabric,
    timer: workflow.timers.confirmWithin,
    atomic: rollout.atomic,
    ...definedMembers({
      unasked: unlessEmpty(workflow.called.flatMap(({ key, calls }) => (key.judges ? key.checks(calls) : []))),
    }),
    selection,
    controllers: rehearsalControllers(project, prepared, fabric, frontEnd),
  }
}
