import { type Answer, type AskedService, Unpublished } from '../../project/execution/around/loopback-service.ts'

/** An account of a forge. */
export interface Account {
  readonly id: number
  login: string
}

/** A comment, or a note of GitLab. */
export interface Comment {
  readonly id: number
  author: Account | undefined
  body: string
  readonly created: string
  updated: string
  readonly isSystem?: true
}

/** A review of GitHub. */
export interface Review {
  readonly id: number
  user: Account | undefined
  readonly body: string
  state: 'APPROVED' | 'CHANGES_REQUESTED' | 'COMMENTED' | 'DISMISSED' | 'PENDING'
  readonly at: string
  readonly commit: string
}

/** A pull request, or a merge request. */
export interface Pull {
  readonly number: number
  author: Account | undefined
  head: string
  base: string
  isMerged: boolean
  /** Closed, and not merged. */
  isClosed?: boolean
  mergeCommit?: string
  isFork: boolean
  files: { readonly path: string; readonly before?: string }[]
  /** Who has committed each is its author where nothing else is said. */
  commits: { readonly author?: Account; readonly email: string; readonly by?: Account; readonly byEmail?: string }[]
  readonly comments: Comment[]
  readonly reviews: Review[]
  /** Who approves now, on GitLab. */
  approvedBy: Account[]
  /** Who asks for changes, on GitLab. */
  readonly asking: Account[]
  readonly versions: { readonly at: string; readonly head: string }[]
}

/** The people of the tests. The number of the first is that of `github-actions[bot]` on github.com. */
export const PEOPLE = {
  bot: { id: 41_898_282, login: 'github-actions[bot]' },
  ada: { id: 101, login: 'ada' },
  bob: { id: 102, login: 'bob' },
  carol: { id: 103, login: 'carol' },
  mallory: { id: 666, login: 'mallory' },
} as const satisfies Readonly<Record<string, Account>>

/** A commit by a word: 40 hex digits. */
export function commitOf(word: string) {
  return Buffer.from(word.padEnd(20, '.').slice(0, 20)).toString('hex')
}

/** What a forge holds of one repository, whichever API shows it. Its clock goes on by a second with each thing that somebody does. */
export class ForgeWorld {
  readonly repository = 'acme/network'
  readonly defaultBranch = 'main'
  readonly pulls = new Map<number, Pull>()
  readonly branches = new Map<string, string>()
  /** The files of commits: commit, then path. */
  readonly files = new Map<string, Map<string, string>>()
  /** Which pull requests have brought a commit. */
  readonly broughtBy = new Map<string, number[]>()
  /** Who writes by the token. */
  tokenOf: Account = { ...PEOPLE.bot }
  /** Whether the token may ask who it is: those of jobs of GitHub may not. */
  mayAskSelf = true
  readonly token = 'forge-token-0123456789'
  private ids = 1000

  private time: number

  constructor(time: number = Date.now() - 600_000) {
    this.time = time
  }

  /** Now, a second later than the last time. GitHub writes no fractions of a second. */
  tick(): string {
    this.time += 1000
    return new Date(this.time).toISOString().replace(/\.\d{3}Z$/, 'Z')
  }

  id(): number {
    this.ids += 1
    return this.ids
  }

  /** Ends a branch in a commit with these files. */
  branch(name: string, commit: string, files: Readonly<Record<string, string>>): void {
    this.branches.set(name, commit)
    this.files.set(commit, new Map(Object.entries(files)))
  }

  pull(number: number, given: Partial<Pull> = {}): Pull {
    const head = given.head ?? commitOf(`head of ${number}`)
    const made: Pull = {
      number,
      author: PEOPLE.ada,
      head,
      base: this.defaultBranch,
      isMerged: false,
      isFork: false,
      files: [{ path: 'changes/vlan140.yaml' }],
      commits: [{ author: PEOPLE.ada, email: 'ada@example.org' }],
      comments: [],
      reviews: [],
      approvedBy: [],
      asking: [],
      versions: [{ at: this.tick(), head }],
      ...given,
    }
    this.pulls.set(number, made)
    return made
  }

