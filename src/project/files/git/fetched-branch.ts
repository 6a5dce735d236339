import { EosflowError } from '../../../model/error.ts'
import type { Git, GitTransport } from '../../system/machine/git.ts'
import { inputError } from '../../system/process/input-error.ts'
import type { GitSettings } from '../settings/event-settings.ts'

/** Gives where it is kept: under `refs/eosflow/`, so that nothing that people work with moves. Throws InputError for a remote that is not there or is reached in a way that is not taken, and `unreachable`. */
export async function fetchedBranch(git: Git, { remote, ref }: GitSettings): Promise<string> {
  const found = await git({ args: ['remote', 'get-url', remote] })
  if (found.code === NO_REMOTE) throw badRemote(`there is no remote \`${remote}\` in the repository of the project`)
  if (found.code !== 0) throw badRemote(`the repository of the project cannot be read: ${found.said}`)
  const address = found.out.toString().trim()
  const over = transportOf(address)
  if (over === undefined) throw badRemote(`the remote \`${remote}\` is neither of https, nor of ssh, nor a folder`)
  if (over === 'https') await requireVerified(git, remote, address)
  const kept = ref.replace(/^refs\//, 'refs/eosflow/')
  const options = ['--no-tags', '--no-recurse-submodules', '--no-write-fetch-head', '--no-prune', '--refmap=']
  // Of a folder it would be a program here, and of ssh one over there.
  if (over === 'file') options.push('--upload-pack=git-upload-pack')
  const { code, said } = await git({ args: ['fetch', '--quiet', ...options, '--', remote, `+${ref}:${kept}`], over })
  if (code === 0) return kept
  throw new EosflowError('unreachable', `the branch ${ref} cannot be fetched from ${remote}: ${said}`, {
    retryable: true,
  })
}

// The code of git-remote(1) for a remote that is not there.
const NO_REMOTE = 2

/** Whether `git` verifies the certificate of an address: `http.<url>.sslVerify` goes before what any option says (git-config(1), `http.<url>.*`). */
export async function isVerified(git: Git, address: string): Promise<boolean> {
  const { out } = await git({ args: ['config', '--bool', '--get-urlmatch', 'http.sslVerify', address] })
  return out.toString().trim() === 'true'
}

async function requireVerified(git: Git, remote: string, address: string) {
  if (await isVerified(git, address)) return
  throw badRemote(`the certificate of the remote \`${remote}\` is not verified: the clone sets http.<url>.sslVerify`)
}

/** How an address is reached (git-fetch(1), GIT URLS). Of the ways only the one of the remote is open; those that run a program never are. */
export function transportOf(address: string): GitTransport | undefined {
  if (address.includes('::')) return undefined
  if (address.startsWith('https://')) return 'https'
  if (address.startsWith('ssh://')) return 'ssh'
  if (/^(?:file:\/\/|\.{0,2}\/)/.test(address)) return 'file'
  return /^[^/:]+:/.test(address) && !address.includes('://') ? 'ssh' : undefined
}

function badRemote(message: string) {
  return inputError('eosflow.yaml', 'git-remote', message, 'Check `project: git: remote` with `git remote -v`.')
}
