const GITHUB_HOST = 'token.actions.githubusercontent.com'
const GITHUB_REPOSITORY: readonly string[] = ['repository_id', 'repository']
const GITLAB_PROJECT: readonly string[] = [
  'project_id',
  'project_path',
  'namespace_id',
  'namespace_path',
  'ref_protected',
]
/** Pipelines of merge requests run what nobody has merged yet, those from forks with claims that name the fork. */
const UNMERGED: readonly string[] = ['merge_request_event', 'external_pull_request_event']

/** What is wrong with an issuer's entry, and under which of its keys. */
export interface IssuerFault {
  readonly path: readonly string[]
  readonly said: { readonly message: string; readonly params: { readonly code: string; readonly hint: string } }
}

/** What of an issuer's entry says whose jobs are let in. */
export interface CiEntry {
  readonly issuer: string
  readonly audience: string
  readonly kind: 'person' | 'service'
  readonly require: Readonly<Record<string, string>>
}

/**
 * What an entry for GitHub Actions or GitLab CI lacks to be safe (docs.github.com "OpenID Connect reference",
 * docs.gitlab.com "ID token authentication"): GitHub's one issuer serves every repository of the world and its default
 * audience is the owner's address; a GitLab job may be one of a merge request.
 */
export function ciFault(entry: CiEntry): IssuerFault | undefined {
  if (!URL.canParse(entry.issuer)) return undefined
  return new URL(entry.issuer).hostname === GITHUB_HOST ? githubFault(entry) : gitlabFault(entry)
}

function githubFault({ kind, require, audience }: CiEntry): IssuerFault | undefined {
  if (kind !== 'service') return fault(['kind'], 'tokens of GitHub Actions are those of jobs', 'write kind: service')
  if (!GITHUB_REPOSITORY.some((claim) => Object.hasOwn(require, claim))) {
    const hint = 'add repository_id (a number in quotes; `gh api repos/OWNER/NAME --jq .id` prints it)'
    return fault(['require'], 'this issuer speaks for every repository on GitHub', hint)
  }
  if (/^https:\/\/github\.com\/[^/]+\/?$/.test(audience)) {
    const hint = 'choose one of your own and ask for it: core.getIDToken(audience)'
    return fault(['audience'], "this is the audience of every token of the owner's jobs", hint)
  }
  if (require.event_name?.startsWith('pull_request') === true) {
    const hint = 'let the job run on push or workflow_dispatch'
    return fault(['require', 'event_name'], 'jobs of pull requests run what nobody has merged yet', hint)
  }
  return undefined
}

function gitlabFault({ require }: CiEntry): IssuerFault | undefined {
  const isGitlab = GITLAB_PROJECT.some((claim) => Object.hasOwn(require, claim))
  const source = require.pipeline_source
  if (isGitlab && source === undefined) {
    const hint = 'add pipeline_source: push, web or schedule'
    return fault(['require'], 'the pipeline of a merge request from a fork has the same claims', hint)
  }
  if (source !== undefined && UNMERGED.includes(source)) {
    const hint = 'let the job run in a pipeline of the branch itself'
    return fault(['require', 'pipeline_source'], 'pipelines of merge requests run what nobody has merged yet', hint)
  }
  return undefined
}

function fault(path: readonly string[], message: string, hint: string): IssuerFault {
  return { path, said: { message, params: { code: 'ci-claims', hint } } }
}
