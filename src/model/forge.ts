export const FORGE_KINDS = ['github', 'gitlab'] as const

export type ForgeKind = (typeof FORGE_KINDS)[number]

export interface ForgeAccount {
  readonly id: number
  readonly login: string
}

/** Times are ISO 8601 in UTC, as the forge writes them. */
export interface ForgeComment {
  readonly id: number
  readonly url: string
  readonly author?: ForgeAccount
  readonly body: string
  readonly createdAt: string
  readonly updatedAt: string
}

export interface ForgeReview {
  readonly id: string
  readonly account?: ForgeAccount
  readonly state: 'approved' | 'changes-requested' | 'dismissed'
  /** When it was submitted, ISO 8601 in UTC. */
  readonly at: string
  readonly commit?: string
  readonly texts: readonly { readonly at: string; readonly body: string }[]
}

export interface ForgePull {
  readonly number: number
  readonly author?: ForgeAccount
  readonly head: string
  readonly base: string
  readonly isMerged: boolean
  readonly isClosed: boolean
  readonly mergeCommit?: string
  readonly isFork: boolean
}

export interface ForgeAuthors {
  readonly ids: readonly number[]
  readonly emails: readonly string[]
  /** Those of them that the forge names no account for; an empty one where a commit has none. */
  readonly unlinked: readonly string[]
}

/** Throws EosflowError: `unreachable`, `lost-answer`, `tls`, `guard`, `unauthenticated`, `refused`, `protocol` where an answer is not of the form that the forge documents. */
export interface Forge {
  readonly kind: ForgeKind
  readonly issuer: string
  self(): Promise<number>
  pull(number: number): Promise<ForgePull>
  pullsOf(commit: string): Promise<readonly number[]>
  /** The paths that a pull request changes, those before a renaming too. */
  files(number: number): Promise<readonly string[]>
  authors(pull: ForgePull): Promise<ForgeAuthors>
  defaultBranch(): Promise<string>
  branchHead(branch: string): Promise<string>
  /** A file of a commit, by its path; undefined where there is none. */
  file(path: string, commit: string): Promise<string | undefined>
  comments(number: number): Promise<readonly ForgeComment[]>
  create(number: number, body: string): Promise<ForgeComment>
  edit(number: number, comment: number, body: string): Promise<ForgeComment>
  reviews(pull: ForgePull): Promise<readonly ForgeReview[]>
}
