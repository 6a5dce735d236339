import { z } from 'zod'
import type { Json } from '../../src/model/json.ts'
import type { Answer, AskedService } from '../around/services/loopback-service.ts'
import { published, requireQuery } from '../around/services/published.ts'
import { type Route, routed } from './routes.ts'
import type { Account, Comment, ForgeWorld, Pull } from './world.ts'

const written = z.strictObject({ body: z.string().min(1).max(1_000_000) })

/** Answers as the REST API v4 of GitLab does (docs.gitlab.com/api). Lists come in pages with `X-Next-Page` and a `Link` header. */
export function gitlab(world: ForgeWorld, origin: () => string): (asked: AskedService) => Answer {
  const base = `/api/v4/projects/${encodeURIComponent(world.repository)}`
  const pulls = `${base}/merge_requests/:number`
  const withPull =
    (answer: (pull: Pull, asked: AskedService, at: Readonly<Record<string, string>>) => Answer): Route[2] =>
    (at, asked) => {
      const pull = world.pulls.get(Number(at.number))
      return pull === undefined ? failed(404, '404 Not Found') : answer(pull, asked, at)
    }
  const listed = (listOf: (pull: Pull) => readonly Json[], names: readonly string[] = []): Route[2] =>
    withPull((pull, asked) => pageOf(asked, listOf(pull), names, origin()))
  const routes: readonly Route[] = [
    ['GET', '/api/v4/user', () => ({ status: 200, body: user(world.tokenOf) })],
    ['GET', base, () => ({ status: 200, body: { id: 7, default_branch: world.defaultBranch } })],
    ['GET', pulls, withPull((pull) => ({ status: 200, body: pullJson(pull) }))],
    ['GET', `${pulls}/approvals`, withPull((pull) => ({ status: 200, body: approvalsJson(pull) }))],
    ['GET', `${pulls}/reviewers`, listed(({ asking }) => asking.map(reviewerJson))],
    ['GET', `${pulls}/versions`, listed(({ versions }) => versions.map(versionJson))],
    ['GET', `${pulls}/diffs`, listed(({ files }) => files.map(fileJson))],
    [
      'GET',
      `${pulls}/commits`,
      listed(({ commits, head }) =>
        commits.map(({ email, byEmail = email }) => ({ id: head, author_email: email, committer_email: byEmail })),
      ),
    ],
    ['GET', `${pulls}/notes`, listed((pull) => notesOf(world, pull).map(noteJson), ['sort', 'order_by'])],
    [
      'POST',
      `${pulls}/notes`,
      withPull((pull, asked) => ({
        status: 201,
        body: noteJson(world.comment(pull, world.tokenOf, published(written, asked).body)),
      })),
    ],
    [
      'PUT',
      `${pulls}/notes/:id`,
      withPull((pull, asked, { id }) => {
        const found = pull.comments.find((one) => one.id === Number(id))
        if (found === undefined) return failed(404, '404 Not Found')
        world.edit(found, published(written, asked).body)
        return { status: 200, body: noteJson(found) }
      }),
    ],
    [
      'GET',
      `${base}/repository/commits/:commit/merge_requests`,
      ({ commit = '' }, asked) =>
        pageOf(
          asked,
          (world.broughtBy.get(commit) ?? []).map((iid) => ({ iid })),
          [],
          origin(),
        ),
    ],
    ['GET', `${base}/repository/branches/:name`, ({ name = '' }) => branchOf(world, name)],
    [
      'GET',
      `${base}/repository/files/:path/raw`,
      ({ path = '' }, asked) => {
        requireQuery(asked, ['ref', 'lfs'])
        const text = world.files.get(asked.query.get('ref') ?? '')?.get(path)
        return text === undefined ? failed(404, '404 File Not Found') : { status: 200, text, type: 'text/plain' }
      },
    ],
  ]
  const answer = routed(routes)
  return (asked) => (asked.headers['private-token'] === world.token ? answer(asked) : failed(401, '401 Unauthorized'))
}

const failed = (status: number, message: string): Answer => ({ status, body: { message } })

function branchOf({ branches }: ForgeWorld, name: string): Answer {
  const id = branches.get(name)
  return id === undefined ? failed(404, '404 Branch Not Found') : { status: 200, body: { name, commit: { id } } }
}

const approvalsJson = ({ number, approvedBy }: Pull): Json => ({
  iid: number,
  approved: approvedBy.length > 0,
  approved_by: approvedBy.map((one) => ({ user: user(one) })),
})

const reviewerJson = (one: Account): Json => ({
  user: user(one),
  state: 'requested_changes',
  created_at: '2026-01-01T00:00:00.000Z',
})

const versionJson = ({ at, head }: Pull['versions'][number], index: number): Json => ({
  id: index + 1,
  head_commit_sha: head,
  created_at: at,
})

const fileJson = ({ path, before }: Pull['files'][number]): Json => ({ new_path: path, old_path: before ?? path })

const notesOf = (world: ForgeWorld, pull: Pull): readonly Comment[] =>
  [...pull.comments, ...world.notesOf(pull)].toSorted((a, b) => a.id - b.id)

/** A page of a list (docs.gitlab.com/api/rest, Pagination). */
function pageOf(asked: AskedService, list: readonly Json[], names: readonly string[], origin: string): Answer {
  const url = `${origin}${asked.what.slice('GET '.length)}`
  requireQuery(asked, ['per_page', 'page', ...names])
  const size = Math.min(Number(asked.query.get('per_page') ?? 20), 100)
  const page = Number(asked.query.get('page') ?? 1)
  const last = Math.max(1, Math.ceil(list.length / size))
  const link = `<${url}?page=${page + 1}&per_page=${size}>; rel="next", <${url}?page=${last}&per_page=${size}>; rel="last"`
  return {
    status: 200,
    body: list.slice((page - 1) * size, page * size),
    headers: { 'x-next-page': page < last ? String(page + 1) : '', ...(page < last ? { link } : {}) },
  }
}

const user = ({ id, login }: Account): Json => ({ id, username: login })

function pullJson(pull: Pull): Json {
  return {
    iid: pull.number,
    state: pull.isMerged ? 'merged' : pull.isClosed === true ? 'closed' : 'opened',
    author: pull.author === undefined ? null : user(pull.author),
    sha: pull.head,
    target_branch: pull.base,
    merge_commit_sha: pull.mergeCommit ?? null,
    squash_commit_sha: null,
    source_project_id: pull.isFork ? 8 : 7,
    target_project_id: 7,
    changes_count: String(pull.files.length),
  }
}

function noteJson({ id, author, body, created, updated, isSystem }: Comment): Json {
  return {
    id,
    author: author === undefined ? null : user(author),
    body,
    created_at: created,
    updated_at: updated,
    system: isSystem === true,
  }
}
