import { createHash } from 'node:crypto'
import { posix } from 'node:path'
import type { Plan } from '../../change/plan/plan.ts'
import { reviewSignature } from '../../change/policy/approval.ts'
import { policyDigest } from '../../change/policy/policy.ts'
import { readPolicy } from '../../change/policy/read-policy.ts'
import { type CountedReview, type ForgeReviewers, judgeReviews, readReviewers } from '../../change/policy/reviews.ts'
import type { ApprovalStatement, SeenReview, SignedStatement } from '../../model/approval.ts'
import { canonicalJson, sha256 } from '../../model/digest.ts'
import { EosflowError } from '../../model/error.ts'
import type { Forge, ForgeComment, ForgePull } from '../../model/forge.ts'
import type { RecordApp } from '../../project/app/app.ts'
import { importDecision } from '../../project/approval/decide.ts'
import { demandsOfRequesters } from '../../project/approval/never-counts.ts'
import { reviewPrincipal, statementOf } from '../../project/approval/signer.ts'
import { REVIEWERS_FILE, TRUST_FILES } from '../../project/files/loaded-policy.ts'
import type { Caller } from '../../project/identity/caller-of.ts'
import { requireKnownServerKey } from '../../project/identity/signers/common-server-key.ts'
import { gitIn } from '../../project/system/machine/git.ts'
import { InputError, orProblems } from '../../project/system/process/input-error.ts'
import { commentBody, isSameBody, planComment } from '../../report/forge-comment.ts'
import { visibleLine } from '../../report/text/text.ts'
import { commentsOf, type NamedPull, pullNamed } from './comment.ts'

export interface ReviewRequest {
  readonly pull: NamedPull
  readonly name: string
  /** The number of the account that writes comments; absent: that of the token. */
  readonly account: number | undefined
  /** The branch that reviewed changes go into; absent: the default branch of the repository. */
  readonly branch: string | undefined
}

interface ReviewedPlan {
  readonly approvers: readonly string[]
  readonly others: readonly string[]
  readonly pull: number
}

/** Takes the reviews of a pull request onto the record as approvals of a plan: those that count by docs/pipelines.md#approval-by-review. Throws `not-approved` where none counts, and as {@link Forge}. */
export async function approveByReviews(
  app: RecordApp,
  caller: Caller,
  forge: Forge,
  plan: Plan,
  request: ReviewRequest,
): Promise<ReviewedPlan> {
  requireDemanded(app, plan)
  const { pull, seen } = await readPull(app, forge, plan, request)
  const { counted, others } = judgeReviews({
    ...seen,
    pull,
    plan: { digest: plan.digest, requesters: plan.content.requesters },
  })
  if (counted.length > 0) {
    await requirePolicyOfBase(app, forge, seen)
    await requireKnownServerKey(app)
  }
  const before = (await app.store.approvals(plan.digest)).map(({ event: { statement } }) => statement)
  const taken = await Promise.all(
    counted.map((one) => takeReview(app, caller, plan, signedReview(app, forge, plan, { one, pull, seen, before }))),
  )
  const approvers = taken.flatMap(({ approver, why }) => (why === undefined ? [approver] : []))
  const refused = taken.flatMap(({ approver, why }) => (why === undefined ? [] : [`${approver}: ${why}`]))
  const uncounted = [...others, ...refused].map(visibleLine)
  if (approvers.length > 0) return { approvers, others: uncounted, pull: pull.number }
  const reasons = uncounted.length === 0 ? ['nobody has reviewed it'] : uncounted
  throw new EosflowError(
    'not-approved',
    `no review of ${forge.issuer} #${pull.number} is an approval of this plan: ${reasons.join('; ')}`,
    {
      hint: 'Nothing was approved. Have it reviewed there, by a review that approves and names the digest of this plan.',
    },
  )
}

// Throws `not-approved`.
function requireDemanded(app: RecordApp, plan: Plan) {
  const isDemanded = demandsOfRequesters(app, plan).some(({ proof }) => proof?.includes('review'))
  if (app.project.policy() !== undefined && isDemanded) return
  throw new EosflowError('not-approved', 'no rule of the policy takes a review as an approval of this plan', {
    hint: 'Write `proof: [review]` into the rule that asks for approvals, or have the plan approved in another way.',
  })
}

