import { lackedState, lackedWords } from '../../change/plan/lacked-state.ts'
import type { Plan } from '../../change/plan/plan.ts'
import type { PreparedChange } from '../../change/plan/prepare.ts'
import { isOwnSeal } from '../../change/plan/seal.ts'
import { EosflowError } from '../../model/error.ts'
import { ofBundle } from '../../text/source/files.ts'
import type { App } from '../app/app.ts'
import { withFetchedKey } from '../app/secrets/open-secrets.ts'
import { keysHere } from '../app/store/project-store.ts'
import type { Project } from '../files/project.ts'
import { keptApp } from '../history/bundle/kept-files.ts'
import { projectAt } from '../history/bundle/project-at.ts'
import type { Host, WordedHost } from '../system/process/host.ts'
import {
  askedBy,
  fileDigests,
  preparedAgain,
  requireSameInvariants,
  requireUnmoved,
  sameSecretRefs,
  sameTargets,
  staleIfBad,
  targetOf,
} from './definition/definition-of.ts'
import { askedFor, switchesOf } from './planning.ts'
import { noState, planFileOf, requireSameDigest } from './trusted-seal.ts'

/** The saved plan, after the workflow's files and the inventory were found to be those it was made from. Throws `stale`, InputError. */
export async function savedChange(
  given: Host,
  project: Project,
  file: string,
  plan: Plan,
  digest: string | undefined,
): Promise<{ prepared: PreparedChange; plan: Plan }> {
  if (digest !== undefined) requireSameDigest(plan, digest, planFileOf(given, digest, file))
  const host = await withFetchedKey(project, given)
  const { workflow, devices } = plan.content
  const at = await projectAt(host, project, workflow.commit)
  const keys = keysHere(project, host)
  // Which of them the store is under is not asked here: whoever begins asks that.
  const own = [keys?.key, keys?.next].find((key) => key !== undefined && isOwnSeal(key, plan))
  staleIfBad(() => requireUnmoved(at, own, plan, project.inventory()))
  const prepared = preparedAgain(at, askedBy(plan.content), switchesOf(plan), askedFor(plan))
  const planned = new Set(devices.map(({ name }) => name))
  const targets = devices.map(({ name, inventory: { address } }) => ({ name, ...address }))
  const same =
    prepared.digest === workflow.digest &&
    sameTargets(prepared.devices.filter(({ name }) => planned.has(name)).map(targetOf), targets) &&
    sameSecretRefs(plan, prepared.secretRefs)
  const policy = project.policy()?.digest ?? null
  if (same && policy !== plan.content.policy) {
    throw new EosflowError('stale', 'the policy has changed since the plan was made', {
      hint: 'Plan again and have the new plan approved.',
    })
  }
  if (same) requireSameInvariants(project, plan)
  if (same) {
    requireStateOf(host, prepared, plan, file)
    return { prepared, plan }
  }
  throw new EosflowError(
    'stale',
    `${whatChanged(plan, prepared)} since the plan was made${ofBundle(at.files, workflow.file)}`,
    { hint: 'Plan again and have the new plan approved.' },
  )
}

export async function savedChangeIn(
  app: App,
  file: string,
  plan: Plan,
  digest: string | undefined,
): Promise<{ prepared: PreparedChange; plan: Plan }> {
  const filed = (await keptApp(app, plan.content.workflow.file)) ?? app
  return savedChange(filed, filed.project, file, plan, digest)
}

const MOST = 10

// What has changed since a plan was made, as far as the plan says what each file and each address was.
function whatChanged(plan: Plan, prepared: PreparedChange) {
  const { devices, workflow } = plan.content
  const { files } = plan.evidence
  if (prepared.digest !== workflow.digest) {
    const now = fileDigests(prepared)
    const moved =
      files === undefined ? [] : Object.keys({ ...files, ...now }).filter((file) => files[file] !== now[file])
    const named = moved.map((file) =>
      now[file] === undefined
        ? `${file} (no longer read)`
        : files?.[file] === undefined
          ? `${file} (not read then)`
          : file,
    )
    return moved.length === 0
      ? 'the workflow or one of its files has changed'
      : `${fewOf(named)} ${named.length === 1 ? 'has' : 'have'} changed`
  }
  const addressed = devices.filter(({ name, inventory: { address } }) => {
    const found = prepared.devices.find((one) => one.name === name)
    return found !== undefined && !sameTargets([targetOf(found)], [{ name, ...address }])
  })
  if (addressed.length === 0) return 'the versions of secrets that the inventory names have changed'
  const of = addressed.length === 1 ? 'the address of' : 'the addresses of'
  return `${of} ${fewOf(addressed.map(({ name }) => name))} in the inventory ${addressed.length === 1 ? 'has' : 'have'} changed`
}

function fewOf(names: readonly string[]) {
  return names.length <= MOST ? names.join(', ') : `${names.slice(0, MOST).join(', ')} and ${names.length - MOST} more`
}

function requireStateOf(host: WordedHost, { workflow }: PreparedChange, { content, evidence }: Plan, file: string) {
  const areas = content.devices.map(({ name }) => Object.keys(evidence.state[name] ?? {}))
  const lacked = lackedState(workflow, { areas, isOffline: content.offline })
  if (lacked.length > 0) throw noState(host, lackedWords(lacked), file)
}
