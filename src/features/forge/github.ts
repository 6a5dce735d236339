import type { Forge, ForgeComment, ForgePull, ForgeReview } from '../../model/forge.ts'
import { definedMembers, type Json } from '../../model/json.ts'
import { Fields, type ForgeClient, notAsDocumented } from './ask-forge.ts'

const STATES: Readonly<Record<string, ForgeReview['state']>> = {
  APPROVED: 'approved',
  CHANGES_REQUESTED: 'changes-requested',
  DISMISSED: 'dismissed',
}
// Who has written a commit, and who has committed it: each null where GitHub knows no account of that address.
const WROTE = ['author', 'committer']
// Of what a pull request has, GitHub lists at most so many commits and files (docs.github.com, REST API, Pull requests).
const MOST_COMMITS = 250
const MOST_FILES = 3000

/** The REST API of GitHub, version 2022-11-28, for one repository: `acme/network`. */
export function githubForge(client: ForgeClient, host: string, repository: string): Forge {
  const base = `/repos/${repository}`
  const numbered = (number: number) => `${base}/pulls/${number}`
  return {
    kind: 'github',
    issuer: `forge:${host}/${repository}`,
    self: async () => new Fields(await client.must({ path: '/user' }), 'the user').count('id'),
    pull: async (number) => pullIn(new Fields(await client.must({ path: numbered(number) }), 'the pull request')),
    pullsOf: async (commit) =>
      (await client.all({ path: `${base}/commits/${commit}/pulls` })).map((one) =>
        new Fields(one, 'a pull request').count('number'),
      ),
    files: async (number) => {
      const listed = await client.all({ path: `${numbered(number)}/files` })
      requireWhole('files', listed.length, MOST_FILES)
      return listed.flatMap((one) => {
        const file = new Fields(one, 'a file')
        return [file.text('filename'), ...(file.isThere('previous_filename') ? [file.text('previous_filename')] : [])]
      })
    },
    authors: async ({ number }) => {
      const commits = await client.all({ path: `${numbered(number)}/commits` })
      requireWhole('commits', commits.length, MOST_COMMITS)
      const hands = commits.flatMap((one) => {
        const commit = new Fields(one, 'a commit')
        const written = commit.of('commit')
        return WROTE.map((by) => ({
          ids: Object.values(commit.account(by, 'login')).map(({ id }) => id),
          email: written.isThere(by) ? written.of(by).words('email').toLowerCase() : '',
        }))
      })
      return {
        ids: hands.flatMap(({ ids }) => ids),
        emails: hands.map(({ email }) => email),
        unlinked: hands.filter(({ ids }) => ids.length === 0).map(({ email }) => email),
      }
    },
    defaultBranch: async () => new Fields(await client.must({ path: base }), 'the repository').text('default_branch'),
    branchHead: async (branch) => {
      const found = new Fields(
        await client.must({ path: `${base}/branches/${encodeURIComponent(branch)}` }),
        'the branch',
      )
      if (found.text('name') !== branch) throw notAsDocumented('the branch', 'it has another name')
      return found.of('commit').commit('sha')
    },
    file: async (path, commit) => {
      const call = {
        path: `${base}/contents/${path.split('/').map(encodeURIComponent).join('/')}`,
        query: { ref: commit },
      }
      const found = await client.ask(call)
      if (found === undefined) return undefined
      const file = new Fields(found, 'the file')
      if (file.text('type') !== 'file' || file.text('encoding') !== 'base64')
        throw notAsDocumented('the file', 'it is none that is given whole')
      return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(file.text('content'), 'base64'))
    },
    comments: async (number) => (await client.all({ path: `${base}/issues/${number}/comments` })).map(commentIn),
    create: async (number, body) =>
      commentIn(await client.must({ method: 'POST', path: `${base}/issues/${number}/comments`, body: { body } })),
    edit: async (_number, comment, body) =>
      commentIn(await client.must({ method: 'PATCH', path: `${base}/issues/comments/${comment}`, body: { body } })),
    reviews: async ({ number }) => (await client.all({ path: `${numbered(number)}/reviews` })).flatMap(reviewIn),
  }
}

function requireWhole(what: string, listed: number, most: number) {
  if (listed < most) return
  throw notAsDocumented(`the ${what} of the pull request`, `GitHub lists at most ${most}, so some may be missing`)
}

function pullIn(pull: Fields): ForgePull {
  const [head, base] = [pull.of('head'), pull.of('base')]
  const { user } = pull.account('user', 'login')
  const isMerged = pull.flag('merged')
  return {
    number: pull.count('number'),
    ...definedMembers({ author: user }),
    head: head.commit('sha'),
    base: base.text('ref'),
    isMerged,
    isClosed: pull.text('state') === 'closed' && !isMerged,
    ...(isMerged ? { mergeCommit: pull.commit('merge_commit_sha') } : {}),
    isFork: !head.isThere('repo') || head.of('repo').count('id') !== base.of('repo').count('id'),
  }
}

function commentIn(value: Json): ForgeComment {
  const comment = new Fields(value, 'a comment')
  const { user } = comment.account('user', 'login')
  return {
    id: comment.count('id'),
    url: comment.text('html_url'),
    ...definedMembers({ author: user }),
    body: comment.words('body'),
    createdAt: comment.time('created_at'),
    updatedAt: comment.time('updated_at'),
  }
}

function reviewIn(value: Json): readonly ForgeReview[] {
  const review = new Fields(value, 'a review')
  const written = review.text('state')
  if (written === 'COMMENTED' || written === 'PENDING') return []
  const state = STATES[written]
  if (state === undefined) throw notAsDocumented('a review', `its state is ${JSON.stringify(written)}`)
  const { user } = review.account('user', 'login')
  const at = review.time('submitted_at')
  return [
    {
      id: String(review.count('id')),
      ...definedMembers({ account: user }),
      state,
      at,
      ...(review.isThere('commit_id') ? { commit: review.commit('commit_id') } : {}),
      texts: [{ at, body: review.words('body') }],
    },
  ]
}