interface SeenPull {
  readonly authors: Awaited<ReturnType<Forge['authors']>>
  readonly comment: ForgeComment
  readonly reviews: Awaited<ReturnType<Forge['reviews']>>
  readonly reviewers: ForgeReviewers
  readonly base: { readonly branch: string; readonly commit: string }
  readonly file: string
  // The folder of the project in its repository, with a slash at its end, or empty.
  readonly folder: string
}

async function readPull(
  app: RecordApp,
  forge: Forge,
  plan: Plan,
  { pull: asked, name, account, branch: given }: ReviewRequest,
): Promise<{ readonly pull: ForgePull; readonly seen: SeenPull }> {
  const branch = given ?? (await forge.defaultBranch())
  const pull = await pullNamed(forge, asked)
  if (pull.base !== branch) throw unusable(`#${pull.number} goes into ${pull.base}, and not into ${branch}`)
  if (pull.isClosed) throw unusable(`#${pull.number} is closed, and not merged`)
  const folder = await folderIn(app)
  const path = `${folder}${REVIEWERS_FILE}`
  const own = [...TRUST_FILES, app.project.settings.policy, 'eosflow.yaml']
  const deciding = own.flatMap((one) => pathsTo(posix.join(folder, one)))
  await requireUnlinked(app, own, deciding)
  const changed = (await forge.files(pull.number)).find((one) => deciding.includes(one))
  if (changed !== undefined) throw unusable(`#${pull.number} changes ${changed}: whoever it adds there would review it`)
  const commit = await forge.branchHead(branch)
  const file = await forge.file(path, commit)
  if (file === undefined) throw unusable(`the branch ${branch} has no ${path}`)
  const reviewers = reviewersIn(file, `${branch}:${path}`)
  if (reviewers.issuer !== forge.issuer)
    throw unusable(`${branch}:${path} is for ${reviewers.issuer}, and this is ${forge.issuer}`)
  const author = account ?? (await forge.self())
  const authors = await forge.authors(pull)
  const reviews = await forge.reviews(pull)
  // The comment behind the reviews: what none of them has seen was edited after them, and they do not count.
  const comment = await shownOn(app, forge, plan, { number: pull.number, name, account: author })
  const { head, base, isClosed } = await forge.pull(pull.number)
  if (head !== pull.head || base !== pull.base || isClosed)
    throw unusable(`#${pull.number} was changed while it was read`)
  return { pull, seen: { authors, comment, reviews, reviewers, base: { branch, commit }, file, folder } }
}

// Throws `not-approved`.
async function requirePolicyOfBase(
  { project }: RecordApp,
  forge: Forge,
  { base: { branch, commit }, folder }: SeenPull,
) {
  const path = posix.join(folder, project.settings.policy)
  const text = await forge.file(path, commit)
  if (text === undefined) throw unusable(`the branch ${branch} has no ${path}`)
  const read = readPolicy(text, path)
  const own = project.policy()?.policy
  const isSame = read.ok && own !== undefined && policyDigest(read.value, null) === policyDigest(own, null)
  if (!isSame) throw unusable(`${branch}:${path} is not that of the project: plan again on the end of ${branch}`)
}

async function shownOn(app: RecordApp, forge: Forge, plan: Plan, asked: Parameters<typeof commentsOf>[1]) {
  const body = app.scrubber.scrub(commentBody(asked.name, planComment(plan)))
  const own = await commentsOf(forge, asked)
  const shown = own.findLast((one) => isSameBody(one.body, body))
  if (shown !== undefined) return shown
  throw unusable(
    own.length === 0
      ? `#${asked.number} has no comment \`${asked.name}\` of the account ${asked.account} that shows the plan`
      : `the comment \`${asked.name}\` of #${asked.number} shows another plan, or was edited`,
  )
}

async function folderIn({ project, env }: RecordApp) {
  const { code, out, said } = await gitIn(project.dir, env)({ args: ['rev-parse', '--show-prefix'] })
  if (code === 0) return out.toString('utf8').trim()
  throw unusable(`which folder of its repository the project is cannot be read: ${said}`)
}

