import { z } from 'zod'
import { definedMembers } from '../../model/defined-members.ts'
import type { Problem, ValueOrProblems } from '../../model/problem.ts'
import { acceptUnless } from '../../text/source/checked.ts'
import { type LocatedValue, textPlaceOf } from '../../text/source/located.ts'
import { parseWith } from '../../text/source/parse-with.ts'
import { readYaml } from '../../text/source/yaml.ts'

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
