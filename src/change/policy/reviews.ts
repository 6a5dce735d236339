import { z } from 'zod'
import type { Problem, ValueOrProblems } from '../../model/error.ts'
import type { ForgeAuthors, ForgeComment, ForgePull, ForgeReview } from '../../model/forge.ts'
import { definedMembers } from '../../model/json.ts'
import { acceptUnless, type LocatedValue, textPlaceOf } from '../../text/source/located.ts'
import { parseWith, readYaml } from '../../text/source/yaml.ts'
import { type HumanIdentity, isSameHuman } from './quorum.ts'

export interface Reviewer {
  readonly id: number
  readonly login: string
  /** Whose it is, as a policy names members: `corp:sub:00u1`, or a local identity. */
  readonly who: string
  readonly subject: { readonly issuer: string; readonly id: string }
  readonly person?: string
  readonly emails: readonly string[]
}

export interface ForgeReviewers {
  readonly issuer: string
  readonly reviewers: readonly Reviewer[]
  /** The addresses of whoever writes commits and reviews none, in lower case. */
  readonly authors: readonly string[]
}

const addresses = z.array(z.string().min(3).max(320)).default([])

const reviewer = z.strictObject({
  id: z.int().min(1).describe('The number of the account; `GET /users/LOGIN` of the forge shows it.'),
  login: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,254}$/, 'letters, digits, `.`, `_` and `-`')
    .describe('Its login: both must be those of the review.'),
  who: z
    .string()
    .min(1)
    .max(300)
    .describe(
      'Whose it is, as policy.yaml names members: `corp:sub:00u1`, `ssh:sub:bob@example.org`, or a local identity.',
    ),
  person: z.string().min(1).max(200).optional().describe('What all identities of this human share.'),
  emails: addresses.describe('The addresses in commits of theirs: nobody reviews those.'),
})

const schema = z.strictObject({
  version: z.literal(1),
  forge: z
    .string()
    .regex(/^[A-Za-z0-9.-]+(?::\d{1,5})?(?:\/[A-Za-z0-9_.-]+){2,}$/, 'HOST/OWNER/REPO')
    .describe('The repository: `github.com/acme/network`.'),
  reviewers: z.array(reviewer).min(1),
  authors: addresses.describe(
    'The addresses in commits of those who review none: without an account, and not here, nobody knows whose a commit is.',
  ),
})

/** Reads `trust/reviewers.yaml`: everything that is not understood is refused, since whoever is in it by mistake approves. */
export function readReviewers(content: string | Uint8Array, file: string): ValueOrProblems<ForgeReviewers> {
  const read = readYaml(content, file)
  if (!read.ok) return read
  const parsed = parseWith(schema, read.value)
  if (!parsed.ok) return parsed
  const { forge, reviewers, authors } = parsed.value
  const problems = [
    ...reviewers.flatMap((one, index) => subjectProblem(one.who, index, read.value)),
    ...twins(reviewers, read.value),
  ]
  return acceptUnless(problems, () => ({
    issuer: `forge:${forge}`,
    reviewers: reviewers.map(({ emails, person, ...one }) => ({
      ...one,
      subject: subjectIn(one.who) ?? { issuer: '', id: '' },
      ...definedMembers({ person }),
      emails: inLowerCase(emails),
    })),
    authors: inLowerCase(authors),
  }))
}

const inLowerCase = (addresses: readonly string[]) => addresses.map((one) => one.toLowerCase())

export function isAccountOf({ id, login }: { readonly id: number; readonly login: string }, one: Reviewer): boolean {
  return one.id === id && one.login.toLowerCase() === login.toLowerCase()
}

const NO_PEOPLE: readonly string[] = ['kind', 'schedule', 'hook', 'worker', 'local']

function subjectIn(who: string) {
  if (/^local:-?\d+:[^\s:]+@\S+$/.test(who)) return { issuer: 'local', id: who }
  const [, issuer = '', id = ''] = /^([A-Za-z0-9][A-Za-z0-9._-]{0,31}):sub:([\x21-\x7e]{1,255})$/.exec(who) ?? []
  return issuer === '' || NO_PEOPLE.includes(issuer) ? undefined : { issuer, id }
}

function subjectProblem(who: string, index: number, located: LocatedValue): readonly Problem[] {
  if (subjectIn(who) !== undefined) return []
  const at = textPlaceOf(located, ['reviewers', index, 'who'])
  const hint = 'write `issuer:sub:NAME`, or a local identity as `eosflow whoami` prints it'
  return [{ code: 'bad-reviewer', message: `\`${who}\` names nobody as a policy does`, at, hint }]
}

function twins(reviewers: z.output<typeof schema>['reviewers'], located: LocatedValue): readonly Problem[] {
  return reviewers.flatMap((one, index) => {
    const before = reviewers.slice(0, index)
    const isTwice = before.some(
      ({ id, login, who }) => id === one.id || login.toLowerCase() === one.login.toLowerCase() || who === one.who,
    )
    if (!isTwice) return []
    const at = textPlaceOf(located, ['reviewers', index, 'login'])
    return [{ code: 'reviewer-twice', message: `${one.login}: its number, its login or its person is there twice`, at }]
  })
}

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
