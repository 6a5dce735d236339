import { definedMembers } from '../../model/defined-members.ts'
import type { ForgeAuthors, ForgeComment, ForgePull, ForgeReview } from '../../model/forge.ts'
import { type HumanIdentity, isSameHuman } from './quorum.ts'
import { type ForgeReviewers, isAccountOf, type Reviewer } from './reviewers.ts'

export interface ReviewCase {
  readonly plan: { readonly digest: string; readonly requesters: readonly HumanIdentity[] }
  readonly pull: ForgePull
  readonly authors: ForgeAuthors
  readonly comment: ForgeComment
  readonly reviews: readonly ForgeReview[]
  readonly reviewers: ForgeReviewers
}

export interface CountedReview {
  readonly review: ForgeReview
  readonly reviewer: Reviewer
}

export interface JudgedReviews {
  readonly counted: readonly CountedReview[]
  readonly others: readonly string[]
}

/** Judges which reviews are approvals of a plan (docs/pipelines.md#approval-by-review). */
export function judgeReviews(facts: ReviewCase): JudgedReviews {
  const last = new Map<number, ForgeReview>()
  for (const review of facts.reviews) {
    const { account } = review
    if (account === undefined) continue
    const before = last.get(account.id)
    if (before === undefined || isLater(review, before)) last.set(account.id, review)
  }
  const words = [...last.values()]
  const judged = words.map((review) => wordOf(review, facts, words))
  return {
    counted: judged.flatMap((one) => (typeof one === 'string' ? [] : [one])),
    others: judged.flatMap((one) => (typeof one === 'string' ? [one] : [])),
  }
}

// Of two words of one second nobody knows which was the later one: the approval is not.
function isLater(review: ForgeReview, before: ForgeReview) {
  const after = Date.parse(review.at) - Date.parse(before.at)
  return after > 0 || (after === 0 && (review.state !== 'approved' || before.state === 'approved'))
}

function wordOf(review: ForgeReview, facts: ReviewCase, words: readonly ForgeReview[]): CountedReview | string {
  const { account } = review
  const name = account?.login ?? 'somebody'
  const reviewer = reviewerOf(review, facts)
  if (typeof reviewer === 'string') return `${name}: ${reviewer}`
  const why = stateFlaw(review, facts) ?? personFlaw(reviewer, facts, review, words) ?? namesFlaw(review, facts)
  return why === undefined ? { review, reviewer } : `${name}: ${why}`
}

function reviewerOf({ account }: ForgeReview, { reviewers: { reviewers } }: ReviewCase) {
  if (account === undefined) return 'the account is gone'
  const found = reviewers.find((one) => isAccountOf(account, one))
  if (found !== undefined) return found
  const alike = reviewers.find(
    ({ id, login }) => id === account.id || login.toLowerCase() === account.login.toLowerCase(),
  )
  if (alike === undefined) return 'no reviewer of the base branch'
  return `the account ${account.id} is called ${account.login}, and the reviewer of the base branch is ${alike.id}, called ${alike.login}`
}

function stateFlaw({ state, at, commit }: ForgeReview, { pull, comment }: ReviewCase) {
  if (state === 'changes-requested') return 'asks for changes'
  if (state === 'dismissed') return 'the review was dismissed'
  if (commit !== pull.head) return 'reviewed before the last push'
  // A comment that was edited shows its plan from then on.
  return Date.parse(at) > Date.parse(comment.updatedAt)
    ? undefined
    : `reviewed at ${at}, and the plan is shown there since ${comment.updatedAt}`
}

function personFlaw(
  reviewer: Reviewer,
  { pull, authors, plan, reviewers: { reviewers, authors: writers } }: ReviewCase,
  { at }: ForgeReview,
  words: readonly ForgeReview[],
) {
  const { author } = pull
  if (author === undefined) return 'nobody knows who has made the pull request'
  const human = humanOf(reviewer)
  const own = reviewers.filter((one) => isSameHuman(humanOf(one), human))
  const ids = own.map(({ id }) => id)
  if (ids.includes(author.id)) return 'has made the pull request'
  const hasWritten =
    authors.ids.some((id) => ids.includes(id)) ||
    authors.emails.some((email) => own.some((one) => one.emails.includes(email) || privateOwner(email) === one.id))
  if (hasWritten) return 'has written a commit of it'
  const known = [...writers, ...reviewers.flatMap(({ emails }) => emails)]
  const stranger = authors.unlinked.find((email) => !known.includes(email) && privateOwner(email) === undefined)
  if (stranger !== undefined) return strangerWords(stranger)
  if (plan.requesters.some((one) => own.some((line) => isSameHuman(humanOf(line), one))))
    return 'has asked for the plan'
  const asks = words.find(
    ({ account, state, at: asked }) =>
      state === 'changes-requested' && ids.includes(account?.id ?? 0) && Date.parse(asked) >= Date.parse(at),
  )
  return asks === undefined ? undefined : `the same person asks for changes as ${asks.account?.login}`
}

function humanOf({ subject, person }: Reviewer): HumanIdentity {
  return { ...subject, ...definedMembers({ person }) }
}

function strangerWords(email: string) {
  const why =
    email === ''
      ? 'it has no address'
      : `${email} is the address of no reviewer and of no author in trust/reviewers.yaml`
  return `nobody knows who has written a commit of it: ${why}`
}

// The account whose address is one that a forge gives it so that its commits show no other: its number, and `+` or `-` (docs.github.com,
// Setting your commit email address; docs.gitlab.com, Profile).
function privateOwner(email: string) {
  const [, id] = /^(\d+)[+-][^@]*@users\.noreply\.[^@]+$/.exec(email) ?? []
  return id === undefined ? undefined : Number(id)
}

// The last text since the comment that names a digest, or the comment, must name this plan and no other one.
function namesFlaw({ texts }: ForgeReview, { plan, comment }: ReviewCase) {
  const since = texts.filter(({ at }) => Date.parse(at) > Date.parse(comment.updatedAt))
  const ordered = since.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at))
  const named = ordered.map(({ body }) => ({ digests: digestsIn(body), isComment: namesComment(body, comment.url) }))
  const last = named.findLast(({ digests, isComment }) => digests.length > 0 || isComment)
  if (last === undefined) return 'names neither the digest of the plan nor the comment that shows it'
  const other = last.digests.find((digest) => digest !== plan.digest)
  return other === undefined ? undefined : `names another plan: ${other}`
}

function digestsIn(body: string) {
  return (body.match(/[0-9A-Fa-f]{64,}/g) ?? []).map((hex) => `sha256:${hex}`)
}

function namesComment(body: string, url: string) {
  return body
    .split(url)
    .slice(1)
    .some((rest) => !/^\d/.test(rest))
}
