import { describe, expect, test } from 'vitest'
import { judgeReviews, type ReviewCase, readReviewers } from '../../../src/change/policy/reviews.ts'
import type { ForgeReview } from '../../../src/model/forge.ts'

const DIGEST = `sha256:${'1a'.repeat(32)}`
const HEAD = 'ab'.repeat(20)

const FILE = `version: 1
forge: github.com/acme/network
reviewers:
  - { id: 102, login: bob, who: 'corp:sub:bob', person: E100, emails: [bob@example.org] }
  - { id: 202, login: bob-work, who: 'work:sub:bob', person: E100, emails: [bob@work.example] }
  - { id: 103, login: carol, who: 'corp:sub:carol' }
`

const reviewers: ReviewCase['reviewers'] = (() => {
  const read = readReviewers(FILE, 'trust/reviewers.yaml')
  if (!read.ok) throw new Error('the file of reviewers is not good')
  return read.value
})()

const reviewOf = (id: number, login: string, more: Partial<ForgeReview> = {}): ForgeReview => ({
  id: String(900 + id),
  account: { id, login },
  state: 'approved',
  at: '2026-01-05T08:00:00.000Z',
  commit: HEAD,
  texts: [{ at: '2026-01-05T08:00:00.000Z', body: DIGEST }],
  ...more,
})

const judged = (reviews: readonly ForgeReview[], more: Partial<ReviewCase> = {}) => {
  const { counted, others } = judgeReviews({
    plan: { digest: DIGEST, requesters: [] },
    pull: {
      number: 7,
      author: { id: 101, login: 'ada' },
      head: HEAD,
      base: 'main',
      isMerged: false,
      isClosed: false,
      isFork: false,
    },
    authors: { ids: [101], emails: ['ada@example.org'], unlinked: [] },
    comment: {
      id: 1,
      url: 'https://github.com/acme/network/pull/7#issuecomment-1',
      author: { id: 1, login: 'bot' },
      body: 'the plan',
      createdAt: '2026-01-05T07:00:00.000Z',
      updatedAt: '2026-01-05T07:00:00.000Z',
    },
    reviews,
    reviewers,
    ...more,
  })
  return { counted: counted.map(({ reviewer }) => reviewer.login), others }
}

describe('one person with two accounts', () => {
  const pull = { number: 7, head: HEAD, base: 'main', isMerged: false, isClosed: false, isFork: false }

  test('does not review their own pull request by the other one', () => {
    const made = { pull: { ...pull, author: { id: 102, login: 'bob' } } }
    expect(judged([reviewOf(202, 'bob-work')], made)).toEqual({
      counted: [],
      others: ['bob-work: has made the pull request'],
    })
    expect(judged([reviewOf(103, 'carol')], made).counted).toEqual(['carol'])
  })

  test('does not review their own commit by the other one', () => {
    for (const authors of [
      { ids: [102], emails: [], unlinked: [] },
      { ids: [], emails: ['bob@example.org'], unlinked: ['bob@example.org'] },
    ]) {
      expect(judged([reviewOf(202, 'bob-work')], { authors })).toEqual({
        counted: [],
        others: ['bob-work: has written a commit of it'],
      })
    }
  })

  test('withdraws by either of them', () => {
    const asks = reviewOf(102, 'bob', { state: 'changes-requested', at: '2026-01-05T09:00:00.000Z' })
    expect(judged([reviewOf(202, 'bob-work'), asks])).toEqual({
      counted: [],
      others: ['bob-work: the same person asks for changes as bob', 'bob: asks for changes'],
    })
    const before = reviewOf(102, 'bob', { state: 'changes-requested', at: '2026-01-05T07:30:00.000Z' })
    expect(judged([before, reviewOf(202, 'bob-work')]).counted).toEqual(['bob-work'])
  })
})

test.each(['changes-requested', 'dismissed'] as const)(
  'of two words in one second the approval is not the last one: %s',
  (state) => {
    const no = reviewOf(102, 'bob', { id: '900', state })
    const yes = reviewOf(102, 'bob', { id: '901' })
    expect(judged([yes, no]).counted).toEqual([])
    expect(judged([no, yes]).counted).toEqual([])
    expect(judged([{ ...no, at: '2026-01-05T07:59:59.000Z' }, yes]).counted).toEqual(['bob'])
  },
)

test('the words that count are the newest, in whatever order they are listed', () => {
  const other = { at: '2026-01-05T08:00:05.000Z', body: `sha256:${'2b'.repeat(32)}` }
  const own = { at: '2026-01-05T08:00:01.000Z', body: DIGEST }
  expect(judged([reviewOf(102, 'bob', { texts: [other, own] })]).others).toEqual([
    `bob: names another plan: sha256:${'2b'.repeat(32)}`,
  ])
  expect(
    judged([reviewOf(102, 'bob', { texts: [{ ...own, at: '2026-01-05T08:00:09.000Z' }, other] })]).counted,
  ).toEqual(['bob'])
})

test.each(['102+bob@users.noreply.github.com', '102-bob@users.noreply.gitlab.example'])(
  'the private address of an account is that of the account: %s',
  (email) => {
    const authors = { ids: [], emails: [email], unlinked: [email] }
    expect(judged([reviewOf(102, 'bob')], { authors }).others).toEqual(['bob: has written a commit of it'])
    expect(judged([reviewOf(103, 'carol')], { authors }).counted).toEqual(['carol'])
  },
)

test.each([
  ['an address that is nobody’s', 'dan@elsewhere.example', undefined],
  ['no address', '', undefined],
  ['the address of another reviewer', 'bob@work.example', 'carol'],
  ['the address of somebody who only writes', 'dan@example.org', 'carol'],
  ['the private address of an account', '666+dan@users.noreply.github.com', 'carol'],
  ['what looks like one', '666+dan@users.noreply.github.com.elsewhere.example@x', undefined],
])('a commit with %s', (_, email, counted) => {
  const known = { ...reviewers, authors: ['dan@example.org'] }
  const found = judged([reviewOf(103, 'carol')], {
    reviewers: known,
    authors: { ids: [101], emails: ['ada@example.org', email], unlinked: [email] },
  })
  expect(found.counted).toEqual(counted === undefined ? [] : [counted])
  if (counted === undefined)
    expect(found.others).toEqual([expect.stringContaining('carol: nobody knows who has written a commit of it: ')])
})

test('an account that the forge names is known, whatever the address', () => {
  const authors = { ids: [101, 666], emails: ['ada@example.org', 'dan@elsewhere.example'], unlinked: [] }
  expect(judged([reviewOf(103, 'carol')], { authors }).counted).toEqual(['carol'])
})
