import { z } from 'zod'
import { isClear, isOrigin, originOf, secretReference } from '../../../change/inventory/switch/secret-settings.ts'
import type { AllowedHost } from '../../../model/http-port.ts'
import { definedMembers, isJsonObject, type Json } from '../../../model/json.ts'
import { once } from '../../../model/once.ts'
import type { Issuer } from '../../../model/principal.ts'
import { shown } from '../../../text/source/duration.ts'
import { expressionFaults, isExpression } from './event-expression.ts'

export interface HookVerification {
  readonly way: 'standardWebhooks' | 'github' | 'netbox' | 'gitlab' | 'bearer' | 'mtls'
  readonly keys: readonly string[]
}

export interface HookSettings {
  readonly name: string
  readonly path: string
  readonly verify: HookVerification
  readonly on: Readonly<Record<string, readonly (string | number | boolean | null)[]>>
  readonly does: 'plan' | 'run'
  readonly workflow: string
  readonly params: Json
  readonly targets?: string
  readonly commit?: string
  readonly requesters?: {
    readonly issuer: string
    readonly members: readonly string[]
    readonly claim?: string | undefined
  }
}

const NAME = /^[a-z][a-z0-9-]{0,39}$/
const name = () => z.string().regex(NAME, 'a small letter, then small letters, digits and `-`, 40 at most')

// A member of an event: `status`, `commonLabels.team`, `alerts.0.labels.site`, `$event.type`.
const MEMBER = /^(?:\$event\.)?[^.\s]+(?:\.[^.\s]+){0,9}$/
const member = () => z.string().regex(MEMBER, 'the names of members, joined by dots')

// Several, so that one can be replaced while the sender still signs with the other.
const keys = (example: string) =>
  z
    .union([secretReference(example), z.array(secretReference(example)).min(1).max(4)])
    .transform((given) => [given].flat())

const fingerprint = () =>
  z
    .string()
    .regex(
      /^(?:[0-9A-Fa-f]{2}:?){31}[0-9A-Fa-f]{2}$/,
      'the SHA-256 of a certificate, as `openssl x509 -fingerprint -sha256` prints it',
    )
    .transform((text) => text.replaceAll(':', '').toLowerCase())
const certificates = () =>
  z.union([fingerprint(), z.array(fingerprint()).min(1).max(8)]).transform((given) => [given].flat())

const verify = () =>
  z
    .strictObject({
      standardWebhooks: keys(`\${env:NETBOX_HOOK}`)
        .optional()
        .describe('`webhook-signature` by a shared key (Standard Webhooks 1.0.0), at most 5 minutes old.'),
      github: keys(`\${env:GITHUB_HOOK}`).optional().describe('`X-Hub-Signature-256` by the secret of the webhook.'),
      netbox: keys(`\${env:NETBOX_HOOK}`).optional().describe('`X-Hook-Signature` by the secret of the webhook.'),
      gitlab: keys(`\${env:GITLAB_HOOK}`)
        .optional()
        .describe('`X-Gitlab-Token`; of a signing token, which begins with `whsec_`, the signature.'),
      bearer: keys(`\${env:ALERTS_TOKEN}`).optional().describe('`Authorization: Bearer` with this token.'),
      mtls: certificates()
        .optional()
        .describe('The SHA-256 of the certificate that the sender shows in the handshake of TLS; needs `server: tls`.'),
    })
    .refine((given) => Object.values(given).filter((one) => one !== undefined).length === 1, {
      error: 'exactly one way to verify an event is needed',
      params: {
        code: 'event-verify',
        hint: 'one of `standardWebhooks`, `github`, `netbox`, `gitlab`, `bearer`, `mtls`',
      },
    })
    .transform((given): HookVerification => {
      const [[way, of = []] = ['bearer']] = Object.entries(given).filter(([, one]) => one !== undefined)
      return { way: way as HookVerification['way'], keys: of }
    })

const scalar = () => z.union([z.string(), z.number(), z.boolean(), z.null()])
const on = () =>
  z
    .record(member(), z.union([scalar(), z.array(scalar()).min(1).max(50)]))
    .refine((given) => Object.keys(given).length <= 20, 'at most 20 members')
    .transform((given) => Object.fromEntries(Object.entries(given).map(([key, of]) => [key, [of].flat()] as const)))

const params = () =>
  z
    .custom<Json>((given) => typeof given === 'string' || isJsonObject(given as Json), 'a mapping, or `{% … %}`')
    .superRefine((given, { addIssue }) => {
      if (typeof given === 'string' && !isExpression(given)) {
        const hint = `for example \`{% {"vlan": $event.data.vid} %}\``
        addIssue({ code: 'custom', message: 'a text here is an expression', params: { code: 'bad-expression', hint } })
      }
      for (const { path, message } of expressionFaults(given)) {
        const params = {
          code: 'bad-expression',
          hint: 'an expression is JSONata between `{%` and `%}`, and reads `$event`',
        }
        addIssue({ code: 'custom', path: [...path], message, params })
      }
    })

