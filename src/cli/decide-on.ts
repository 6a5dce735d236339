import { saveApprovalFile } from '../app/approval/approval-file.ts'
import { decideAs, decideElsewhere } from '../app/approval/decide.ts'
import { importDecision } from '../app/approval/import.ts'
import { type KeyChoice, type SshSigningKey, signerBy, signingKeyOf } from '../app/approval/ssh-signing.ts'
import { type Choice, statementOf } from '../app/approval/statement-of.ts'
import { trustOf } from '../app/approval/trust.ts'
import { requireSameDigest } from '../app/approvals.ts'
import { InputError } from '../app/input-error.ts'
import { planNamed, readPlanFile } from '../app/plan-source.ts'
import { decided, requireAllowed } from '../app/policy/authority.ts'
import { aboutPlan } from '../app/policy/entry.ts'
import { findProject } from '../app/project.ts'
import { noSeams } from '../app/seams.ts'
import { shellWord } from '../app/shell-word.ts'
import { checkSeal, requireSealed, sealTrustHere } from '../app/trusted-seal.ts'
import type { Outcome } from '../journal/event.ts'
import type { SignedStatement } from '../model/approval.ts'
import { EosflowError } from '../model/error.ts'
import { problemOf } from '../model/problem.ts'
import type { Plan } from '../plan/plan.ts'
import { short } from '../report/count.ts'
import { planText } from '../report/plan/text.ts'
import { colored, plain } from '../report/style.ts'
import { importOn } from './approval/import-on.ts'
import type { CommandContext } from './compose.ts'
import { withApp } from './compose.ts'
import type { Invocation, Io } from './io.ts'
import { saysYes } from './says-yes.ts'
import { screenWidth } from './screen-width.ts'
import { trustOption } from './trust-option.ts'

/**
 * Shows a plan and makes the caller's decision about its digest: on record here, or with `-o` into a file for another machine. At
 * a terminal `yes` is asked for; without one the typed command is the decision, about the very digest it prints. With `--import`
 * somebody else's decision is put on record.
 */
export async function decideOn(invocation: Invocation, decision: Choice['decision']): Promise<number> {
  const { io, args, options, global } = invocation
  if (typeof options.import === 'string') return importOn(invocation, decision, options.import)
  const [word = ''] = args
  if (word === '') throw noPlan(decision)
  const project = findProject(io, global)
  const key = await signingKeyOf(io, keyChoiceOf(invocation), project === undefined ? [] : trustOf(project))
  const choice = choiceOf(invocation, decision)
  if (key !== undefined && typeof options.out === 'string' && /[./]/.test(word)) {
    const plan = readPlanFile(io, word)
    checkSeal(io, plan, sealTrustHere(invocation.io, trustOption(invocation), project))
    await requireDecision(invocation, plan, decision)
    return save(invocation, plan, await signed(io, plan, choice, key, project === undefined ? [] : trustOf(project)))
  }
  return withApp(invocation, async (context) => {
    const { app, caller } = context
    const { plan, execution, outcome } = await planNamed(app, word)
    if (execution !== undefined) await requireSight(context, plan, decision)
    else requireRunnable(invocation, context, plan, decision)
    if (decision === 'approve') requireOpen(execution, outcome)
    await requireDecision(invocation, plan, decision)
    if (typeof options.out === 'string') {
      const made =
        key === undefined
          ? await decideElsewhere(app, caller, plan, choice)
          : await signed(io, plan, choice, key, trustOf(app.project))
      return save(invocation, plan, made)
    }
    const approver = await decideHere(context, plan, choice, key)
    const next =
      execution === undefined
        ? `run ${shellWord(word)}`
        : outcome === undefined
          ? `resume ${execution}`
          : `run ${shellWord(plan.content.workflow.file)}${paramFlags(plan)}`
    say(invocation, { decision, plan: plan.digest, approver }, decidedText(decision, plan.digest, approver, next))
    return 0
  })
}

/**
 * What is approved on record here is run here, where a plan that was sealed under another install key is refused. For another machine,
 * and to reject, that nobody vouches for the seal is said. Throws `stale`.
 */
function requireRunnable(invocation: Invocation, { app }: CommandContext, plan: Plan, decision: Choice['decision']) {
  if (decision === 'approve' && typeof invocation.options.out !== 'string') requireSealed(plan, app)
  else
    checkSeal(invocation.io, plan, {
      ...sealTrustHere(invocation.io, trustOption(invocation), app.project),
      installKey: app.key,
    })
}

