import { changeOfDiff } from '../../../change/plan/change-read.ts'
import type { PolicyRequest } from '../../../change/policy/decide.ts'
import { explain, type GateBesides, gateBesides } from '../../../change/policy/explain.ts'
import { type PolicyTestResult, runPolicyTests } from '../../../change/policy/policy-tests.ts'
import { readPolicy } from '../../../change/policy/read-policy.ts'
import type { EventBody } from '../../../change/record/event/event.ts'
import { EosflowError, problemOf } from '../../../model/error.ts'
import { definedMembers } from '../../../model/json.ts'
import { type ExplainedDecision, gateWords } from '../../../report/policy/explanation.ts'
import type { RetiredPolicy } from '../../../report/policy/retired.ts'
import { absentProblem } from '../../../text/source/files.ts'
import type { App, RecordApp } from '../../app/app.ts'
import type { LoadedPolicy } from '../../files/loaded-policy.ts'
import type { Project } from '../../files/project.ts'
import type { SilentCaller } from '../../identity/caller-of.ts'
import type { WordedHost } from '../../system/process/host.ts'
import { InputError, inputError, orProblems } from '../../system/process/input-error.ts'
import { localUserNote } from './act-warnings.ts'
import {
  type DecisionOfPolicy,
  decidedFor,
  demandedPolicy,
  policyNow,
  requireAllowed,
  type SeenPolicy,
} from './authority.ts'

export function explainPolicy(
  project: Project,
  request: PolicyRequest,
  { perSwitch }: { readonly perSwitch: boolean },
): readonly ExplainedDecision[] {
  const names = perSwitch ? request.devices : [undefined]
  return names.map((device): ExplainedDecision => {
    const { principal, action, at, ...about } = request
    const devices = device === undefined ? [] : [device.name]
    const decision = decidedFor({ project }, { principal, at }, action, { ...about, devices })
    const policy = project.policy()?.policy
    const accounts = policy === undefined ? [] : explain(policy, request, device)
    return { device: device?.name ?? null, decision, accounts }
  })
}

export function gateExplained(project: Project, request: PolicyRequest): GateBesides | undefined {
  const policy = project.policy()?.policy
  return policy === undefined ? undefined : gateBesides(policy, request)
}

export function policyNotes(project: Project, request: PolicyRequest): readonly string[] {
  const loaded = project.policy()
  const local = loaded === undefined ? undefined : localUserNote(loaded.policy, project)
  const gate = gateExplained(project, request)
  return [...(local === undefined ? [] : [local]), ...(gate === undefined ? [] : [gateWords(gate)])]
}

interface TestedPolicy {
  readonly results: readonly PolicyTestResult[]
  readonly note: string | undefined
}

/** Throws InputError. */
export function testPolicy({ words }: WordedHost, project: Project, file: string): TestedPolicy {
  const content = project.files(file)
  if (content === undefined) {
    const missing = problemOf(file, 'no-such-file', 'there is no policy here', words({ code: 'write-policy' }))
    throw new InputError([absentProblem(project.files, file, missing)])
  }
  const policy = orProblems(readPolicy(content, file))
  if (policy.tests.length === 0) throw inputError(file, 'no-tests', 'the policy has no tests', NO_TESTS)
  const devices = new Map(inventoryOf(project)?.devices.map(({ name, tags }) => [name, tags]))
  const results = runPolicyTests(policy, { tagsOf: (name) => devices.get(name), changeOf: changeOfDiff })
  return { results, note: localUserNote(policy, project) }
}

const NO_TESTS = 'Add rows under `tests:`; without them nobody notices when a rule no longer means what it did.'

function inventoryOf({ files, settings, parseInventory }: Project) {
  const content = files(settings.inventory)
  return content === undefined ? undefined : orProblems(parseInventory(content, settings.inventory))
}

/** Throws InputError while the policy is there: it is removed first. */
export async function retirePolicy(app: App, caller: SilentCaller, reason: string): Promise<RetiredPolicy | undefined> {
  const { project } = app
  if (project.policyPresent) throw stillThere(project.settings.policy)
  const condition = await policyNow(app)
  const seen = await demandedPolicy(app)
  if (seen === undefined) return undefined
  // Else a record of a wrong clock and a policy that is gone would each wait for the other.
  await app.clockRule?.waive()
  const { rules } = await lettingRules(app, caller, seen)
  const { file, policy, at: since, before } = seen
  const whence = { file, policy, since, ...definedMembers({ before }) }
  const event: EventBody = { type: 'PolicyRetired', principal: caller.principal, ...whence, reason, rules }
  await app.journalAs(caller.principal).append(undefined, [event], [condition])
  return whence
}

async function lettingRules(app: App, caller: SilentCaller, seen: SeenPolicy): Promise<DecisionOfPolicy> {
  const loaded = await asRecorded(app.store, seen)
  const under = { ...app, project: { policy: () => loaded, inventory: () => app.project.inventory() } }
  try {
    return await requireAllowed(under, caller, 'policy.retire')
  } catch (error) {
    if (!(error instanceof EosflowError) || error.kind === 'store') throw error
    const hint = `Put ${seen.file} back, or ask somebody whom it allows policy.retire.`
    throw new EosflowError(error.kind, error.message, { hint, cause: error })
  }
}

async function asRecorded(store: RecordApp['store'], { file, policy, text }: SeenPolicy): Promise<LoadedPolicy> {
  const read = text === undefined ? undefined : readPolicy(await store.get(text), file)
  if (read?.ok === true) return { policy: read.value, digest: policy }
  throw new EosflowError('not-authorised', `the policy that this store has seen cannot be read any more: ${file}`, {
    hint: `Put ${file} back.`,
  })
}

function stillThere(file: string) {
  return inputError(
    file,
    'policy-present',
    'the policy is there, and what is there is in force',
    `Remove ${file} first, then retire it.`,
  )
}
