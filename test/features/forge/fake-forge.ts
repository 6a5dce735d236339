import { z } from 'zod'
import type { ForgeKind } from '../../../src/model/forge.ts'
import type { Json } from '../../../src/model/json.ts'
import {
  type Answer,
  type AskedService,
  type Instead,
  type LoopbackService,
  published,
  requireQuery,
  startLoopback,
  Unpublished,
} from '../../project/execution/around/loopback-service.ts'
import { type Account, type Comment, ForgeWorld, type Pull, type Review, type Route, routed } from './world.ts'

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

const failed = (status: number, message: string) => ({ status, body: { message } })

function branchOf({ branches }: ForgeWorld, name: string) {
  const id = branches.get(name)
  return id === undefined ? failed(404, '404 Branch Not Found') : { status: 200, body: { name, commit: { id } } }
}

const approvalsJson = ({ number, approvedBy }: Pull) => ({
  iid: number,
  approved: approvedBy.length > 0,
  approved_by: approvedBy.map((one) => ({ user: user(one) })),
})

const reviewerJson = (one: Account) => ({
  user: user(one),
  state: 'requested_changes',
  created_at: '2026-01-01T00:00:00.000Z',
})

const versionJson = ({ at, head }: Pull['versions'][number], index: number) => ({
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

const writtenOnGithub = z.strictObject({ body: z.string().min(1).max(65_536) })

/**
 * Answers as the REST API of GitHub does, version 2022-11-28 (docs.github.com/rest; forms: github.com/github/rest-api-description). Lists come in pages with a `Link` header,
 * whose addresses name the repository by its number, as those of api.github.com do.
 */
function github(world: ForgeWorld, origin: () => string): (asked: AskedService) => Answer {
  const base = `/repos/${world.repository}`
  const withPull =
    (answer: (pull: Pull, asked: AskedService) => Answer): Route[2] =>
    ({ number }, asked) => {
      const pull = world.pulls.get(Number(number))
      return pull === undefined ? MISSING : answer(pull, asked)
    }
  const listed = (listOf: (pull: Pull) => readonly Json[]): Route[2] =>
    withPull((pull, asked) => pageOnGithub(asked, listOf(pull), origin()))
  const routes: readonly Route[] = [
    ['GET', '/user', () => selfOf(world)],
    ['GET', base, () => ({ status: 200, body: { id: 7, default_branch: world.defaultBranch } })],
    ['GET', `${base}/pulls/:number`, withPull((pull) => ({ status: 200, body: pullOnGithub(world, pull) }))],
    ['GET', `${base}/pulls/:number/reviews`, listed(({ reviews }) => reviews.map(reviewJson))],
    ['GET', `${base}/pulls/:number/files`, listed(({ files }) => files.map(fileOnGithub))],
    [
      'GET',
      `${base}/pulls/:number/commits`,
      listed(({ commits, head }) => commits.map((one) => commitJson(one, head))),
    ],
    [
      'GET',
      `${base}/commits/:commit/pulls`,
      ({ commit = '' }, asked) =>
        pageOnGithub(
          asked,
          (world.broughtBy.get(commit) ?? []).map((number) => ({ number })),
          origin(),
        ),
    ],
    [
      'GET',
      `${base}/issues/:number/comments`,
      listed((pull) => pull.comments.map((one) => commentJson(world, pull, one))),
    ],
    [
      'POST',
      `${base}/issues/:number/comments`,
      withPull((pull, asked) => {
        const made = world.comment(pull, world.tokenOf, published(writtenOnGithub, asked).body)
        return { status: 201, body: commentJson(world, pull, made) }
      }),
    ],
    [
      'PATCH',
      `${base}/issues/comments/:id`,
      ({ id }, asked) => edited(world, Number(id), published(writtenOnGithub, asked).body),
    ],
    ['GET', `${base}/branches/*name`, ({ name = '' }) => branchOnGithub(world, name)],
    [
      'GET',
      `${base}/contents/*path`,
      ({ path = '' }, asked) => {
        requireQuery(asked, ['ref'])
        return fileOf(world, path, asked.query.get('ref') ?? '')
      },
    ],
  ]
  const answer = routed(routes)
  return (asked) => {
    if (asked.authorization !== `Bearer ${world.token}`) return failedOnGithub(401, 'Bad credentials')
    if (asked.headers['x-github-api-version'] !== '2022-11-28') throw new Unpublished('no version of the API')
    return answer(asked)
  }
}

const failedOnGithub = (status: number, message: string) => ({
  status,
  body: { message, documentation_url: 'https://docs.github.com/rest' },
})
const MISSING = failedOnGithub(404, 'Not Found')

function selfOf({ mayAskSelf, tokenOf }: ForgeWorld) {
  return mayAskSelf
    ? { status: 200, body: userOnGithub(tokenOf) }
    : failedOnGithub(403, 'Resource not accessible by integration')
}

/** Whoever may write to the repository may edit the comments of others. */
function edited(world: ForgeWorld, id: number, body: string) {
  const at = [...world.pulls.values()].flatMap((pull) =>
    pull.comments.filter((one) => one.id === id).map((comment) => ({ pull, comment })),
  )[0]
  if (at === undefined) return MISSING
  world.edit(at.comment, body)
  return { status: 200, body: commentJson(world, at.pull, at.comment) }
}

function branchOnGithub({ branches }: ForgeWorld, name: string) {
  const sha = branches.get(name)
  return sha === undefined ? failedOnGithub(404, 'Branch not found') : { status: 200, body: { name, commit: { sha } } }
}

function fileOf({ files }: ForgeWorld, path: string, commit: string) {
  const text = files.get(commit)?.get(path)
  if (text === undefined) return MISSING
  const content = Buffer.from(text).toString('base64').replace(/.{60}/g, '$&\n')
  return { status: 200, body: { type: 'file', encoding: 'base64', size: text.length, content } }
}

const fileOnGithub = ({ path: filename, before }: Pull['files'][number]) => ({
  filename,
  status: before === undefined ? 'modified' : 'renamed',
  ...(before === undefined ? {} : { previous_filename: before }),
})

const commitJson = ({ author, email, by = author, byEmail = email }: Pull['commits'][number], sha: string) => ({
  sha,
  commit: { author: { email }, committer: { email: byEmail } },
  author: author === undefined ? null : userOnGithub(author),
  committer: by === undefined ? null : userOnGithub(by),
})

/** A page of a list, with the links to the others (docs.github.com, Using pagination in the REST API). */
function pageOnGithub(asked: AskedService, list: readonly Json[], origin: string) {
  const url = `${origin}${asked.what.replace(/^GET \/repos\/[^/]+\/[^/]+/, '/repositories/7')}`
  requireQuery(asked, ['per_page', 'page'])
  const size = Math.min(Number(asked.query.get('per_page') ?? 30), 100)
  const page = Number(asked.query.get('page') ?? 1)
  const last = Math.max(1, Math.ceil(list.length / size))
  const link = (rel: string, to: number) => `<${url}?per_page=${size}&page=${to}>; rel="${rel}"`
  const links = [
    ...(page > 1 ? [link('prev', page - 1)] : []),
    ...(page < last ? [link('next', page + 1), link('last', last)] : []),
  ]
  return {
    status: 200,
    body: list.slice((page - 1) * size, page * size),
    ...(links.length === 0 ? {} : { headers: { link: links.join(', ') } }),
  }
}

const userOnGithub = ({ id, login }: Account) => ({ id, login })

function pullOnGithub(world: ForgeWorld, pull: Pull) {
  const own = { id: 7, full_name: world.repository }
  return {
    number: pull.number,
    state: pull.isMerged || pull.isClosed === true ? 'closed' : 'open',
    user: pull.author === undefined ? null : userOnGithub(pull.author),
    merged: pull.isMerged,
    merge_commit_sha: pull.mergeCommit ?? null,
    head: {
      ref: `branch-${pull.number}`,
      sha: pull.head,
      repo: pull.isFork ? { id: 8, full_name: 'mallory/network' } : own,
    },
    base: { ref: pull.base, sha: world.branches.get(pull.base) ?? null, repo: own },
  }
}

function reviewJson({ id, user: by, body, state, at, commit }: Review) {
  const submitted = state === 'PENDING' ? {} : { submitted_at: at }
  return { id, user: by === undefined ? null : userOnGithub(by), body, state, commit_id: commit, ...submitted }
}

function commentJson(world: ForgeWorld, { number }: Pull, { id, author, body, created, updated }: Comment) {
  return {
    id,
    html_url: `https://github.com/${world.repository}/pull/${number}#issuecomment-${id}`,
    user: author === undefined ? null : userOnGithub(author),
    body,
    created_at: created,
    updated_at: updated,
  }
}

/** A forge on loopback, and what its jobs are told of it. */
export interface FakeForge extends LoopbackService {
  readonly kind: ForgeKind
  readonly world: ForgeWorld
  /** `127.0.0.1:PORT/acme/network`. */
  readonly place: string
  readonly env: Readonly<Record<string, string>>
}

/** Starts a forge that holds one repository. It ends with the test. */
export async function startForge(
  kind: ForgeKind,
  {
    world = new ForgeWorld(),
    instead = () => undefined,
  }: { readonly world?: ForgeWorld; readonly instead?: Instead } = {},
): Promise<FakeForge> {
  let origin = ''
  const answer = (kind === 'github' ? github : gitlab)(world, () => origin)
  const loopback = await startLoopback(answer, instead)
  origin = loopback.service.origin
  const env: Readonly<Record<string, string>> =
    kind === 'github'
      ? { GITHUB_API_URL: origin, GITHUB_REPOSITORY: world.repository, GITHUB_TOKEN: world.token }
      : { CI_API_V4_URL: `${origin}/api/v4`, CI_PROJECT_PATH: world.repository, GITLAB_TOKEN: world.token }
  return { ...loopback, kind, world, env, place: `${new URL(origin).host}/${world.repository}` }
}
