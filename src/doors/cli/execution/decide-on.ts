import type { Plan } from '../../../change/plan/plan.ts'
import { proofOf, withPerson } from '../../../change/policy/approval-case.ts'
import { isSameHuman } from '../../../change/policy/quorum.ts'
import { approveByReviews, type ReviewRequest } from '../../../features/forge/from-review.ts'
import { openForge } from '../../../features/forge/open-forge.ts'
import type { SignedStatement } from '../../../model/approval.ts'
import { EosflowError } from '../../../model/error.ts'
import { FORGE_KINDS } from '../../../model/forge.ts'
import { isAllowed } from '../../../project/access/policy/authority.ts'
import type { RecordApp } from '../../../project/app/app.ts'
import {
  type ApprovedUndoWord,
  approveUndo,
  type UndoChoice,
  undoToApprove,
} from '../../../project/approval/approvals.ts'
import { enoughOf, stillMissing } from '../../../project/approval/case.ts'
import {
  decideHere,
  decisionForElsewhere,
  importFrom,
  planForDecision,
  signedWith,
  warnRoot,
} from '../../../project/approval/decide.ts'
import { mayApprove, proofNotes } from '../../../project/approval/never-counts.ts'
import type { Choice } from '../../../project/approval/signer.ts'
import {
  type KeyChoice,
  readApprovalFile,
  saveApprovalFile,
  signingKeyOf,
} from '../../../project/approval/ssh-signing.ts'
import { findProject } from '../../../project/files/project.ts'
import { type NamedPlan, readPlanFile } from '../../../project/history/plans/plan-source.ts'
import type { Caller } from '../../../project/identity/caller-of.ts'
import { trustNow, trustOf } from '../../../project/identity/signers/common-server-key.ts'
import { checkSeal, planFileOf, requireSameDigest, sealTrustHere } from '../../../project/plan/trusted-seal.ts'
import { inputError } from '../../../project/system/process/input-error.ts'
import { wholeDigest } from '../../../project/system/process/whole-digest.ts'
import { hiddenParams } from '../../../report/plan/plan-statements.ts'
import { planText } from '../../../report/plan/text.ts'
import { shellWord } from '../../../report/shell-word.ts'
import { short, styleOf, visibleLine } from '../../../report/text/text.ts'
import { formatDuration } from '../../../text/source/duration.ts'
import { forgePlace, givenAccount, givenName, givenPull } from '../forge/forge-options.ts'
import { paramFlags } from '../option/given-params.ts'
import { oneOf, text } from '../option/options.ts'
import { nextLine, rightsOnPlan, sendTo } from '../outcome/next-rights.ts'
import { sayFrozen } from '../outcome/say-frozen.ts'
import { goesOnWith } from '../outcome/steps-after.ts'
import { type CommandContext, withApp } from '../terminal/compose.ts'
import { asTyped, type Invocation, saysYes, screenWidth } from '../terminal/io.ts'
import { undoJson, undoTime, undoWords } from './undo-on.ts'

/** Shows a plan and makes the caller's decision about its digest: on record here, or with `-o` into a file for another machine. At a terminal `yes` is asked for; without one the typed command is the decision, about the very digest it prints. */
export async function decideOn(invocation: Invocation, decision: Choice['decision']): Promise<number> {
  const { io, args, options, global } = invocation
  if (typeof options.import === 'string') return importOn(invocation, decision, options.import)
  if (typeof options.fromReview === 'string') return reviewOn(invocation, options.fromReview)
  const [word = ''] = args
  if (word === '')
    throw inputError(
      decision,
      'no-plan',
      `there is nothing to ${decision}`,
      `Name a saved plan or an execution, or a signed decision: eosflow ${decision} --import FILE`,
    )
  const project = findProject(io, global)
  const key = await signingKeyOf(io, keyChoiceOf(invocation), project === undefined ? [] : trustOf(project))
  const choice = choiceOf(invocation, decision)
  const seconds = undoTime(invocation)
  if (key !== undefined && typeof options.out === 'string' && /[./]/.test(word)) {
    const plan = readPlanFile(io, word)
    checkSeal(io, plan, sealTrustHere(invocation.io, text(options.trust), project))
    await requireDecision(invocation, plan, decision)
    return save(
      invocation,
      plan,
      await signedWith(io, plan, choice, key, project === undefined ? [] : trustOf(project)),
    )
  }
  return withApp(invocation, async (context) => {
    const { app, caller } = context
    const isForElsewhere = typeof options.out === 'string'
    const asked = { word, decision, isForElsewhere, trust: text(options.trust) }
    const named = await planForDecision(app, caller, asked)
    const { plan } = named
    if (key === undefined) warnRoot(caller)
    const undo = seconds === undefined ? undefined : await undoToApprove(app, caller, plan, seconds)
    await requireDecision(invocation, plan, decision, undo)
    if (isForElsewhere) return save(invocation, plan, await decisionForElsewhere(app, caller, plan, choice, key))
    // Before the plan: whoever approves both does not begin a change whose undo then cannot be approved.
    const undone = undo && (await approveUndo(app, caller, plan, undo, choice, key))
    const { statement, note } = await decideHere(app, caller, plan, choice, key).catch((error: unknown) => {
      throw sentOn(context, plan, error)
    })
    tellNote(caller, note)
    tellNote(caller, undone?.note)
    const made = { decision, plan: plan.digest, approver: statement.approver.id }
    if (decision === 'reject') return sayDecided(invocation, made)
    await sayFrozen(context)
    return sayApproved(context, named, made, undone)
  })
}

