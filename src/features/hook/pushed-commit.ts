import { markedUnknown } from '../../change/policy/quorum.ts'
import type { EventOf, JournalEvent } from '../../change/record/event/event.ts'
import type { ExecutionSummary, Store } from '../../change/record/store/store.ts'
import { COMMIT_ID, shortCommit } from '../../model/commit-id.ts'
import { EosflowError } from '../../model/error.ts'
import { definedMembers, type Json } from '../../model/json.ts'
import { identityOf, type NamedPerson, type Principal } from '../../model/principal.ts'
import type { App, RecordApp } from '../../project/app/app.ts'
import { reviewPrincipal, sshPrincipal } from '../../project/approval/signer.ts'
import { commitFiles } from '../../project/files/git/commit-files.ts'
import { fetchedBranch } from '../../project/files/git/fetched-branch.ts'
import type { GitSettings, HookSettings } from '../../project/files/settings/event-settings.ts'
import { withFiles } from '../../project/history/bundle/read-bundle.ts'
import { commitSigners } from '../../project/identity/signers/commit-signers.ts'
import { passkeysNow, reviewersNow, trustNow, trustOf } from '../../project/identity/signers/common-server-key.ts'
import { type Git, gitIn } from '../../project/system/machine/git.ts'
import { inputError } from '../../project/system/process/input-error.ts'
import { hookPrincipal } from './hook-keys.ts'

interface PushedCommit {
  readonly app: App
  // Who has signed it, and the commits before it that are new; nobody where the settings ask for no signature.
  readonly signers: readonly NamedPerson[]
  // Keeps in mind that it was planned: those before it are not verified again.
  planned(): Promise<void>
}

/**
 * Fetches the branch of the settings, and requires that the commit is on it, is no older than the last that this sender has had planned, and is signed
 * where the settings demand it. Throws InputError for what is no commit of the branch, `not-authorised` for one that is not signed, `stale`
 * for an older one, `unreachable` and `guard`.
 */
export async function pushedCommit(app: App, hook: string, named: Json | undefined): Promise<PushedCommit> {
  const settings = app.project.settings.project.git
  if (settings === undefined) throw new EosflowError('bug', 'an event names a commit without `project: git`')
  if (typeof named !== 'string' || !COMMIT_ID.test(named)) throw notOn(settings, 'the event names no commit')
  const git = gitIn(app.project.dir, app.env)
  const branch = await fetchedBranch(git, settings)
  const mark = `refs/eosflow/planned/${hook}`
  const last = await idOf(git, mark)
  await requireOnBranch(git, named, branch, settings)
  if (last !== undefined) await requireNotOlder(git, named, last, branch)
  const head = await idOf(git, 'HEAD')
  const known = [last, head].filter((one) => one !== undefined)
  const names = settings.signedBy === 'none' ? [] : await commitSigners(git, named, known, trustIn(app))
  const project = withFiles(app.project, await commitFiles(git, named))
  return {
    app: { ...app, project },
    signers: names.map((name) => {
      const { issuer, id, person = name } = sshPrincipal(name, '')
      return { issuer, id, person }
    }),
    planned: async () => {
      const { code, said } = await git({ args: ['update-ref', mark, named] })
      if (code !== 0) throw new EosflowError('store', `the commit that was planned last cannot be kept: ${said}`)
    },
  }
}

function trustIn({ project, env, clock }: RecordApp) {
  return { signers: trustOf(project), programs: { env }, now: clock.now(), pause: () => clock.sleep(0) }
}

