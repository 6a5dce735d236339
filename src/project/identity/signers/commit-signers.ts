import { shortCommit } from '../../../model/commit-id.ts'
import { EosflowError } from '../../../model/error.ts'
import { definedMembers } from '../../../model/json.ts'
import { objectsOf } from '../../files/git/git-objects.ts'
import type { Git } from '../../system/machine/git.ts'
import type { AllowedSigner } from '../ssh/ssh-allowed-signers.ts'
import { type SshPrograms, verifySsh } from '../ssh/ssh-keygen.ts'

// The namespace in which Git signs (git-config(1), `gpg.ssh.program`; PROTOCOL.sshsig).
const GIT_NAMESPACE = 'git'

// So many commits are verified for one event, and so many bytes of them read.
const MOST_COMMITS = 1_000
const MOST_BYTES = 8 * 1_048_576

// So many are verified without a pause: some 15 ms.
const AT_ONCE = 50

/** `now` is in milliseconds since the epoch: a key has to be valid now, and when it signed. */
export interface CommitTrust {
  readonly signers: readonly AllowedSigner[]
  readonly programs: SshPrograms
  readonly now: number
  pause(): Promise<void>
}

/**
 * The names of the people who have signed a commit and every commit before it that is not among `known`. Throws `not-authorised` for the
 * first that nobody of the trust file has signed, and `guard` where there are too many.
 */
export async function commitSigners(
  git: Git,
  commit: string,
  known: readonly string[],
  trust: CommitTrust,
): Promise<readonly string[]> {
  const listed = await commitsBehind(git, commit, known)
  const objects = await objectsOf(git, 'commit', [...listed.keys()], MOST_BYTES)
  const names = new Set<string>()
  for (const [index, [id, parents]] of [...listed].entries()) {
    if (index % AT_ONCE === AT_ONCE - 1) await trust.pause()
    names.add(await whoSigned({ id, parents }, objects.get(id) ?? Buffer.alloc(0), trust))
  }
  return [...names]
}

// The parents of a commit as Git follows them; undefined where that is not asked, because they are known.
type Followed = readonly string[] | undefined

// A commit and those before it, the newest first, each with its parents: a signature of the newest says nothing of what a merge button has put
// under it.
async function commitsBehind(
  git: Git,
  commit: string,
  known: readonly string[],
): Promise<ReadonlyMap<string, Followed>> {
  const without = known.map((one) => `^${one}`)
  const listed = await git({
    args: ['rev-list', '--parents', `--max-count=${MOST_COMMITS + 1}`, commit, ...without, '--'],
  })
  if (listed.code !== 0) throw new EosflowError('stale', `the commits before ${shortCommit(commit)} cannot be listed`)
  const lines = listed.out.toString().split('\n').filter(Boolean)
  const followed = lines.map((line): [string, Followed] => {
    const [id = '', ...parents] = line.split(' ')
    return [id, parents]
  })
  if (followed.length <= MOST_COMMITS) return new Map([[commit, undefined], ...followed])
  throw new EosflowError(
    'guard',
    `more than ${MOST_COMMITS.toLocaleString('en')} commits are new since the last that was planned`,
    { hint: 'Review them and bring them into the folder of the project with git pull: what is there counts as known.' },
  )
}

async function whoSigned(
  { id, parents: followed }: { readonly id: string; readonly parents: Followed },
  raw: Buffer,
  { signers, programs, now }: CommitTrust,
) {
  const { payload, signature, parents, at } = readCommitObject(raw, id)
  if (signature === undefined) throw unsigned(id, 'it has no signature, or more than one')
  const message = payload.toString('utf8')
  if (at === undefined || !Buffer.from(message).equals(payload)) throw unsigned(id, 'it has no time, or is no UTF-8')
  // A field before its parents, a clone with --depth and a graft hide commits: what lies behind those was not verified.
  if (followed !== undefined && followed.join() !== parents.join())
    throw unsigned(id, 'the commits before it are not those that it was signed with, or not all here')
  const claim = { message, armored: signature, namespace: GIT_NAMESPACE, signers, times: [at, now] }
  const found = await verifySsh(programs, claim)
  if (found.status !== 'good') throw unsigned(id, found.reason)
  return found.signer.names[0]
}

function unsigned(id: string, reason: string) {
  return new EosflowError(
    'not-authorised',
    `the commit ${shortCommit(id)} is not signed by a key of trust/allowed_signers: ${reason}`,
    { hint: 'Sign it with a key that has namespaces="git" there: git commit --gpg-sign with gpg.format=ssh.' },
  )
}

interface CommitObject {
  readonly payload: Buffer
  readonly signature?: string
  // The commits that it says it was made from: what is signed names them all, wherever it does.
  readonly parents: readonly string[]
  // When it says that it was made, milliseconds since the epoch; absent where it does not.
  readonly at?: number
}

/**
 * Takes a commit apart (gitformat-signature(5)): the field `gpgsig`, in a repository of SHA-256 `gpgsig-sha256`, holds the signature, in lines that go on
 * with a blank. Neither field is signed.
 */
export function readCommitObject(raw: Buffer, id: string): CommitObject {
  const end = raw.indexOf('\n\n')
  const [header, rest] = end < 0 ? [raw, Buffer.alloc(0)] : [raw.subarray(0, end), raw.subarray(end)]
  const fields = header.toString('latin1').split(/\n(?! )/)
  const signed = fields.filter((field) => !field.startsWith('gpgsig'))
  const name = `${id.length === 64 ? 'gpgsig-sha256' : 'gpgsig'} `
  const [only, ...others] = fields.filter((field) => field.startsWith(name))
  const at = signed.map(timeIn).find((one) => one !== undefined)
  return {
    payload: Buffer.concat([Buffer.from(signed.join('\n'), 'latin1'), rest]),
    parents: signed.flatMap((field) => (field.startsWith('parent ') ? [field.slice('parent '.length)] : [])),
    ...(only === undefined || others.length > 0
      ? {}
      : { signature: `${only.slice(name.length).replaceAll('\n ', '\n').trimEnd()}\n` }),
    ...definedMembers({ at }),
  }
}

function timeIn(field: string) {
  const seconds = /^committer .*> (\d{1,12}) [+-]\d{4}$/.exec(field)?.[1]
  return seconds === undefined ? undefined : Number(seconds) * 1_000
}