  /** Pushes to the branch of a pull request. */
  push(pull: Pull, head: string): void {
    pull.head = head
    pull.versions.unshift({ at: this.tick(), head })
  }

  merge(pull: Pull, commit = commitOf(`merge of ${pull.number}`), files?: Readonly<Record<string, string>>): string {
    pull.isMerged = true
    pull.mergeCommit = commit
    const before = this.files.get(this.branches.get(pull.base) ?? '') ?? new Map()
    this.branch(pull.base, commit, files ?? Object.fromEntries(before))
    this.broughtBy.set(commit, [pull.number])
    return commit
  }

  comment(pull: Pull, author: Account | undefined, body: string): Comment {
    const at = this.tick()
    const made: Comment = { id: this.id(), author, body, created: at, updated: at }
    pull.comments.push(made)
    return made
  }

  edit(comment: Comment, body: string): void {
    comment.body = body
    comment.updated = this.tick()
  }

  /** A review on GitHub; on GitLab the approval and a note with its words. */
  review(pull: Pull, user: Account, state: Review['state'], body: string, commit = pull.head): Review {
    if (state === 'APPROVED' || state === 'COMMENTED') {
      if (body !== '') this.note(pull, user, body)
      if (state === 'APPROVED') this.approve(pull, user)
    }
    if (state === 'CHANGES_REQUESTED') pull.asking.push(user)
    const made: Review = { id: this.id(), user, body, state, at: this.tick(), commit }
    pull.reviews.push(made)
    return made
  }

  /** Takes a review back: GitHub calls that dismissed, GitLab unapproved. */
  dismiss(pull: Pull, review: Review): void {
    review.state = 'DISMISSED'
    const { user } = review
    if (user === undefined) return
    pull.approvedBy = pull.approvedBy.filter(({ id }) => id !== user.id)
    this.system(pull, user, 'unapproved this merge request')
  }

  readonly notes = new Map<number, Comment[]>()

  private note(pull: Pull, author: Account, body: string): void {
    const at = this.tick()
    this.notesOf(pull).push({ id: this.id(), author, body, created: at, updated: at })
  }

  private system(pull: Pull, author: Account, body: string): void {
    const at = this.tick()
    this.notesOf(pull).push({ id: this.id(), author, body, created: at, updated: at, isSystem: true })
  }

  notesOf({ number }: Pull): Comment[] {
    const kept = this.notes.get(number) ?? []
    this.notes.set(number, kept)
    return kept
  }

  private approve(pull: Pull, user: Account): void {
    pull.approvedBy = [...pull.approvedBy.filter(({ id }) => id !== user.id), user]
    this.system(pull, user, 'approved this merge request')
  }
}

/** One operation of an API: its method, its path with `:name` for a segment and `*name` for the rest, and what answers it. */
export type Route = readonly [
  method: string,
  path: string,
  answer: (at: Readonly<Record<string, string>>, asked: AskedService) => Answer,
]

/** Answers by the first route that fits. Throws Unpublished for an operation that is in none. */
export function routed(routes: readonly Route[]): (asked: AskedService) => Answer {
  const compiled = routes.map(([method, path, answer]) => {
    const source = path
      .replace(/[.]/g, '\\.')
      .replace(/:(\w+)/g, '(?<$1>[^/]+)')
      .replace(/\*(\w+)/g, '(?<$1>.+)')
    return { method, pattern: new RegExp(`^${source}$`), answer }
  })
  return (asked) => {
    const [method = '', path = ''] = asked.what.split(' ')
    for (const one of compiled) {
      const found = one.method === method ? one.pattern.exec(path) : null
      if (found === null) continue
      const at = Object.fromEntries(
        Object.entries(found.groups ?? {}).map(([key, text]) => [key, decodeURIComponent(text)]),
      )
      return one.answer(at, asked)
    }
    throw new Unpublished('no such operation')
  }
}
