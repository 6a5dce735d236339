import { isPlanFile, readPlanFile } from '../../app/plan-source.ts'
import { openProject, type Project } from '../../app/project.ts'
import { readGiven } from '../../app/read-given.ts'
import { rehearsalControllers } from '../../trial/rehearsal/controllers.ts'
import type { Selection } from '../../trial/rehearsal/matrix.ts'
import type { RehearsalRequest } from '../../trial/rehearsal/rehearse.ts'
import { onTwin, preparedFrom, type Subject } from '../../trial/rehearsal/subject.ts'
import { frontEnd } from '../front-end.ts'
import { givenChange } from '../given-change.ts'
import type { Invocation } from '../io.ts'
import { text } from '../options.ts'

/** What a command line asks to be rehearsed, prepared as `run` prepares it. Throws InputError, and `stale` for a plan whose files have changed. */
export function requestOf(invocation: Invocation, selection: Selection): RehearsalRequest {
  const { io, args, options, global } = invocation
  const [word = ''] = args
  const project = openProject(io, global)
  const prepared = isPlanFile(word, readGiven(io, word))
    ? preparedFrom(project, readPlanFile(io, word))
    : givenChange(invocation, project, word)
  return requestFor(project, onTwin(io, project, prepared, text(options.fabric)), selection)
}

/** The same for a change that is prepared. */
export function requestFor(project: Project, { prepared, fabric }: Subject, selection: Selection): RehearsalRequest {
  const { workflow, rollout } = prepared
  return {
    workflow: workflow.name,
    fabric,
    timer: workflow.timers.confirmWithin,
    atomic: rollout.atomic,
    selection,
    controllers: rehearsalControllers(project, prepared, fabric, frontEnd),
  }
}
