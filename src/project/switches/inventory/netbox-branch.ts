import type { Plan, PlanContent } from '../../../change/plan/plan.ts'
import { EosflowError } from '../../../model/error.ts'
import type { RecordApp } from '../../app/app.ts'
import { closeSecrets, secretsOf } from '../../app/secrets/open-secrets.ts'
import type { Project } from '../../files/project.ts'
import { cachedAnswerOf } from '../../files/sources/cached-roster.ts'
import { readBranch } from '../../files/sources/read-service.ts'
import { remoteName } from '../../files/sources/remote-source.ts'
import type { Caller } from '../../identity/caller-of.ts'
import { inputError } from '../../system/process/input-error.ts'
import { noSeams } from '../../system/process/seams.ts'
import { authority, elsewhere } from './refresh-sources.ts'

/** The branch that the inventory of a project was read from, as a plan holds it; undefined for main. Throws InputError where it was not read. */
export function branchOf(project: Project): PlanContent['branch'] {
  if (project.netboxBranch === undefined) return undefined
  const source = requireOne(project)
  const read = cachedAnswerOf(project.dir, source)
  const branch = read?.ok === true ? read.value.branch : undefined
  if (branch !== undefined) return { source: remoteName(source), ...branch }
  throw inputError(remoteName(source), 'inventory-cache', `its branch \`${project.netboxBranch}\` was not read`)
}

/** Throws `busy` where it is not merged, `stale` where it is another branch of that name, and as the source does. */
export async function requireMerged(app: RecordApp, caller: Caller, { content: { branch } }: Plan): Promise<void> {
  if (branch === undefined) return
  const { project, seams } = app
  const source = netboxes(project).find((one) => remoteName(one) === branch.source)
  if (source === undefined) {
    throw new EosflowError(
      'stale',
      `the plan was made from a branch of ${branch.source}, which is no source of the inventory now`,
      { hint: AGAIN },
    )
  }
  const secrets = secretsOf(app)
  try {
    const found = await readBranch(
      { ...source.settings, branch: branch.name },
      {
        resolve: (reference) => secrets.resolve(reference),
        readCa: (file) => authority(project, file),
        clock: (seams ?? noSeams).clock,
        signal: caller.stop,
      },
    )
    if (found.schema !== branch.schema) {
      throw new EosflowError(
        'stale',
        `${branch.source}: \`${branch.name}\` is another branch than the one that the plan was made from`,
        { hint: AGAIN },
      )
    }
    if (found.merged === null) {
      throw new EosflowError(
        'busy',
        `${branch.source}: the branch \`${branch.name}\` is not merged (${found.status}), and the plan was made from it`,
        {
          hint: 'Merge it in NetBox, and run the plan then. Nothing was sent.',
        },
      )
    }
  } finally {
    await closeSecrets(secrets, caller)
  }
}

const AGAIN = 'Plan again and have the new plan approved.'

function netboxes(project: Project) {
  return elsewhere(project).sources.flatMap((one) => (one.kind === 'netbox' ? [one] : []))
}

// Throws InputError.
function requireOne(project: Project) {
  const [one, ...more] = netboxes(project)
  if (one !== undefined && more.length === 0) return one
  const what = one === undefined ? 'no NetBox is a source' : `${more.length + 1} NetBoxes are sources`
  throw inputError(project.settings.inventory, 'no-branch', `a branch is of one NetBox, and ${what} of the inventory`)
}
