import type { Forge, ForgeComment, ForgePull, ForgeReview } from '../../model/forge.ts'
import { definedMembers, type Json } from '../../model/json.ts'
import { Fields, type ForgeClient, notAsDocumented } from './ask-forge.ts'

// What GitLab writes itself when somebody approves, and takes that back (docs.gitlab.com, Notes API: `system`; docs/unproven.md).
const APPROVED = 'approved this merge request'
const UNAPPROVED = 'unapproved this merge request'

/** The REST API v4 of GitLab for one project: `acme/network`. */
export function gitlabForge(client: ForgeClient, host: string, project: string, web: string): Forge {
  const base = `/projects/${encodeURIComponent(project)}`
  const numbered = (number: number) => `${base}/merge_requests/${number}`
  const urlOf = (number: number) => `${web}/${project}/-/merge_requests/${number}`
  const notes = async (number: number): Promise<readonly Note[]> =>
    (await client.all({ path: `${numbered(number)}/notes`, query: { sort: 'asc', order_by: 'created_at' } })).map(
      (one) => noteIn(one, urlOf(number)),
    )
  return {
    kind: 'gitlab',
    issuer: `forge:${host}/${project}`,
    self: async () => new Fields(await client.must({ path: '/user' }), 'the user').count('id'),
    pull: async (number) => pullIn(new Fields(await client.must({ path: numbered(number) }), 'the merge request')),
    pullsOf: async (commit) =>
      (await client.all({ path: `${base}/repository/commits/${commit}/merge_requests` })).map((one) =>
        new Fields(one, 'a merge request').count('iid'),
      ),
    files: async (number) => {
      const asked = new Fields(await client.must({ path: numbered(number) }), 'the merge request')
      const listed = await client.all({ path: `${numbered(number)}/diffs` })
      if (asked.text('changes_count') !== String(listed.length))
        throw notAsDocumented(
          'the files of the merge request',
          `it has ${asked.text('changes_count')}, and lists ${listed.length}`,
        )
      return listed.flatMap((one) => {
        const file = new Fields(one, 'a file')
        return [file.text('new_path'), file.text('old_path')]
      })
    },
    authors: async ({ number }) => {
      const emails = (await client.all({ path: `${numbered(number)}/commits` })).flatMap((one) => {
        const commit = new Fields(one, 'a commit')
        return ['author_email', 'committer_email'].map((by) => commit.words(by).toLowerCase())
      })
      // Commits of this API name no accounts (docs.gitlab.com, Merge requests API).
      return { ids: [], emails, unlinked: emails }
    },
    defaultBranch: async () => new Fields(await client.must({ path: base }), 'the project').text('default_branch'),
    branchHead: async (branch) => {
      const path = `${base}/repository/branches/${encodeURIComponent(branch)}`
      const found = new Fields(await client.must({ path }), 'the branch')
      if (found.text('name') !== branch) throw notAsDocumented('the branch', 'it has another name')
      return found.of('commit').commit('id')
    },
    file: (path, commit) =>
      client.text({ path: `${base}/repository/files/${encodeURIComponent(path)}/raw`, query: { ref: commit } }),
    comments: async (number) => (await notes(number)).filter(({ isSystem }) => !isSystem),
    create: async (number, body) =>
      noteIn(await client.must({ method: 'POST', path: `${numbered(number)}/notes`, body: { body } }), urlOf(number)),
    edit: async (number, comment, body) =>
      noteIn(
        await client.must({ method: 'PUT', path: `${numbered(number)}/notes/${comment}`, body: { body } }),
        urlOf(number),
      ),
    reviews: async (pull) => {
      const path = numbered(pull.number)
      const approvals = new Fields(await client.must({ path: `${path}/approvals` }), 'the approvals')
      const reviewers = await client.all({ path: `${path}/reviewers` })
      const pushed = await lastPush(client, `${path}/versions`)
      return reviewsIn({ approvals, reviewers, pushed, notes: await notes(pull.number), pull })
    },
  }
}

interface Note extends ForgeComment {
  readonly isSystem: boolean
}

function pullIn(pull: Fields): ForgePull {
  const { author } = pull.account('author', 'username')
  const isMerged = pull.text('state') === 'merged'
  const made = ['merge_commit_sha', 'squash_commit_sha'].find((key) => pull.isThere(key)) ?? 'sha'
  return {
    number: pull.count('iid'),
    ...definedMembers({ author }),
    head: pull.commit('sha'),
    base: pull.text('target_branch'),
    isMerged,
    isClosed: pull.text('state') === 'closed',
    ...(isMerged ? { mergeCommit: pull.commit(made) } : {}),
    isFork: pull.count('source_project_id') !== pull.count('target_project_id'),
  }
}

function noteIn(value: Json, pull: string): Note {
  const note = new Fields(value, 'a note')
  const { author } = note.account('author', 'username')
  const id = note.count('id')
  return {
    id,
    url: `${pull}#note_${id}`,
    ...definedMembers({ author }),
    body: note.words('body'),
    createdAt: note.time('created_at'),
    updatedAt: note.time('updated_at'),
    isSystem: note.flag('system'),
  }
}

async function lastPush(client: ForgeClient, path: string) {
  const versions = (await client.all({ path })).map((one) => {
    const version = new Fields(one, 'a version')
    return { at: version.time('created_at'), head: version.commit('head_commit_sha') }
  })
  const [last] = versions.toSorted((a, b) => Date.parse(b.at) - Date.parse(a.at))
  if (last === undefined) throw notAsDocumented('the versions of the merge request', 'there is none')
  return last
}

interface Given {
  readonly approvals: Fields
  readonly reviewers: readonly Json[]
  readonly pushed: { readonly at: string; readonly head: string }
  readonly notes: readonly Note[]
  readonly pull: ForgePull
}

// An approval has no words and names no commit: the words are the notes of the same account, and the commit is the end of the branch where
// nothing was pushed since.
function reviewsIn({ approvals, reviewers, pushed, notes, pull }: Given): readonly ForgeReview[] {
  const asksForChanges = new Set(
    reviewers.flatMap((one) => {
      const reviewer = new Fields(one, 'a reviewer')
      return reviewer.text('state') === 'requested_changes' ? [reviewer.of('user').count('id')] : []
    }),
  )
  return approvals.list('approved_by').flatMap((one): readonly ForgeReview[] => {
    const { user: account } = new Fields(one, 'an approval').account('user', 'username')
    if (account === undefined) return []
    const own = notes.filter(({ author }) => author?.id === account.id)
    const said = own.findLast(({ isSystem, body }) => isSystem && [APPROVED, UNAPPROVED].includes(body))
    // An approval of which GitLab does not say when it was given is none that came after anything.
    if (said === undefined || said.body !== APPROVED) return []
    const isAfterPush = Date.parse(said.createdAt) > Date.parse(pushed.at) && pushed.head === pull.head
    return [
      {
        id: `note_${said.id}`,
        account,
        state: asksForChanges.has(account.id) ? 'changes-requested' : 'approved',
        at: said.createdAt,
        ...(isAfterPush ? { commit: pull.head } : {}),
        texts: own.filter(({ isSystem }) => !isSystem).map(({ updatedAt: at, body }) => ({ at, body })),
      },
    ]
  })
}
