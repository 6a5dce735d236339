import { isClear } from '../../../change/inventory/switch/origin.ts'
import type { ForgePlace } from '../../../features/forge/open-forge.ts'
import { definedMembers } from '../../../model/defined-members.ts'
import type { ForgeKind } from '../../../model/forge.ts'
import { problemOf } from '../../../model/problem.ts'
import { InputError } from '../../../project/system/process/input-error.ts'
import { text } from '../option/options.ts'
import type { Invocation } from '../terminal/io.ts'

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
    const hint =
      'Name the base of the API: https://api.github.com, https://github.example/api/v3, https://gitlab.example/api/v4'
    throw new InputError([problemOf('--url', 'bad-url', `it is no address of an API: ${typed}`, hint)])
  }
  if (isClear(typed)) {
    const message = `the token would go over the network in clear: ${typed}`
    throw new InputError([problemOf('--url', 'clear-url', message, 'Write https.')])
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
  const hint = `Name it: --repo acme/network. A pipeline has it in ${JOBS[kind].repository}.`
  throw new InputError([problemOf('--repo', 'bad-repository', message, hint)])
}
