import { proofOf } from '../../change/policy/proof.ts'
import { problemOf } from '../../model/problem.ts'
import { readApprovalFile } from '../../project/approval/approval-file.ts'
import { decideHere, requireDecidable } from '../../project/approval/decide-plan.ts'
import { executionOfPlan, importAbout } from '../../project/approval/import-from.ts'
import { enoughOf, stillMissing } from '../../project/approval/missing.ts'
import { proofNotes } from '../../project/approval/proof-notes.ts'
import { signingKeyOf } from '../../project/approval/ssh-signing.ts'
import { executionNamed } from '../../project/history/executions/execution-named.ts'
import { type NamedPlan, planNamed } from '../../project/history/plans/plan-source.ts'
import { trustOf } from '../../project/identity/signers/trust.ts'
import { requireSameDigest } from '../../project/plan/whose-digest.ts'
import { InputError } from '../../project/system/process/input-error.ts'
import { wholeDigest } from '../../project/system/process/whole-digest.ts'
import type { DecisionDocument } from '../../report/decision-result-schema.ts'
import { visibleLine } from '../../report/text/visible.ts'
import type { EosflowProject } from './eosflow-project.ts'
import { planGiven } from './given-change.ts'
import { givenRequest } from './given-request.ts'
import type { ProjectDoor } from './project-door.ts'
import type { DecisionRequest, ImportRequest } from './requests.ts'
import type { Visit } from './visit.ts'

/** What of a project puts decisions on record. */
export type DecisionCases = Pick<EosflowProject, 'decide' | 'importDecision'>

/** The use cases that put decisions on record: the caller's own, and those that somebody has signed elsewhere. */
export function decisionCases(door: ProjectDoor): DecisionCases {
  return {
    decide: (request) => door.within('kept', () => givenRequest('decide', request), decide),
    importDecision: (request) =>
      door.within(
        'kept',
        () => givenRequest('importDecision', request),
        async (visit, given) => door.document<DecisionDocument>(JSON.stringify(await imported(visit, given))),
      ),
  }
}

async function decide(visit: Visit, request: DecisionRequest) {
  const { app, caller } = visit
  const { decision, comment = '', maxRuns } = request
  const digest = wholeDigest('decide(digest)', request.digest)
  const signers = trustOf(app.project)
  const key = await signingKeyOf(app, request.key, signers)
  const { word, ...named } = await planMeant(visit, request.plan)
  await requireDecidable(app, caller, named, { word, decision, isForElsewhere: false, trust: undefined })
  if (digest !== undefined) requireSameDigest(named.plan, digest)
  const choice = { decision, comment: app.scrubber.scrub(comment), ...(maxRuns === undefined ? {} : { maxRuns }) }
  const { statement, note } = await decideHere(app, caller, named.plan, choice, key)
  if (note !== undefined) caller.tell(`! ${visibleLine(note)}\n`)
  const made = { version: 1, decision, plan: named.plan.digest, approver: statement.approver.id } as const
  if (decision === 'reject') return made
  return { ...made, ...enoughOf(await stillMissing(app, caller.principal, named)) }
}

/** The plan that a decision is about, and the word for it. */
async function planMeant(visit: Visit, plan: DecisionRequest['plan']): Promise<NamedPlan & { readonly word: string }> {
  if ('execution' in plan) {
    const id = await executionNamed(visit.app, plan.execution)
    return { ...(await planNamed(visit.app, id)), word: id }
  }
  const [word, given] = planGiven(visit, plan)
  return { plan: given, word }
}

/** Takes a signed decision from a file onto the record: the caller is who brings it, the approver who has signed it. */
async function imported(visit: Visit, { decision, file, plan }: ImportRequest): Promise<DecisionDocument> {
  const { app, caller } = visit
  const signed = readApprovalFile(app, file)
  const { statement, signature } = signed
  if (statement.decision !== decision) throw otherDecision(file, statement.decision)
  const meant = await planMeant(visit, plan ?? { execution: await executionOfPlan(app, statement.plan) })
  const { note, ...of } = await importAbout(app, caller, meant, signed)
  const made = {
    version: 1,
    decision,
    plan: statement.plan,
    approver: statement.approver.id,
    ...(note === undefined ? {} : { note }),
  } as const
  if (decision === 'reject') return made
  for (const one of proofNotes(app, of.plan, proofOf(signature))) caller.tell(`! ${visibleLine(one)}\n`)
  return { ...made, ...enoughOf(await stillMissing(app, caller.principal, of)) }
}

function otherDecision(file: string, decision: DecisionRequest['decision']): InputError {
  const message = `the file holds a decision to ${decision}`
  return new InputError([problemOf(file, 'other-decision', message, `Ask for \`decision: '${decision}'\`.`)])
}
