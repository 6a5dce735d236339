import type { EventBody, EventOf } from '../../../change/record/event/event.ts'
import { EosflowError } from '../../../model/error.ts'
import { short } from '../../../report/text/count.ts'
import type { ProjectStore } from '../../app/store/project-store.ts'
import type { Project } from '../../files/project.ts'
import type { SilentCaller } from '../../identity/caller.ts'
import { hinted } from '../../system/process/hinted.ts'
import type { WordedHost } from '../../system/process/host.ts'
import { InputError } from '../../system/process/input-error.ts'
import { whileAllowed } from './while-allowed.ts'

export type SeenPolicy = EventOf<'PolicyLoaded'>

/** The policy that a store demands: the newest that it has seen, unless that was retired. */
export async function demandedPolicy({ store }: Pick<ProjectStore, 'store'>): Promise<SeenPolicy | undefined> {
  const newest = await store.policySeen()
  return newest?.type === 'PolicyLoaded' ? newest : undefined
}

/** A policy that is new here goes on record with its text; where the file is gone, `policy()` throws `not-authorised`, also when it goes while the command runs. */
export async function underSeenPolicy(
  project: Project,
  app: ProjectStore & WordedHost,
  caller: SilentCaller,
): Promise<Project> {
  await recordPolicy(project, app, caller)
  return underDemandedPolicy(project, app)
}

export async function underDemandedPolicy(project: Project, app: ProjectStore & WordedHost): Promise<Project> {
  const demanded = await demandedPolicy(app)
  return {
    ...project,
    policy: () => {
      const loaded = project.policy()
      if (loaded === undefined && demanded !== undefined) throw policyGone(app, demanded)
      return loaded
    },
  }
}

async function recordPolicy(project: Project, app: ProjectStore, caller: SilentCaller) {
  const isSeen = { again: async () => ((await app.store.bundles(1)).length > 0 ? undefined : newPolicy(project, app)) }
  if ((await isSeen.again()) === undefined) return
  await whileAllowed(app, isSeen, async (condition, seen) => {
    if (seen !== undefined) await app.store.as(caller.principal).append(undefined, [seen], [condition])
  })
}

/** The record of a policy that the store has not seen last; undefined where it has, where there is none that is good, and while the clock is wrong. */
export async function newPolicy(
  project: Project,
  app: ProjectStore,
): Promise<Extract<EventBody, { readonly type: 'PolicyLoaded' }> | undefined> {
  const loaded = goodPolicy(project)
  if (loaded === undefined || (await app.clockRule?.fault()) !== undefined) return undefined
  const demanded = await demandedPolicy(app)
  if (demanded?.policy === loaded.digest) return undefined
  const { policy: file } = project.settings
  const content = project.files(file)
  if (content === undefined) return undefined
  const text = await app.store.put(Buffer.from(content).toString('utf8'))
  const before = demanded === undefined ? {} : { before: demanded.policy }
  return { type: 'PolicyLoaded', file, policy: loaded.digest, text, ...before }
}

function goodPolicy(project: Project) {
  try {
    return project.policy()
  } catch (error) {
    if (error instanceof InputError) return undefined
    throw error
  }
}

export function policyGone(app: WordedHost, { file, policy }: SeenPolicy): EosflowError {
  return new EosflowError(
    'not-authorised',
    `this store was used under a policy (${file}, ${short(policy)}), and the project has none any more`,
    {
      ...hinted(app, { code: 'retire-policy', file }),
    },
  )
}
