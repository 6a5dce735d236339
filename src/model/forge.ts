/** The forges whose pull requests and merge requests are read. */
export const FORGE_KINDS = ['github', 'gitlab'] as const

/** One of them. */
export type ForgeKind = (typeof FORGE_KINDS)[number]

/** An account of a forge. Its number stays when it gets another login, and a login may be given to somebody else. */
export interface ForgeAccount {
  readonly id: number
  readonly login: string
}

/** A comment on a pull request. Times are ISO 8601 in UTC, as the forge writes them. */
export interface ForgeComment {
  readonly id: number
  /** Its address for people, which a review may name it by. */
  readonly url: string
  /** Absent where the account is gone. */
  readonly author?: ForgeAccount
  readonly body: string
  readonly createdAt: string
  readonly updatedAt: string
}

/** What a reviewer has last said, or said before. */
export interface ForgeReview {
  readonly id: string
  /** Absent where the account is gone. */
  readonly account?: ForgeAccount
  readonly state: 'approved' | 'changes-requested' | 'dismissed'
  /** When it was submitted, ISO 8601 in UTC. */
  readonly at: string
  /** The commit that was reviewed, where the forge says. */
  readonly commit?: string
  /** What the reviewer wrote with it, each with its time. */
  readonly texts: readonly { readonly at: string; readonly body: string }[]
}

/** A pull request, or a merge request of GitLab. */
export interface ForgePull {
  readonly number: number
  readonly author?: ForgeAccount
  /** The last commit of its branch. */
  readonly head: string
  /** The branch that it is to go into, or has gone into. */
  readonly base: string
  readonly isMerged: boolean
  /** Closed, and not merged: nobody wants it any more. */
  readonly isClosed: boolean
  /** The commit that the merge made, or the last one of it. */
  readonly mergeCommit?: string
  /** Whether its branch is in another repository. */
  readonly isFork: boolean
}

/** Who is known to have written the commits of a pull request. */
export interface ForgeAuthors {
  readonly ids: readonly number[]
  /** In lower case. */
  readonly emails: readonly string[]
  /** Those of them that the forge names no account for; an empty one where a commit has none. */
  readonly unlinked: readonly string[]
}

/**
 * What is asked of a forge about one repository. Lists are whole, or it throws. Throws EosflowError: `unreachable`, `lost-answer`, `tls`, `guard`, `unauthenticated`,
 * `refused`, `protocol` where an answer is not of the form that the forge documents.
 */
export interface Forge {
  readonly kind: ForgeKind
  /** `forge:HOST/OWNER/REPO`: what vouches for its reviews. */
  readonly issuer: string
  /** The account that the token belongs to, by its number. */
  self(): Promise<number>
  pull(number: number): Promise<ForgePull>
  /** The pull requests that have brought a commit, by their numbers. */
  pullsOf(commit: string): Promise<readonly number[]>
  /** The paths that a pull request changes, those before a renaming too. */
  files(number: number): Promise<readonly string[]>
  authors(pull: ForgePull): Promise<ForgeAuthors>
  defaultBranch(): Promise<string>
  /** The commit at the end of a branch. */
  branchHead(branch: string): Promise<string>
  /** A file of a commit, by its path; undefined where there is none. */
  file(path: string, commit: string): Promise<string | undefined>
  comments(number: number): Promise<readonly ForgeComment[]>
  create(number: number, body: string): Promise<ForgeComment>
  edit(number: number, comment: number, body: string): Promise<ForgeComment>
  /** In the order in which they were submitted. */
  reviews(pull: ForgePull): Promise<readonly ForgeReview[]>
}
