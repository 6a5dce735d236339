import { explain, type GateBesides, gateBesides } from '../../../change/policy/explain.ts'
import type { PolicyRequest } from '../../../change/policy/rule-match.ts'
import { type ExplainedDecision, gateWords } from '../../../report/policy/explanation.ts'
import type { Project } from '../../files/project.ts'
import { decidedFor } from './authority.ts'
import { localUserNote } from './local-user-warnings.ts'

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
