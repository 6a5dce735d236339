import { z } from 'zod'
import { definedMembers } from '../../../model/json.ts'
import { once } from '../../../model/once.ts'
import type { Issuer } from '../../../model/principal.ts'
import { isFault, readReference } from '../../../model/secret-reference.ts'
import { shown } from '../../../text/source/duration.ts'

const GITHUB_HOST = 'token.actions.githubusercontent.com'
const GITHUB_REPOSITORY: readonly string[] = ['repository_id', 'repository']
const GITLAB_PROJECT: readonly string[] = [
  'project_id',
  'project_path',
  'namespace_id',
  'namespace_path',
  'ref_protected',
]
const UNMERGED: readonly string[] = ['merge_request_event', 'external_pull_request_event']

type IssuerFault = ReturnType<typeof faultOf>

function ciFault(entry: Entry): IssuerFault | undefined {
  if (!URL.canParse(entry.issuer)) return undefined
  return new URL(entry.issuer).hostname === GITHUB_HOST ? githubFault(entry) : gitlabFault(entry)
}

function githubFault({ kind, require, audience }: Entry): IssuerFault | undefined {
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

function gitlabFault({ require }: Entry): IssuerFault | undefined {
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

function fault(path: readonly string[], message: string, hint: string) {
  return faultOf('ci-claims', path, message, hint)
}

function faultOf(code: string, path: readonly string[], message: string, hint: string) {
  return { path, message, params: { code, hint } }
}

const RESERVED: readonly string[] = ['local', 'ssh', 'kind', 'schedule', 'hook', 'worker']

const name = () =>
  shown(
    z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$/, 'letters, digits, `.`, `_` and `-`, at most 32')
      .refine((text) => !RESERVED.includes(text), 'a word that eosflow uses itself'),
    'How policies and records call it: the group `netops` of it is `NAME:group:netops`.',
    'corp',
  )

const issuerUrl = () =>
  shown(
    z.string().refine(isIssuerUrl, {
      error: 'an issuer is an https address without query and fragment (plain http only for 127.0.0.1 and [::1])',
      params: { code: 'bad-issuer', hint: 'write it exactly as `issuer` in its /.well-known/openid-configuration' },
    }),
    'Its issuer identifier, exactly as its tokens say it.',
    'https://idp.example.com/realms/net',
  )

const reference = () =>
  z
    .string()
    .refine(isNotOfVault, {
      error: 'write a reference to the secret here, not the secret',
      params: {
        code: 'clear-text-secret',
        hint: `write where it is kept ('\${env:EOSFLOW_CLIENT_SECRET}' or a file), and change the one that was here`,
      },
    })
    .meta({ examples: [`\${env:EOSFLOW_CLIENT_SECRET}`] })

const exactly = () =>
  z
    .string()
    .min(1)
    .refine((text) => !text.includes('*'), {
      error: 'a claim is compared exactly: there are no patterns',
      params: { code: 'claim-pattern', hint: 'write one entry for each value, under names of their own' },
    })

const claims = () => z.record(z.string().min(1), exactly())

const scope = () => z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]+$/, 'one scope, without blanks')

const issuer = () =>
  z.strictObject({
    name: name(),
    issuer: issuerUrl(),
    audience: shown(
      z.string().min(1),
      'What `aud` of its tokens must hold. Not shared with any other service.',
      'https://eosflow.example.com/api',
    ),
    kind: z.enum(['person', 'service']).default('person').describe('Whose tokens these are. A service never approves.'),
    clientId: shown(
      z.string().min(1).optional(),
      'The client that `eosflow login` is. Without it tokens come in EOSFLOW_TOKEN only.',
      'eosflow',
    ),
    clientSecret: reference().optional().describe("Where the client's secret is kept; a service logs in with it."),
    web: z
      .strictObject({
        clientId: shown(z.string().min(1), 'The client that is registered for the control room.', 'eosflow-web'),
        clientSecret: reference().optional().describe('Where its secret is kept; without one it is a public client.'),
      })
      .optional()
      .describe('The client that people log in with in a browser. Without it nobody does by this issuer.'),
    groupsClaim: z.string().min(1).optional().describe('The claim that lists the groups.'),
    personClaim: z.string().min(1).optional().describe('The claim that two identities of one human share.'),
    scopes: z
      .array(scope())
      .optional()
      .describe('What a login asks for; by default openid, offline_access, eosflow:plan and eosflow:run.'),
    approveScope: scope().default('eosflow:approve').describe('What a login for one approval must be granted.'),
    require: claims().default({}).describe('Claims and the exact strings that they must be. All of them.'),
    agent: claims().optional().describe("Claims and the exact strings that tell an agent's token."),
    mcp: z
      .strictObject({
        clients: shown(
          z.array(z.string().min(1).max(255)).default([]),
          'Clients that speak MCP. Their tokens are those of agents, also where a person has logged in.',
          ['claude-desktop'],
        ),
        audience: shown(
          z.string().min(1).optional(),
          "What `aud` of tokens for `/mcp` holds where that is another: those are agents' tokens, too.",
          'https://eosflow.example.com/mcp',
        ),
        scope: scope().default('eosflow:plan').describe('What a token must be granted that says what it is granted.'),
      })
      .optional()
      .describe('The clients that speak MCP.'),
    typ: z
      .string()
      .min(1)
      .optional()
      .describe('The `typ` of its tokens; at+jwt by default (RFC 9068), JWT without clientId. `any` asks for none.'),
    clockToleranceSec: z.int().min(0).max(300).default(30).describe('By how much the clocks may differ.'),
    maxTokenAgeSec: z
      .int()
      .min(60)
      .max(604_800)
      .optional()
      .describe('How old a token may be; an hour by default without clientId, else a day.'),
    resource: z
      .boolean()
      .default(true)
      .describe('Whether the audience is sent to the provider as `resource` (RFC 8707).'),
  })

