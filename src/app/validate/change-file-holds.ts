import type { ValueOrProblems } from '../../model/problem.ts'
import { windowWords } from '../../report/change-file-words.ts'
import { switches } from '../../report/count.ts'
import { accept } from '../../source/checked.ts'
import type { Workflow } from '../../workflow/workflow.ts'
import { type ChangeGround, changeFileOf, preparedOf } from '../change-file/change-given.ts'
import { InputError } from '../input-error.ts'

/** What a change file holds in a few words, with its workflow, or everything that is wrong with it: also a parameter that the workflow does not take, and switches that it is not for. */
export function changeFileHolds(
  path: string,
  ground: ChangeGround,
): ValueOrProblems<{ readonly holds: string; readonly workflow: Workflow }> {
  try {
    const { project } = ground
    const { filed, workflow } = changeFileOf(ground, path)
    const prepared = preparedOf(project, filed, workflow, project.inventory())
    if (!prepared.ok) return prepared
    const { ticket } = filed.terms
    const words = [
      `${workflow.name}: ${switches(prepared.value.devices.length)}`,
      ...(ticket === undefined ? [] : [ticket]),
      ...windowWords(filed.terms),
    ]
    return accept({ holds: words.join(', '), workflow })
  } catch (error) {
    const [first, ...rest] = error instanceof InputError ? error.problems : []
    if (first === undefined) throw error
    return { ok: false, problems: [first, ...rest] }
  }
}
