import type { PlanContent } from '../../../change/plan/plan.ts'
import { type PreparedChange, prepare } from '../../../change/plan/prepare.ts'
import type { AskedSwitches } from '../../../change/plan/selected-targets.ts'
import { filedChange } from '../../../change/workflow/change-file.ts'
import type { GivenParams } from '../../../change/workflow/param/read.ts'
import type { ChangeTerms } from '../../../model/change-terms.ts'
import { EosflowError } from '../../../model/error.ts'
import type { JsonObject } from '../../../model/json.ts'
import { locatedNowhere } from '../../../text/source/located.ts'
import { withoutFailover } from '../../files/failover.ts'
import { loadWorkflow } from '../../files/load-workflow.ts'
import type { Project } from '../../files/project.ts'
import { InputError, orProblems, problemText } from '../../system/process/input-error.ts'

export interface AskedChange {
  readonly file: string
  readonly params: JsonObject
  readonly changeFile?: Pick<ChangeTerms, 'file'> | undefined
}

export function askedBy({ workflow, changeFile }: Pick<PlanContent, 'workflow' | 'changeFile'>): AskedChange {
  return { file: workflow.file, params: workflow.params, changeFile }
}

/** A workflow as its files are now, for the parameters and the switches that something was made for before. Throws `stale`. */
export function preparedAgain(
  project: Project,
  { file, params, changeFile }: AskedChange,
  switches: readonly string[],
  asked: AskedSwitches,
): PreparedChange {
  return staleIfBad(() =>
    orProblems(
      prepare({
        workflow: withoutFailover(loadWorkflow(project, file)),
        given: recordedParams(params),
        inventory: project.inventory(),
        switches,
        asked,
        files: project.files,
        ...(changeFile === undefined ? {} : { changeFile: orProblems(filedChange(project.files, changeFile.file)) }),
      }),
    ),
  )
}

/** Gives what `work` gives; what cannot be read any more where it could be before is `stale`, not bad input. */
export function staleIfBad<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    const problems = error.problems.map(problemText).join('\n')
    throw new EosflowError('stale', `the project's files no longer read as they did:\n${problems}`, {
      hint: 'Plan again and have the new plan approved.',
      cause: error,
    })
  }
}

function recordedParams(params: JsonObject): GivenParams {
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => [
      name,
      typeof value === 'object' ? locatedNowhere(value, `params.${name}`) : JSON.stringify(value),
    ]),
  )
}
