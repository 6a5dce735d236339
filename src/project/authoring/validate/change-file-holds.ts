import type { FiledChange } from '../../../change/workflow/change-file.ts'
import type { Workflow } from '../../../change/workflow/definition/workflow.ts'
import { type Warning, warning } from '../../../change/workflow/habit/habits.ts'
import type { ValueOrProblems } from '../../../model/problem.ts'
import { windowWords } from '../../../report/phrases/change-file-words.ts'
import { switches } from '../../../report/text/count.ts'
import { accept } from '../../../text/source/checked.ts'
import { type ChangeGround, changeFileOf, preparedOf } from '../../files/change-given.ts'
import { InputError } from '../../system/process/input-error.ts'

/** What a change file holds in a few words, with its workflow, and a warning where its window is over at `now` (milliseconds since the epoch; without it nobody asks), or everything that is wrong with it: also a parameter that the workflow does not take, and switches that it is not for. */
export function changeFileHolds(
  path: string,
  ground: ChangeGround,
  now?: number,
): ValueOrProblems<{ readonly holds: string; readonly workflow: Workflow; readonly warnings: readonly Warning[] }> {
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
    return accept({ holds: words.join(', '), workflow, warnings: overWindow(filed, now) })
  } catch (error) {
    const [first, ...rest] = error instanceof InputError ? error.problems : []
    if (first === undefined) throw error
    return { ok: false, problems: [first, ...rest] }
  }
}

function overWindow({ read, terms }: FiledChange, now: number | undefined) {
  const { notAfter } = terms
  if (now === undefined || notAfter === undefined || now < Date.parse(notAfter)) return []
  const message = `its window is over since ${notAfter}: it is ${new Date(now).toISOString()}, and run refuses it`
  return [warning('window-over', message, read.notAfterAt, 'write a later `notAfter`, and plan it then')]
}