const change = () =>
  z.strictObject({
    workflow: z.string().min(1).max(200).describe('The file of the workflow, from the root of the project.'),
    params: shown(
      params().default({}),
      'The parameters of the workflow. A text `{% … %}` is an expression that reads `$event`.',
      `{% {"vlan": $event.data.vid} %}`,
    ),
    targets: z.string().min(1).max(10_000).optional().describe('Selects switches, as `-t` of the command line does.'),
    commit: shown(
      member().optional(),
      'The member of an event that names a commit; the files are then those of the commit (`project: git`).',
      'after',
    ),
  })

const requesters = () =>
  z.strictObject({
    issuer: z.string().min(1).describe('The identity provider of `identity:` that knows them.'),
    members: shown(
      z.array(member()).min(1).max(5),
      'The members of an event that name a person: by their subject there, or as its `personClaim` does.',
      ['pusher.email'],
    ),
    claim: z
      .string()
      .min(1)
      .max(100)
      .optional()
      .describe('Which claim of the provider the members hold: `sub`, or its `personClaim`.'),
  })

const hook = () =>
  z
    .strictObject({
      name: name().describe('It is the service `hook:NAME` to the policy.'),
      path: name().optional().describe('Events are sent to `/api/v1/hooks/PATH`. Default: its name.'),
      verify: verify().describe('How a sender proves itself: nothing of an event is read before that.'),
      on: shown(on().default({}), 'Only events whose members have these values make anything.', { status: 'firing' }),
      plan: change().optional().describe('An event makes a plan.'),
      run: change().optional().describe('An event starts a change, which needs its approvals as any does.'),
      requesters: requesters()
        .optional()
        .describe('Whom an event names: they count as somebody who has made its plan (`notRequester`).'),
    })
    .refine(({ plan, run }) => (plan === undefined) !== (run === undefined), {
      error: 'exactly one of `plan` and `run` is needed',
      params: {
        code: 'event-does',
        hint: '`plan` makes a plan; `run` starts a change where the policy lets `hook:NAME`',
      },
    })
    .transform(({ name, path = name, verify, on, plan, run, requesters }): HookSettings => {
      const { workflow, params, targets, commit } = plan ?? run ?? { workflow: '', params: {} }
      return {
        name,
        path,
        verify,
        on,
        does: plan === undefined ? 'run' : 'plan',
        workflow,
        params,
        ...definedMembers({ targets, commit, requesters }),
      }
    })

/** `events:` of `eosflow.yaml`: which events `eosflow serve` takes from outside, and what they make. */
export const eventSettings = once(() =>
  z
    .array(hook())
    .max(50)
    .superRefine((hooks, { addIssue }) => {
      for (const [index, { name: own, path }] of hooks.entries()) {
        const before = hooks.slice(0, index)
        const isName = before.some((other) => other.name === own)
        if (isName || before.some((other) => other.path === path))
          addIssue({
            code: 'custom',
            path: isName ? [index, 'name'] : [index],
            message: `the ${isName ? `name ${own}` : `path ${path}`} is there twice`,
            params: { code: 'event-twice', hint: 'give each its own' },
          })
      }
    }),
)

/** What of the other settings `events:` needs, and does not have: which entry, and what. */
export function eventFaults(
  hooks: readonly HookSettings[],
  has: {
    readonly hasTls: boolean
    readonly hasGit: boolean
    readonly issuers: readonly Pick<Issuer, 'name' | 'personClaim'>[]
  },
): readonly { readonly index: number; readonly message: string; readonly code: string; readonly hint: string }[] {
  const { hasTls, hasGit } = has
  const issuers = has.issuers.map(({ name }) => name)
  return hooks.flatMap(({ verify: { way }, requesters: who, commit }, index) =>
    [
      ...(commit === undefined || hasGit
        ? []
        : [
            {
              code: 'event-without-git',
              message: 'the event names a commit, and there is no `project: git` that says of which branch',
              hint: 'add `project: { git: { signedBy: trust/allowed_signers } }`',
            },
          ]),
      ...(way !== 'mtls' || hasTls
        ? []
        : [
            {
              code: 'event-without-tls',
              message: 'a certificate of the sender is only seen where this server ends TLS itself',
              hint: 'add `server: { tls: … }`, or verify in another way',
            },
          ]),
      ...(who === undefined || issuers.includes(who.issuer)
        ? []
        : [
            {
              code: 'unknown-issuer',
              message: `there is no identity provider \`${who.issuer}\` in \`identity:\``,
              hint: issuers.length === 0 ? 'add `identity:`' : `one of ${issuers.join(', ')}`,
            },
          ]),
      ...unmeant(who, has.issuers),
    ].map((fault) => ({ index, ...fault })),
  )
}

