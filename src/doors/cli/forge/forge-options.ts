import type { NamedPull } from '../../../features/forge/comment.ts'
import type { ForgeKind } from '../../../model/forge.ts'
import { problemOf } from '../../../model/problem.ts'
import { InputError } from '../../../project/system/process/input-error.ts'
import type { CommandOption } from '../option/command.ts'
import { text } from '../option/options.ts'
import type { Invocation } from '../terminal/io.ts'

export const forgeOptions: readonly CommandOption[] = [
  {
    flags: '--url <url>',
    description: 'the base of the API of the forge; default: what the pipeline says, else the public one',
  },
  { flags: '--repo <owner/name>', description: 'the repository; default: that of the pipeline' },
  {
    flags: '--token <reference>',
    description: 'where the token is, as in the inventory; default: ${env:GITHUB_TOKEN} or ${env:GITLAB_TOKEN}',
  },
  { flags: '--ca <file>', description: 'the authority that has signed the certificate of the forge' },
  {
    flags: '--account <number>',
    description:
      'the account that writes the comments, where its token may not ask who it is; 41898282 in GitHub Actions',
  },
  {
    flags: '--name <name>',
    description: 'which comment of eosflow it is, where a pull request has several; default: plan',
  },
]

/** The account that writes comments; undefined for that of the token. Throws InputError. */
export function givenAccount({ options }: Invocation): number | undefined {
  return wholeNumber('--account', options.account)
}

/** Throws InputError. */
export function givenPull({ options }: Invocation, kind: ForgeKind): NamedPull {
  const flag = kind === 'github' ? '--pr' : '--mr'
  const number = wholeNumber(options.mr === undefined ? '--pr' : '--mr', options.mr ?? options.pr)
  const commit = text(options.merged)
  if ((number === undefined) === (commit === undefined)) {
    const hint = `Name it: ${flag} 7, or --merged COMMIT for the one that a commit of the base branch has come from.`
    throw new InputError([problemOf(flag, 'no-number', `exactly one ${WORDS[kind]} must be named`, hint)])
  }
  if (number !== undefined) return number
  if (/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(commit ?? '')) return { mergedAs: commit ?? '' }
  throw new InputError([
    problemOf('--merged', 'bad-commit', `it is no whole commit: ${commit}`, 'Write all its digits.'),
  ])
}

const WORDS = { github: 'pull request', gitlab: 'merge request' } as const

/** Throws InputError. */
export function givenName({ options }: Invocation): string {
  const name = text(options.name) ?? 'plan'
  if (isCommentName(name)) return name
  const hint = 'Lower-case letters, digits, `.`, `_` and single `-`, at most 64.'
  throw new InputError([problemOf('--name', 'bad-name', `it cannot name a comment: ${name}`, hint)])
}

function wholeNumber(flag: string, given: unknown) {
  const typed = text(given)
  if (typed === undefined) return undefined
  if (/^[1-9]\d{0,14}$/.test(typed)) return Number(typed)
  throw new InputError([problemOf(flag, 'bad-number', `it is no number: ${typed}`)])
}

function isCommentName(name: string) {
  return /^[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?$/.test(name) && !name.includes('--')
}