const REFUSALS: ReadonlySet<string> = new Set(['not-authorised', 'not-approved'])

function sentOn({ app, caller, invocation }: CommandContext, plan: Plan, error: unknown) {
  const [word = ''] = invocation.args
  if (!(error instanceof EosflowError) || !REFUSALS.has(error.kind) || mayApprove(app, caller, plan)) return error
  const { kind, message, hint = '', next } = error
  if (next?.code === 'trust-login') return error
  const first = next?.code === 'trust-key' ? [hint] : []
  return new EosflowError(kind, message, {
    hint: [...first, ...sendTo(rightsOnPlan(app, caller, plan), word)].join('\n'),
    cause: error,
  })
}

async function sayApproved(
  { invocation, app, caller }: CommandContext,
  named: NamedPlan,
  made: Decided,
  undone: ApprovedUndoWord | undefined,
) {
  const [word = ''] = invocation.args
  const missing = await stillMissing(app, caller.principal, named)
  const about = { devices: named.plan.content.waves.flat(), workflow: named.plan.content.workflow.file }
  const mayRun = isAllowed(app, caller, 'execution.start', { ...about, underway: 'demands' as const })
  const next = missing.length > 0 ? undefined : `eosflow ${nextOf(app, word, named)}`
  const line = mayRun ? nextLine(next) : next && `Nothing is missing. Those who may run it type: ${next}\n`
  return sayDecided(invocation, { ...made, missing, ...(undone && { undo: undone }) }, line)
}

interface Decided {
  readonly decision: Choice['decision']
  readonly plan: string
  readonly approver: string
  readonly missing?: readonly string[]
  readonly undo?: ApprovedUndoWord
}

function sayDecided(invocation: Invocation, { missing, undo, ...word }: Decided, next = '') {
  const { decision, plan, approver } = word
  const made = { ...word, ...undoJson(undo) }
  const text =
    decision === 'approve'
      ? `approved ${short(plan)} as ${approver}\n${notEnough(missing ?? [])}${undoWords(undo)}${next}`
      : `rejected ${short(plan)} as ${approver}\nThis plan can no longer be approved.\n`
  say(invocation, missing === undefined ? made : { ...made, ...enoughOf(missing) }, text)
  return 0
}

function nextOf(app: RecordApp, word: string, { plan, execution, outcome }: NamedPlan) {
  if (execution === undefined) return `run ${shellWord(word)}`
  return outcome === undefined
    ? goesOnWith(app, execution)
    : `run ${shellWord(plan.content.workflow.file)}${paramFlags(plan.content.workflow.params, hiddenParams(plan.content))}`
}

function keyChoiceOf({ options }: Invocation): KeyChoice | undefined {
  if (typeof options.key === 'string') return { file: options.key }
  return options.sshAgent === true ? 'agent' : undefined
}

function choiceOf({ io, options }: Invocation, decision: Choice['decision']): Choice {
  const comment = typeof options.comment === 'string' ? io.scrubber.scrub(options.comment) : ''
  if (typeof options.runs !== 'string') return { decision, comment }
  const maxRuns = Number(options.runs)
  if (/^\d{1,3}$/.test(options.runs) && maxRuns >= 1 && maxRuns <= 100) return { decision, comment, maxRuns }
  throw inputError('--runs', 'bad-runs', `it is not a number from 1 to 100: ${options.runs}`)
}

async function requireDecision(
  { io, args: [word = ''], options, global }: Invocation,
  plan: Plan,
  decision: string,
  undo?: UndoChoice,
) {
  const digest = wholeDigest('--digest', options.digest)
  if (digest !== undefined) requireSameDigest(plan, digest, planFileOf(io, digest, word))
  const textOf = (one: Plan) =>
    `${planText(one, styleOf(io), { width: screenWidth(io), details: options.details === true })}\n`
  const undoing =
    undo &&
    `\nIts undo, worked out of what the switches showed, to be approved for ${formatDuration(undo.holds / 1000)}:\n${textOf(undo.plan)}`
  const text = `${textOf(plan)}${undoing ?? ''}`
  if (!global.json) io.out(text)
  else if (io.interactive) io.err(text)
  if (
    !io.interactive ||
    (await saysYes(io, `Type yes to ${decision} this plan${undo === undefined ? '' : ' and its undo'}: `))
  )
    return
  throw new EosflowError('not-approved', 'no decision was made', { hint: 'Nothing was written.' })
}