/** What a plan was made with, as a command line gives it again. */
function paramFlags({ content: { workflow } }: Plan): string {
  const flags = Object.entries(workflow.params).map(([name, value]) => {
    const written = typeof value === 'string' ? value : JSON.stringify(value)
    return ` -p ${shellWord(`${name}=${written}`)}`
  })
  return flags.join('')
}

/** An approval lets an execution go on: one that has ended does not. Throws `stale`. */
function requireOpen(execution: string | undefined, outcome: Outcome | undefined): void {
  if (outcome === undefined || outcome === 'planned') return
  throw new EosflowError('stale', `${execution} has ended (${outcome}): there is nothing to approve`, {
    hint: `eosflow show ${execution}; to change something, plan it and have that approved.`,
  })
}

/** Requires that whoever is calling may see a plan on record: who may decide about it may. Throws `not-authorised`. */
async function requireSight({ app, caller }: CommandContext, plan: Plan, decision: Choice['decision']): Promise<void> {
  const about = aboutPlan(plan)
  if (decided(app, caller, `plan.${decision}`, about).effect === 'deny')
    await requireAllowed(app, caller, 'plan.read', about)
}

async function decideHere(
  { app, caller, invocation }: CommandContext,
  plan: Plan,
  choice: Choice,
  key: SshSigningKey | undefined,
): Promise<string> {
  if (key === undefined) return (await decideAs(app, caller, plan, choice)).id
  const made = await signed(invocation.io, plan, choice, key, trustOf(app.project))
  await importDecision(app, caller, plan, made)
  return made.statement.approver.id
}

async function signed(
  io: Io,
  plan: Plan,
  choice: Choice,
  key: SshSigningKey,
  signers: ReturnType<typeof trustOf>,
): Promise<SignedStatement> {
  const now = (io.seams ?? noSeams).clock.now()
  const statement = statementOf(plan, choice, signerBy(key.fingerprint, signers, now), now)
  return { statement, signature: await key.sign(statement) }
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
  const message = `it is not a number from 1 to 100: ${options.runs}`
  throw new InputError([problemOf('--runs', 'bad-runs', message)])
}

/** Whoever decides sees what about, by its recomputed digest; with `--json` stdout is kept for the answer. */
async function requireDecision({ io, options, global }: Invocation, plan: Plan, decision: string): Promise<void> {
  if (typeof options.digest === 'string') requireSameDigest(plan, options.digest)
  const text = `${planText(plan, io.color ? colored : plain, { width: screenWidth(io) })}\n`
  if (!global.json) io.out(text)
  else if (io.interactive) io.err(text)
  if (!io.interactive || (await saysYes(io, `Type yes to ${decision} this plan: `))) return
  throw new EosflowError('not-approved', 'no decision was made', { hint: 'Nothing was written.' })
}

function save(invocation: Invocation, { digest }: Plan, made: SignedStatement): number {
  const { io, args, options } = invocation
  const [word = ''] = args
  const file = String(options.out)
  saveApprovalFile(io, file, made)
  const { decision, approver } = made.statement
  const next =
    decision === 'approve'
      ? `where it is run: eosflow run ${shellWord(word)} --approval ${shellWord(file)}`
      : `where it is run: eosflow reject ${shellWord(word)} --import ${shellWord(file)}`
  const text = `${past(decision)} ${short(digest)} as ${approver.id}, into ${file}\nNext: ${next}\n`
  say(invocation, { decision, plan: digest, approver: approver.id, file }, text)
  return 0
}

function say({ io, global }: Invocation, answer: object, text: string): void {
  io.out(global.json ? `${JSON.stringify({ version: 1, ...answer })}\n` : text)
}

const past = (decision: Choice['decision']): string => (decision === 'approve' ? 'approved' : 'rejected')

function decidedText(decision: Choice['decision'], digest: string, approver: string, next: string): string {
  if (decision === 'approve') return `approved ${short(digest)} as ${approver}\nNext: eosflow ${next}\n`
  return `rejected ${short(digest)} as ${approver}\nNext: plan another change; this plan can no longer be approved\n`
}

function noPlan(decision: Choice['decision']): InputError {
  return new InputError([
    problemOf(
      decision,
      'no-plan',
      `there is nothing to ${decision}`,
      `Name a saved plan or an execution, or a signed decision: eosflow ${decision} --import FILE`,
    ),
  ])
}