type Entry = z.output<ReturnType<typeof issuer>>

/** `identity:` of `eosflow.yaml`: who vouches for people, services and CI jobs. */
export const identitySettings = once(() =>
  z
    .strictObject({
      issuers: z.array(issuer()).min(1).describe('The identity providers, each with what its tokens must be.'),
    })
    .superRefine(({ issuers }, { addIssue }) => {
      for (const [index, entry] of issuers.entries()) {
        const twice = issuers.findIndex((one) => one.name === entry.name) < index
        const fault = twice ? nameTwice(entry) : (loginFault(entry) ?? agentFault(entry) ?? ciFault(entry))
        if (fault !== undefined) addIssue({ code: 'custom', ...fault, path: ['issuers', index, ...fault.path] })
      }
    })
    .transform(({ issuers }): { readonly issuers: readonly Issuer[] } => ({ issuers: issuers.map(issuerOf) })),
)

function nameTwice({ name }: Entry) {
  return faultOf('issuer-twice', ['name'], `${name} is there twice`, 'give each entry a different name')
}

function loginFault({ kind, clientId, clientSecret, require, web }: Entry): IssuerFault | undefined {
  if (kind === 'service' && web !== undefined) {
    return faultOf('no-person', ['web'], 'a service has no browser', 'delete `web`: only people log in in a browser')
  }
  if (kind === 'person' && clientId === undefined) {
    const hint = 'name the client that is registered for eosflow, or write kind: service'
    return faultOf('no-client', [], 'people need a clientId to log in', hint)
  }
  if (kind === 'service' && clientId !== undefined && clientSecret === undefined) {
    const hint = 'add clientSecret with a reference, or leave clientId out'
    return faultOf('no-client-secret', ['clientId'], 'a service logs in with a secret', hint)
  }
  if (clientId === undefined && Object.keys(require).length === 0) {
    const hint = 'name the claims that only your own jobs have, for example repository_id and ref'
    return faultOf('no-claims', [], 'without require every token of this issuer would be let in', hint)
  }
  return undefined
}

function agentFault({ kind, clientId, web, mcp }: Entry): IssuerFault | undefined {
  const own = [clientId, web?.clientId].find((one) => one !== undefined && mcp?.clients.includes(one) === true)
  if (kind === 'service' || own === undefined) return undefined
  const hint = 'register a client for agents, and list that one'
  return faultOf('client-of-people', ['mcp', 'clients'], `people log in with ${own}, so it is no agent's`, hint)
}

function issuerOf({ clockToleranceSec, maxTokenAgeSec, typ, scopes, ...entry }: Entry): Issuer {
  const { clientId, clientSecret, web, groupsClaim, personClaim, agent, mcp, ...rest } = entry
  const hasClient = clientId !== undefined
  return {
    ...rest,
    ...definedMembers({ clientId, clientSecret }),
    ...(web === undefined ? {} : { web: webOf(web) }),
    ...definedMembers({ groupsClaim, personClaim, agent }),
    ...(mcp === undefined ? {} : { mcp: mcpOf(mcp) }),
    scopes: scopes ?? (rest.kind === 'person' ? PERSON_SCOPES : SERVICE_SCOPES),
    typ: typ ?? (hasClient ? 'at+jwt' : 'JWT'),
    clockTolerance: clockToleranceSec,
    maxTokenAge: maxTokenAgeSec ?? (hasClient ? 86_400 : 3600),
  }
}

function webOf({ clientId, clientSecret }: NonNullable<Entry['web']>): NonNullable<Issuer['web']> {
  return { clientId, ...definedMembers({ clientSecret }) }
}

function mcpOf({ clients, audience, scope: needed }: NonNullable<Entry['mcp']>): NonNullable<Issuer['mcp']> {
  return { clients, scope: needed, ...definedMembers({ audience }) }
}

const SERVICE_SCOPES = ['eosflow:plan', 'eosflow:run']
const PERSON_SCOPES = ['openid', 'offline_access', ...SERVICE_SCOPES]

function isNotOfVault(text: string) {
  const read = readReference(text)
  return read !== undefined && !isFault(read) && read.provider !== 'vault'
}

function isIssuerUrl(text: string) {
  if (!/^https?:\/\/[^\s\\*?#@]+$/.test(text) || !URL.canParse(text)) return false
  const { protocol, hostname } = new URL(text)
  return protocol === 'https:' || hostname === '127.0.0.1' || hostname === '[::1]'
}
