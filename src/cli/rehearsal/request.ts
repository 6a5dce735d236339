import { openProject, type Project } from '../../app/project.ts'
import { rehearsalControllers } from '../../trial/rehearsal/controllers.ts'
import type { Selection } from '../../trial/rehearsal/matrix.ts'
import type { RehearsalRequest } from '../../trial/rehearsal/rehearse.ts'
import { frontEnd } from '../front-end.ts'
import type { Invocation } from '../io.ts'
import { type Subject, subjectOf } from './subject.ts'

/** What a command line asks to be rehearsed. Throws as {@link subjectOf} does. */
export function requestOf(invocation: Invocation, selection: Selection): RehearsalRequest {
  const project = openProject(invocation.io, invocation.global)
  return requestFor(project, subjectOf(invocation, project), selection)
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