function pathsTo(path: string) {
  const parts = path.split('/')
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'))
}

// Throws `not-approved`.
async function requireUnlinked({ project, env }: RecordApp, own: readonly string[], deciding: readonly string[]) {
  const linked = own.find((one) => project.files.isLinked?.(one) === true)
  if (linked !== undefined) throw unusable(`${linked} is a symbolic link, or lies behind one`)
  // Where a checkout has no links they are files that hold a path: the index knows what they are.
  const top = await gitIn(project.dir, env)({ args: ['rev-parse', '--show-toplevel'] })
  const asked = { args: ['ls-files', '-s', '-z', '--', ...new Set(deciding)] }
  const { code, out, said } = top.code === 0 ? await gitIn(top.out.toString('utf8').trimEnd(), env)(asked) : top
  if (code !== 0) throw unusable(`what git has of the files that decide cannot be read: ${said}`)
  const entries = out.toString('utf8').split('\0')
  const link = entries.find(
    (entry) => /^(?:120000|160000) /.test(entry) && deciding.includes(entry.split('\t')[1] ?? ''),
  )
  if (link !== undefined) throw unusable(`${link.split('\t')[1]} is a symbolic link or a submodule in git`)
}

function reviewersIn(file: string, place: string) {
  try {
    return orProblems(readReviewers(file, place))
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    throw unusable(`${place} is not good: ${error.problems[0]?.message ?? ''}`)
  }
}

function signedReview(
  app: RecordApp,
  forge: Forge,
  plan: Plan,
  {
    one: { review, reviewer },
    pull,
    seen,
    before,
  }: {
    readonly one: CountedReview
    readonly pull: ForgePull
    readonly seen: SeenPull
    readonly before: readonly ApprovalStatement[]
  },
): SignedStatement {
  const { comment, base, file } = seen
  const named = canonicalJson([forge.issuer, pull.number, review.id, plan.digest, plan.evidence.store ?? ''])
  const nonce = createHash('sha256').update('eosflow-review-v1\0').update(named).digest('hex').slice(0, 32)
  // One that was taken while this clock was behind that of the forge has its time from this clock.
  const taken = before.find((one) => one.nonce === nonce)?.notBefore
  const at = taken === undefined ? Math.min(Date.parse(review.at), app.clock.now()) : Date.parse(taken)
  const words = `review ${review.id} of ${forge.issuer} #${pull.number}`
  const choice = { decision: 'approve', comment: words } as const
  const statement = statementOf(plan, choice, reviewPrincipal(reviewer), at, { hex: () => nonce })
  const read: SeenReview = {
    issuer: forge.issuer,
    pull: { number: pull.number, head: pull.head },
    base,
    reviewers: sha256(file),
    account: { id: reviewer.id, login: reviewer.login },
    review: { id: review.id, at: review.at },
    comment: { id: comment.id, account: comment.author?.id ?? 0, at: comment.updatedAt, text: sha256(comment.body) },
  }
  return { statement, signature: reviewSignature(app.keys.readOrMake('server').key, statement, read) }
}

async function takeReview(
  app: RecordApp,
  caller: Caller,
  plan: Plan,
  signed: SignedStatement,
): Promise<{ readonly approver: string; readonly why?: string }> {
  const { statement } = signed
  const approver = statement.approver.id
  const uses = (await app.store.approvalUses(plan.digest)).filter(({ nonce }) => nonce === statement.nonce)
  if (uses.length > 0) {
    return {
      approver,
      why: `the review is used already, by ${uses.map(({ execution = 'an execution' }) => execution).join(', ')}`,
    }
  }
  try {
    await importDecision(app, caller, plan, signed)
    return { approver }
  } catch (error) {
    if (error instanceof EosflowError && (error.kind === 'not-approved' || error.kind === 'stale'))
      return { approver, why: error.message }
    throw error
  }
}

function unusable(why: string) {
  return new EosflowError('not-approved', `no review counts: ${visibleLine(why)}`, { hint: 'Nothing was approved.' })
}
