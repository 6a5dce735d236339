import { changeOfDiff } from '../../../change/plan/change-read.ts'
import type { PolicyRequest } from '../../../change/policy/decide.ts'
import { explain, type GateBesides, gateBesides } from '../../../change/policy/explain.ts'
import { type PolicyTestResult, runPolicyTests } from '../../../change/policy/policy-tests.ts'
import { readPolicy } from '../../../change/policy/read-policy.ts'
import { problemOf } from '../../../model/problem.ts'
import { type ExplainedDecision, gateWords } from '../../../report/policy/explanation.ts'
import { absentProblem } from '../../../text/source/files.ts'
import type { Project } from '../../files/project.ts'
import type { WordedHost } from '../../system/process/host.ts'
import { InputError, inputError, orProblems } from '../../system/process/input-error.ts'
import { localUserNote } from './act-warnings.ts'
import { decidedFor } from './authority.ts'

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
