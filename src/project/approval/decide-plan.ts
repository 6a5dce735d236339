import { readState } from '../../change/engine/fold.ts'
import type { Plan } from '../../change/plan/plan.ts'
import type { Outcome } from '../../change/record/event/event.ts'
import type { SignedStatement } from '../../model/approval.ts'
import { EosflowError } from '../../model/error.ts'
import { visibleLine } from '../../report/text/visible.ts'
import { decided, type PolicyContext, requireAllowed } from '../access/policy/authority.ts'
import { aboutPlan } from '../access/policy/entry.ts'
import type { RecordApp } from '../app/app.ts'
import { type NamedPlan, planNamed } from '../history/plans/plan-source.ts'
import { requireNoPart } from '../history/sites/require-whole.ts'
import type { Caller, SilentCaller } from '../identity/caller-of.ts'
import { localPrincipal, osUser, rootWarning } from '../identity/local/local.ts'
import { trustOf } from '../identity/signers/trust.ts'
import { requireState } from '../plan/require-state.ts'
import { checkSeal, requireSealed, sealTrustHere } from '../plan/trusted-seal.ts'
import { hinted } from '../system/process/hinted.ts'
import type { Host, WordedHost } from '../system/process/host.ts'
import { noSeams } from '../system/process/seams.ts'
import { decideAs, decideElsewhere, undoneIn } from './decide.ts'
import { importDecision } from './import.ts'
import { proofNotes } from './never-counts.ts'
import { type SshSigningKey, signerBy } from './ssh-signing.ts'
import { type Choice, statementOf } from './statement-of.ts'
import type { DecisionResult } from './take-decision.ts'

export interface DecisionRequest {
  readonly word: string
  readonly decision: Choice['decision']
  /** Whether the decision is signed for another machine, and not put on record here. */
  readonly isForElsewhere: boolean
  /** The file of allowed signers whose seals are believed; absent: those of the project. */
  readonly trust: string | undefined
}

/** A decision is who made it: at a terminal root reads, before the question, that the record will name no person. */
export function warnRoot({ interactive, principal, tell }: Caller): void {
  const user = osUser()
  const warning = principal.id === localPrincipal(user).id ? rootWarning(user) : undefined
  if (interactive && warning !== undefined) tell(`! ${warning}\n`)
}

/** Throws as the policy does, InputError for an approval of a plan that nobody runs, `stale` for a plan whose seal is not good where it would be run here, or whose execution has ended. */
export async function planForDecision(app: RecordApp, caller: Caller, asked: DecisionRequest): Promise<NamedPlan> {
  const named = await planNamed(app, asked.word)
  await requireDecidable(app, caller, named, asked)
  return named
}

/** Throws as {@link planForDecision}. */
export async function requireDecidable(
  app: RecordApp,
  caller: Caller,
  { plan, execution, outcome }: NamedPlan,
  { word, decision, isForElsewhere, trust }: DecisionRequest,
): Promise<void> {
  if (execution !== undefined) {
    await requireSight(app, caller, plan, decision)
    requireNoPart(await readState(app.store, execution), decision)
  }
  // What is approved on record here is run here, where a plan that was sealed under another install key is refused.
  else if (decision === 'approve' && !isForElsewhere) requireSealed(plan, app)
  else {
    const { tell } = caller
    checkSeal({ tell, words: app.words }, plan, { ...sealTrustHere(app, trust, app.project), installKey: app.key.text })
  }
  if (decision !== 'approve') return
  requireOpen(app, execution, outcome)
  requireState(app, plan, word)
}

/** Puts the caller's decision on record, signed by `key` where there is one. Throws `not-authorised`. */
export async function decideHere(
  app: RecordApp,
  caller: Caller,
  plan: Plan,
  choice: Choice,
  key: SshSigningKey | undefined,
): Promise<DecisionResult> {
  noteProof(app, caller, plan, choice, key)
  if (key === undefined) return decideAs(app, caller, plan, choice)
  const signed = await signedWith(app, plan, choice, key, trustOf(app.project))
  return importDecision(app, caller, plan, { ...signed, ...undoneIn(choice) })
}

/** The caller's decision, signed for another machine: by `key`, else by this installation. */
export async function decisionForElsewhere(
  app: RecordApp,
  caller: Caller,
  plan: Plan,
  choice: Choice,
  key: SshSigningKey | undefined,
): Promise<SignedStatement> {
  noteProof(app, caller, plan, choice, key)
  if (key === undefined) return decideElsewhere(app, caller, plan, choice)
  return signedWith(app, plan, choice, key, trustOf(app.project))
}

function noteProof(
  app: PolicyContext,
  { principal, tell }: Caller,
  plan: Plan,
  { decision }: Choice,
  key: SshSigningKey | undefined,
) {
  if (decision === 'reject') return
  const proof = key !== undefined ? 'ssh' : principal.auth === 'oidc' ? 'oidc' : undefined
  for (const note of proofNotes(app, plan, proof)) tell(`! ${visibleLine(note)}\n`)
}

/** A decision signed by a key, of whoever the signers say that it belongs to. Throws InputError for an approval of a plan that nobody runs. */
export async function signedWith(
  host: Pick<Host, 'seams' | 'words'>,
  plan: Plan,
  choice: Choice,
  key: SshSigningKey,
  signers: ReturnType<typeof trustOf>,
): Promise<SignedStatement> {
  if (choice.decision === 'approve') requireState(host, plan, plan.content.workflow.file)
  const now = (host.seams ?? noSeams).clock.now()
  const statement = statementOf(plan, choice, signerBy(key.fingerprint, signers, now), now)
  return { statement, signature: await key.sign(statement) }
}

// Throws `not-authorised`.
async function requireSight(app: PolicyContext, caller: SilentCaller, plan: Plan, decision: Choice['decision']) {
  const about = aboutPlan(plan)
  if (decided(app, caller, `plan.${decision}`, about).effect === 'deny')
    await requireAllowed(app, caller, 'plan.read', about)
}

// Throws `stale`.
function requireOpen(app: WordedHost, execution: string | undefined, outcome: Outcome | undefined) {
  if (execution === undefined || outcome === undefined || outcome === 'planned') return
  throw new EosflowError('stale', `${execution} has ended (${outcome}): there is nothing to approve`, {
    ...hinted(app, { code: 'show-and-plan-again', execution }),
  })
}