function isOwn({ io, global }: Invocation, { content }: Plan, approver: SignedStatement['statement']['approver']) {
  const project = findProject(io, global)
  const signers = project === undefined ? [] : trustNow(project)
  const human = approver.issuer === 'ssh' ? { ...approver, person: approver.id } : withPerson(approver, signers)
  return content.requesters.some((one) => isSameHuman(human, withPerson(one, signers)))
}

function save(invocation: Invocation, plan: Plan, made: SignedStatement) {
  const { digest } = plan
  const { io, args, options } = invocation
  const [word = ''] = args
  const file = String(options.out)
  saveApprovalFile(io, file, made)
  const { decision, approver } = made.statement
  const next =
    decision === 'approve'
      ? `Where it is run: eosflow run ${shellWord(word)} --approval ${shellWord(file)}`
      : `Where it is run: eosflow reject ${shellWord(word)} --import ${shellWord(file)}`
  const text = `${past(decision)} ${short(digest)} as ${approver.id}, into ${file}\n${asTyped(next, io)}\n`
  if (decision === 'approve' && isOwn(invocation, plan, approver))
    io.err(`! ${approver.id} asked for this plan: where a rule wants another person it does not count\n`)
  say(invocation, { decision, plan: digest, approver: approver.id, file }, text)
  return 0
}

function say({ io, global }: Invocation, answer: object, text: string) {
  io.out(global.json ? `${JSON.stringify({ version: 1, ...answer })}\n` : text)
}

const past = (decision: Choice['decision']): string => (decision === 'approve' ? 'approved' : 'rejected')

async function importOn(invocation: Invocation, decision: Choice['decision'], file: string) {
  const { io, args, global } = invocation
  const signed = readApprovalFile(io, file)
  const { statement, signature } = signed
  if (statement.decision !== decision) throw otherDecision(file, statement.decision)
  return withApp(invocation, async ({ app, caller }) => {
    const { note, ...of } = await importFrom(app, caller, args[0] === '' ? undefined : args[0], signed)
    const answer = { version: 1, decision, plan: statement.plan, approver: statement.approver.id }
    const noted = note === undefined ? {} : { note }
    const by = `${answer.plan} as ${visibleLine(answer.approver)}, from ${file}\n`
    if (decision === 'reject') {
      tellNote(caller, note)
      io.out(global.json ? `${JSON.stringify({ ...answer, ...noted })}\n` : `rejected ${by}`)
      return 0
    }
    const missing = await stillMissing(app, caller.principal, of)
    for (const one of proofNotes(app, of.plan, proofOf(signature))) tellNote(caller, one)
    tellNote(caller, note)
    const counted = { ...answer, ...noted, ...enoughOf(missing) }
    io.out(global.json ? `${JSON.stringify(counted)}\n` : `approved ${by}${notEnough(missing)}`)
    return 0
  })
}

function otherDecision(file: string, decision: Choice['decision']) {
  return inputError(
    file,
    'other-decision',
    `the file holds a decision to ${decision}`,
    `eosflow ${decision} --import ${file}`,
  )
}

async function reviewOn(invocation: Invocation, typed: string) {
  const { io, args, options, global } = invocation
  const kind = oneOf(
    FORGE_KINDS,
    typed,
    '--from-review',
    'bad-forge',
    `there is no forge \`${typed}\``,
    'github or gitlab',
  )
  const [word = ''] = args
  if (word === '')
    throw inputError('--from-review', 'no-plan', 'there is nothing to approve', 'Name a saved plan or an execution.')
  const request: ReviewRequest = {
    pull: givenPull(invocation, kind),
    name: givenName(invocation),
    account: givenAccount(invocation),
    branch: text(options.base),
  }
  const place = forgePlace(invocation, kind)
  const digest = wholeDigest('--digest', options.digest)
  return withApp(invocation, async ({ app, caller }) => {
    const asked = { word, decision: 'approve', isForElsewhere: false, trust: text(options.trust) } as const
    const named = await planForDecision(app, caller, asked)
    if (digest !== undefined) requireSameDigest(named.plan, digest)
    const { approvers, others, pull } = await approveByReviews(
      app,
      caller,
      await openForge(app, place),
      named.plan,
      request,
    )
    for (const why of others) tellNote(caller, `this review does not count: ${why}`)
    const missing = await stillMissing(app, caller.principal, named)
    const plan = named.plan.digest
    const answer = { version: 1, decision: 'approve', plan, pull, approvers, others, enough: missing.length === 0 }
    const lines = `approved ${short(plan)} as ${approvers.join(', ')}, by review of #${pull}\n${notEnough(missing)}`
    const next = missing.length === 0 ? `Next: eosflow run ${shellWord(word)}\n` : ''
    io.out(global.json ? `${JSON.stringify(answer)}\n` : `${lines}${next}`)
    return 0
  })
}

function tellNote({ tell }: Pick<Caller, 'tell'>, note: string | undefined) {
  if (note !== undefined) tell(`! ${visibleLine(note)}\n`)
}

// What an approved plan still needs, a line each, as `stillMissing` gives it.
function notEnough(missing: readonly string[]) {
  return missing.map((line) => `Not enough yet, others must approve it too: ${line}\n`).join('')
}
