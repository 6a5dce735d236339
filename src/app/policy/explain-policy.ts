import { explain } from '../../policy/explain.ts'
import type { PolicyRequest } from '../../policy/rule-match.ts'
import type { ExplainedDecision } from '../../report/policy/explanation.ts'
import type { Project } from '../project/project.ts'
import { decidedFor } from './authority.ts'
import { localUserNote } from './local-user-warnings.ts'

/** Decides a request and says why: for each of its switches by itself, or without any. Nothing goes on record. Contacts nothing. */
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

/** What has to be known of the policy besides, a line each. */
export function policyNotes(project: Project): readonly string[] {
  const loaded = project.policy()
  const note = loaded === undefined ? undefined : localUserNote(loaded.policy, project)
  return note === undefined ? [] : [note]
}
