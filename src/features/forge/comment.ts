import { EosflowError } from '../../model/error.ts'
import type { Forge, ForgeComment, ForgePull } from '../../model/forge.ts'
import type { Host } from '../../project/system/process/host.ts'
import { noSeams } from '../../project/system/process/seams.ts'
import { commentBody, hasMark, isSameBody } from '../../report/forge-comment.ts'

interface CommentRequest {
  readonly number: number
  readonly name: string
  readonly markdown: string
  // The number of the account that writes comments; absent: that of the token.
  readonly account: number | undefined
}

interface ShownComment {
  readonly did: 'created' | 'updated' | 'unchanged'
  readonly id: number
  readonly url: string
}

// How often a comment whose answer was lost is looked for, a second apart.
const LOOKS = 3

/** A comment of another account is never touched, whatever mark it has. Where the answer to a new one is lost the comment is looked for, and no second one is sent. */
export async function showComment(app: Host, forge: Forge, request: CommentRequest): Promise<ShownComment> {
  const { number, name } = request
  const body = app.scrubber.scrub(commentBody(name, request.markdown))
  const account = request.account ?? (await forge.self())
  const [own] = await commentsOf(forge, { number, name, account })
  if (own === undefined) return { did: 'created', ...(await created(app, forge, { number, name, account }, body)) }
  if (isSameBody(own.body, body)) return { did: 'unchanged', id: own.id, url: own.url }
  return { did: 'updated', ...(await updated(forge, { number, name, account }, own.id, body)) }
}

interface OwnComments extends Pick<CommentRequest, 'number' | 'name'> {
  readonly account: number
}

/** The comments of a name that one account has written on a pull request, the oldest first. */
export async function commentsOf(
  forge: Forge,
  { number, name, account }: OwnComments,
): Promise<readonly ForgeComment[]> {
  const all = await forge.comments(number)
  return all.filter(({ author, body }) => author?.id === account && hasMark(body, name)).toSorted((a, b) => a.id - b.id)
}

async function created(
  app: Host,
  forge: Forge,
  asked: OwnComments,
  body: string,
): Promise<Pick<ShownComment, 'id' | 'url'>> {
  try {
    const { id, url, author } = await forge.create(asked.number, body)
    requireOwn(author?.id, asked.account)
    return { id, url }
  } catch (error) {
    if (!isLost(error)) throw error
    const { clock } = app.seams ?? noSeams
    for (let look = 0; look < LOOKS; look += 1) {
      const [found] = (await commentsOf(forge, asked)).filter((one) => isSameBody(one.body, body))
      if (found !== undefined) return { id: found.id, url: found.url }
      await clock.sleep(1000)
    }
    throw error
  }
}

async function updated(
  forge: Forge,
  asked: OwnComments,
  comment: number,
  body: string,
): Promise<Pick<ShownComment, 'id' | 'url'>> {
  try {
    const { id, url } = await forge.edit(asked.number, comment, body)
    return { id, url }
  } catch (error) {
    if (!isLost(error)) throw error
    const found = (await commentsOf(forge, asked)).find(({ id }) => id === comment)
    if (found !== undefined && isSameBody(found.body, body)) return { id: found.id, url: found.url }
    throw error
  }
}

const isLost = (error: unknown) => error instanceof EosflowError && error.kind === 'lost-answer'

// A comment of another account than was said would never be found again: each run would write one more.
function requireOwn(found: number | undefined, account: number) {
  if (found === account) return
  throw new EosflowError('refused', `the comment is of the account ${found ?? 'nobody'}, and not of ${account}`, {
    hint: 'Name the account that the token writes as, and delete the comment that was made.',
  })
}

export type NamedPull = number | { readonly mergedAs: string }

/** Throws `not-approved` where the commit was not brought by exactly one, and as {@link Forge}. */
export async function pullNamed(forge: Forge, named: NamedPull): Promise<ForgePull> {
  if (typeof named === 'number') return forge.pull(named)
  const { mergedAs: commit } = named
  const numbers = await forge.pullsOf(commit)
  const pulls = await Promise.all(numbers.map((number) => forge.pull(number)))
  const [found, ...others] = pulls.filter(({ isMerged, mergeCommit }) => isMerged && mergeCommit === commit)
  if (found !== undefined && others.length === 0) return found
  const count = found === undefined ? 'no' : 'more than one'
  throw new EosflowError('not-approved', `the commit ${commit} was brought by ${count} pull request`, {
    hint: 'Nothing was approved, and nothing was written there.',
  })
}
