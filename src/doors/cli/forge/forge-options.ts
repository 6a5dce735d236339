import { isClear } from '../../../change/inventory/switch/secret-settings.ts'
import type { NamedPull } from '../../../features/forge/comment.ts'
import type { ForgePlace } from '../../../features/forge/open-forge.ts'
import type { ForgeKind } from '../../../model/forge.ts'
import { definedMembers } from '../../../model/json.ts'
import { inputError } from '../../../project/system/process/input-error.ts'
import type { OptionTable } from '../option/command.ts'
import { text } from '../option/options.ts'
import type { Invocation } from '../terminal/io.ts'

export const forgeOptions: OptionTable = {
  '--url <url>': 'the base of the API of the forge; default: what the pipeline says, else the public one',
  '--repo <owner/name>': 'the repository; default: that of the pipeline',
  '--token <reference>': 'where the token is, as in the inventory; default: ${env:GITHUB_TOKEN} or ${env:GITLAB_TOKEN}',
  '--ca <file>': 'the authority that has signed the certificate of the forge',
  '--account <number>':
    'the account that writes the comments, where its token may not ask who it is; 41898282 in GitHub Actions',
  '--name <name>': 'which comment of eosflow it is, where a pull request has several; default: plan',
}

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
    throw inputError(
      flag,
      'no-number',
      `exactly one ${WORDS[kind]} must be named`,
      `Name it: ${flag} 7, or --merged COMMIT for the one that a commit of the base branch has come from.`,
    )
  }
  if (number !== undefined) return number
  if (/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(commit ?? '')) return { mergedAs: commit ?? '' }
  throw inputError('--merged', 'bad-commit', `it is no whole commit: ${commit}`, 'Write all its digits.')
}

const WORDS = { github: 'pull request', gitlab: 'merge request' } as const

/** Throws InputError. */
export function givenName({ options }: Invocation): string {
  const name = text(options.name) ?? 'plan'
  if (isCommentName(name)) return name
  throw inputError(
    '--name',
    'bad-name',
    `it cannot name a comment: ${name}`,
    'Lower-case letters, digits, `.`, `_` and single `-`, at most 64.',
  )
}

function wholeNumber(flag: string, given: unknown) {
  const typed = text(given)
  if (typed === undefined) return undefined
  if (/^[1-9]\d{0,14}$/.test(typed)) return Number(typed)
  throw inputError(flag, 'bad-number', `it is no number: ${typed}`)
}

function isCommentName(name: string) {
  return /^[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?$/.test(name) && !name.includes('--')
}

const JOBS = {
  github: {
    url: 'GITHUB_API_URL',
    repository: 'GITHUB_REPOSITORY',
    token: '${env:GITHUB_TOKEN}',
    api: 'https://api.github.com',
  },
  gitlab: {
    url: 'CI_API_V4_URL',
    repository: 'CI_PROJECT_PATH',
    token: '${env:GITLAB_TOKEN}',
    api: 'https://gitlab.com/api/v4',
  },
} as const

/** Throws InputError. */
export function forgePlace({ io, options }: Invocation, kind: ForgeKind): ForgePlace {
  const job = JOBS[kind]
  const ca = text(options.ca)
  return {
    kind,
    ...apiIn(text(options.url) ?? io.env[job.url] ?? job.api),
    repository: repositoryIn(text(options.repo) ?? io.env[job.repository] ?? '', kind),
    token: text(options.token) ?? job.token,
    ...definedMembers({ ca }),
  }
}

function apiIn(typed: string): Pick<ForgePlace, 'api' | 'host' | 'web'> {
  const url = URL.canParse(typed) ? new URL(typed) : undefined
  const isPlain = url !== undefined && `${url.username}${url.password}${url.search}${url.hash}` === ''
  if (!isPlain || !/^https?:$/.test(url.protocol)) {
    throw inputError(
      '--url',
      'bad-url',
      `it is no address of an API: ${typed}`,
      'Name the base of the API: https://api.github.com, https://github.example/api/v3, https://gitlab.example/api/v4',
    )
  }
  if (isClear(typed)) {
    throw inputError('--url', 'clear-url', `the token would go over the network in clear: ${typed}`, 'Write https.')
  }
  const path = url.pathname.replace(/\/+$/, '')
  return {
    api: `${url.origin}${path}`,
    host: url.host === 'api.github.com' ? 'github.com' : url.host,
    // The pages of an instance below a path are below it, too.
    web: `${url.origin}${path.replace(/\/api\/v[34]$/, '')}`,
  }
}

function repositoryIn(typed: string, kind: ForgeKind) {
  const parts = typed.split('/')
  const isNamed = parts.every((part) => /^[A-Za-z0-9_.-]+$/.test(part) && !/^\.+$/.test(part))
  if (isNamed && (parts.length === 2 || (kind === 'gitlab' && parts.length > 2))) return typed
  const message = typed === '' ? 'nothing says which repository is meant' : `it is no OWNER/REPO: ${typed}`
  throw inputError(
    '--repo',
    'bad-repository',
    message,
    `Name it: --repo acme/network. A pipeline has it in ${JOBS[kind].repository}.`,
  )
}