async function idOf(git: Git, name: string) {
  const { code, out } = await git({
    args: ['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`],
  })
  const id = out.toString().trim()
  return code === 0 && COMMIT_ID.test(id) ? id : undefined
}

async function isAncestor(git: Git, older: string, newer: string) {
  return (await git({ args: ['merge-base', '--is-ancestor', older, newer] })).code === 0
}

// An event cannot name what was never merged: a commit of a pull request is in the same repository.
async function requireOnBranch(git: Git, commit: string, branch: string, settings: GitSettings) {
  // The id of a tag leads to a commit, and is none.
  const isThere = (await idOf(git, commit)) === commit
  if (isThere && (await isAncestor(git, commit, branch))) return
  throw notOn(settings, `the commit ${shortCommit(commit)} is not on ${settings.ref} of ${settings.remote}`)
}

async function requireNotOlder(git: Git, commit: string, last: string, branch: string) {
  if (commit === last || !(await isAncestor(git, commit, last)) || !(await isAncestor(git, last, branch))) return
  throw new EosflowError(
    'stale',
    `the commit ${shortCommit(commit)} is older than ${shortCommit(last)}, which was planned already`,
  )
}

function notOn({ ref }: GitSettings, message: string) {
  return inputError('event', 'bad-commit', message, `Send events of pushes to ${ref} alone.`)
}

type Begun = EventOf<'ExecutionStarted'>

const PAGE = 50
const MOST = 1_000

/**
 * Who has signed commits that this sender has had planned for the same workflow, and that no change has brought to the switches since: the next plan
 * brings them too. The newest plan names them all, since it was made like this one.
 */
export async function signersBefore(
  store: Pick<Store, 'executions'>,
  { name, workflow }: Pick<HookSettings, 'name' | 'workflow'>,
  known: readonly NamedPerson[],
): Promise<readonly NamedPerson[]> {
  const sender = identityOf(hookPrincipal(name))
  const done = new Set<string>()
  for await (const { first, last } of newestOf(store)) {
    if (first.type !== 'ExecutionStarted' || first.commit === undefined || first.file !== workflow) continue
    if (isDone(first, last)) done.add(first.commit)
    if (identityOf(first.requester) !== sender) continue
    if (done.has(first.commit)) return []
    const signers = (first.requester.named ?? []).filter(({ issuer }) => issuer === 'ssh')
    return signers.filter(({ id }) => !known.some((one) => one.id === id))
  }
  return []
}

function isDone({ purpose }: Begun, last: JournalEvent) {
  return purpose === 'run' && last.type === 'ExecutionEnded' && DONE.includes(last.outcome)
}

const DONE: readonly string[] = ['succeeded', 'nothing-to-do']

async function* newestOf(store: Pick<Store, 'executions'>): AsyncGenerator<ExecutionSummary> {
  let before: string | undefined
  for (let seen = 0; seen < MOST; seen += PAGE) {
    const page = await store.executions({ limit: PAGE, ...definedMembers({ before }) })
    yield* page
    before = page.at(-1)?.id
    if (page.length < PAGE || before === undefined) return
  }
}

const LOGINS = 5_000
const EXECUTIONS = 1_000

/**
 * The people whom an event names, each marked whom nobody is known by: no login and no execution on record is theirs, no trusted key, and no role of
 * the policy names them. Those whom events named before are not known by that.
 */
export async function withUnknownMarked(
  app: RecordApp,
  named: readonly NamedPerson[],
): Promise<readonly NamedPerson[]> {
  if (named.length === 0) return named
  const { store, project } = app
  const logins = await store.newestOf('LoggedIn', LOGINS)
  const executions = await store.executions({ limit: EXECUTIONS })
  return markedUnknown(named, {
    people: [
      ...logins.map(({ principal }) => principal),
      ...executions.flatMap(({ first }) => (first.type === 'ExecutionStarted' ? [withoutNamed(first.requester)] : [])),
      ...trustNow(project).map(({ names: [name] }) => sshPrincipal(name, '')),
      ...passkeysNow(project),
      ...(reviewersNow(project)?.reviewers ?? []).map(reviewPrincipal),
    ],
    members: Object.values(project.policy()?.policy.roles ?? {}).flatMap(({ members }) => members),
  })
}

function withoutNamed({ named: _, ...requester }: Principal): Principal {
  return requester
}
