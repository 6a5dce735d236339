import type { GitSettings } from '../../inventory/git-settings.ts'
import { EosflowError } from '../../model/error.ts'
import { problemOf } from '../../model/problem.ts'
import type { Git, GitTransport } from '../../system/git.ts'
import { InputError } from '../input-error.ts'

/**
 * Fetches the branch of the settings. Gives where it is kept: under `refs/eosflow/`, so that nothing that people work with moves. Throws
 * InputError for a remote that is not there or is reached in a way that is not taken, and `unreachable`.
 */
export async function fetchedBranch(git: Git, { remote, ref }: GitSettings): Promise<string> {
  const address = await git({ args: ['remote', 'get-url', remote] })
  if (address.code !== 0) throw badRemote(`there is no remote \`${remote}\` in the repository of the project`)
  const over = transportOf(address.out.toString().trim())
  if (over === undefined) throw badRemote(`the remote \`${remote}\` is neither of https, nor of ssh, nor a folder`)
  const kept = ref.replace(/^refs\//, 'refs/eosflow/')
  const options = ['--no-tags', '--no-recurse-submodules', '--no-write-fetch-head', '--no-prune', '--refmap=']
  const { code, said } = await git({ args: ['fetch', '--quiet', ...options, '--', remote, `+${ref}:${kept}`], over })
  if (code === 0) return kept
  throw new EosflowError('unreachable', `the branch ${ref} cannot be fetched from ${remote}: ${said}`, {
    retryable: true,
  })
}

/** How an address is reached (git-fetch(1), GIT URLS). Of the ways only the one of the remote is open; those that run a program never are. */
function transportOf(address: string): GitTransport | undefined {
  if (address.includes('::')) return undefined
  if (address.startsWith('https://')) return 'https'
  if (address.startsWith('ssh://')) return 'ssh'
  if (/^(?:file:\/\/|\.{0,2}\/)/.test(address)) return 'file'
  return /^[^/:]+:/.test(address) && !address.includes('://') ? 'ssh' : undefined
}

function badRemote(message: string): InputError {
  return new InputError([
    problemOf('eosflow.yaml', 'git-remote', message, 'Check `project: git: remote` with `git remote -v`.'),
  ])
}