function unmeant(who: HookSettings['requesters'], issuers: readonly Pick<Issuer, 'name' | 'personClaim'>[]) {
  const issuer = issuers.find(({ name }) => name === who?.issuer)
  if (who === undefined || issuer === undefined) return []
  const known = ['sub', ...(issuer.personClaim === undefined ? [] : [issuer.personClaim])]
  const mail =
    issuer.personClaim === undefined ? undefined : who.members.find((one) => one.split('.').at(-1) === 'email')
  const claim = who.claim ?? (mail === undefined ? undefined : 'email')
  if (claim === undefined || known.includes(claim)) return []
  return [
    {
      code: 'requesters-unmeant',
      message: `${who.members.join(', ')} names people by \`${claim}\`, and eosflow knows those of ${issuer.name} by ${known.join(' and ')} alone: nobody is meant`,
      hint: `name a member that holds ${known.join(' or ')}, and say so with \`claim:\``,
    },
  ]
}

const reference = secretReference(`\${env:EOSFLOW_HTTP_KEY}`)

const origin = () =>
  z
    .string()
    .refine(isOrigin, {
      error: 'a host is a scheme, a name or address, and a port that is not the usual one; nothing else',
      params: {
        code: 'bad-host',
        hint: 'for example `https://cmdb.example.com` or `https://tickets.example.com:8443`',
      },
    })
    .meta({ examples: ['https://cmdb.example.com'] })

const ca = () =>
  z
    .string()
    .min(1)
    .describe('The certificate authority (PEM), relative to the project, instead of those of the system.')

const host = () =>
  z.strictObject({
    origin: origin(),
    key: reference.optional().describe('What signs requests to this host, instead of `http: key:`.'),
    ca: ca().optional(),
    secrets: z.array(reference).default([]).describe('The references that headers of a request to this host may hold.'),
  })

/** `http:` of `eosflow.yaml`: which services the task `http` may ask. */
export const httpSettings = once(() =>
  z
    .strictObject({
      hosts: z
        .array(z.union([origin(), host()]))
        .min(1)
        .describe('The services that may be asked: scheme, host and port, exactly.'),
      key: reference.describe('What signs every request; 32 characters or more.'),
      ca: ca().optional(),
    })
    .superRefine(({ hosts }, { addIssue }) => {
      const origins = hosts.map((entry) => originOf(typeof entry === 'string' ? entry : entry.origin))
      for (const [index, entry] of hosts.entries()) {
        const fault = hostFault(entry, origins, index)
        if (fault !== undefined) addIssue({ code: 'custom', path: ['hosts', index], ...fault })
      }
    })
    .transform(({ hosts, key, ca }): { readonly hosts: readonly AllowedHost[] } => ({
      hosts: hosts.map((entry) => {
        const own = typeof entry === 'string' ? { origin: entry, secrets: [] } : entry
        const authority = own.ca ?? ca
        return {
          origin: originOf(own.origin),
          key: own.key ?? key,
          ...definedMembers({ ca: authority }),
          secrets: own.secrets,
        }
      }),
    })),
)

type Host = z.output<ReturnType<typeof host>>

function hostFault(entry: string | Host, origins: readonly string[], index: number) {
  const own = origins[index] ?? ''
  if (origins.indexOf(own) < index) {
    const params = { code: 'host-twice', hint: 'keep one entry for each host' }
    return { message: `${own} is there twice`, params }
  }
  if (typeof entry === 'string' || entry.secrets.length === 0 || !isClear(own)) return undefined
  const params = { code: 'plain-http', hint: 'use https, or take away secrets:' }
  return { message: `plain http to ${own} would send its secrets in clear text`, params }
}

// A remote as `git remote` lists it: never an option, and never an address.
const remote = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/, 'the name of a remote, as `git remote` lists it')

// A branch by its full name (git-check-ref-format(1), as far as names need it).
const branch = z
  .string()
  .regex(/^refs\/heads\/[A-Za-z0-9_][A-Za-z0-9._-]*(?:\/[A-Za-z0-9_][A-Za-z0-9._-]*)*$/, 'a branch: refs/heads/main')
  .max(200)
  .refine((name) => !name.includes('..') && !/\.lock(?:\/|$)|\.$/.test(name), 'a branch: refs/heads/main')

const git = z.strictObject({
  remote: remote.default('origin').describe('The remote that is fetched, as `git remote` lists it in the project.'),
  ref: shown(
    branch.default('refs/heads/main'),
    'The branch that a commit must be on, by its full name.',
    'refs/heads/main',
  ),
  signedBy: z
    .enum(['trust/allowed_signers', 'none'])
    .describe('Who must have signed a commit: a key of `trust/allowed_signers`, or `none`. There is no default.'),
})

export type GitSettings = z.output<typeof git>

/** `project:` of `eosflow.yaml`: where the files of the project come from, where an event names a commit. */
export const projectSettings = z.strictObject({
  git: git.optional().describe('The repository of the project, where an event names a commit of it.'),
})
