import { z } from 'zod'
import type { ForgeKind } from '../../src/model/forge.ts'
import type { Json } from '../../src/model/json.ts'
import {
  type Answer,
  type AskedService,
  type Instead,
  type LoopbackService,
  startLoopback,
  Unpublished,
} from '../around/services/loopback-service.ts'
import { published, requireQuery } from '../around/services/published.ts'
import { gitlab } from './gitlab.ts'
import { type Route, routed } from './routes.ts'
import { type Account, type Comment, ForgeWorld, type Pull, type Review } from './world.ts'

const written = z.strictObject({ body: z.string().min(1).max(65_536) })

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
    withPull((pull, asked) => pageOf(asked, listOf(pull), origin()))
  const routes: readonly Route[] = [
    ['GET', '/user', () => selfOf(world)],
    ['GET', base, () => ({ status: 200, body: { id: 7, default_branch: world.defaultBranch } })],
    ['GET', `${base}/pulls/:number`, withPull((pull) => ({ status: 200, body: pullJson(world, pull) }))],
    ['GET', `${base}/pulls/:number/reviews`, listed(({ reviews }) => reviews.map(reviewJson))],
    ['GET', `${base}/pulls/:number/files`, listed(({ files }) => files.map(fileJson))],
    [
      'GET',
      `${base}/pulls/:number/commits`,
      listed(({ commits, head }) => commits.map((one) => commitJson(one, head))),
    ],
    [
      'GET',
      `${base}/commits/:commit/pulls`,
      ({ commit = '' }, asked) =>
        pageOf(
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
        const made = world.comment(pull, world.tokenOf, published(written, asked).body)
        return { status: 201, body: commentJson(world, pull, made) }
      }),
    ],
    [
      'PATCH',
      `${base}/issues/comments/:id`,
      ({ id }, asked) => edited(world, Number(id), published(written, asked).body),
    ],
    ['GET', `${base}/branches/*name`, ({ name = '' }) => branchOf(world, name)],
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
    if (asked.authorization !== `Bearer ${world.token}`) return failed(401, 'Bad credentials')
    if (asked.headers['x-github-api-version'] !== '2022-11-28') throw new Unpublished('no version of the API')
    return answer(asked)
  }
}

const failed = (status: number, message: string): Answer => ({
  status,
  body: { message, documentation_url: 'https://docs.github.com/rest' },
})
const MISSING = failed(404, 'Not Found')

function selfOf({ mayAskSelf, tokenOf }: ForgeWorld): Answer {
  return mayAskSelf ? { status: 200, body: user(tokenOf) } : failed(403, 'Resource not accessible by integration')
}

/** Whoever may write to the repository may edit the comments of others. */
function edited(world: ForgeWorld, id: number, body: string): Answer {
  const at = [...world.pulls.values()].flatMap((pull) =>
    pull.comments.filter((one) => one.id === id).map((comment) => ({ pull, comment })),
  )[0]
  if (at === undefined) return MISSING
  world.edit(at.comment, body)
  return { status: 200, body: commentJson(world, at.pull, at.comment) }
}

function branchOf({ branches }: ForgeWorld, name: string): Answer {
  const sha = branches.get(name)
  return sha === undefined ? failed(404, 'Branch not found') : { status: 200, body: { name, commit: { sha } } }
}

function fileOf({ files }: ForgeWorld, path: string, commit: string): Answer {
  const text = files.get(commit)?.get(path)
  if (text === undefined) return MISSING
  const content = Buffer.from(text).toString('base64').replace(/.{60}/g, '$&\n')
  return { status: 200, body: { type: 'file', encoding: 'base64', size: text.length, content } }
}

const fileJson = ({ path: filename, before }: Pull['files'][number]): Json => ({
  filename,
  status: before === undefined ? 'modified' : 'renamed',
  ...(before === undefined ? {} : { previous_filename: before }),
})

const commitJson = ({ author, email, by = author, byEmail = email }: Pull['commits'][number], sha: string): Json => ({
  sha,
  commit: { author: { email }, committer: { email: byEmail } },
  author: author === undefined ? null : user(author),
  committer: by === undefined ? null : user(by),
})

/** A page of a list, with the links to the others (docs.github.com, Using pagination in the REST API). */
function pageOf(asked: AskedService, list: readonly Json[], origin: string): Answer {
  const url = `${origin}${asked.what.replace(/^GET \/repos\/[^/]+\/[^/]+/, '/repositories/7')}`
  requireQuery(asked, ['per_page', 'page'])
  const size = Math.min(Number(asked.query.get('per_page') ?? 30), 100)
  const page = Number(asked.query.get('page') ?? 1)
  const last = Math.max(1, Math.ceil(list.length / size))
  const link = (rel: string, to: number): string => `<${url}?per_page=${size}&page=${to}>; rel="${rel}"`
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

const user = ({ id, login }: Account): { readonly id: number; readonly login: string } => ({ id, login })

function pullJson(world: ForgeWorld, pull: Pull): Json {
  const own = { id: 7, full_name: world.repository }
  return {
    number: pull.number,
    state: pull.isMerged || pull.isClosed === true ? 'closed' : 'open',
    user: pull.author === undefined ? null : user(pull.author),
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

function reviewJson({ id, user: by, body, state, at, commit }: Review): Json {
  const submitted = state === 'PENDING' ? {} : { submitted_at: at }
  return { id, user: by === undefined ? null : user(by), body, state, commit_id: commit, ...submitted }
}

function commentJson(world: ForgeWorld, { number }: Pull, { id, author, body, created, updated }: Comment): Json {
  return {
    id,
    html_url: `https://github.com/${world.repository}/pull/${number}#issuecomment-${id}`,
    user: author === undefined ? null : user(author),
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
