import { isIP } from 'node:net'
import { z } from 'zod'
import { definedMembers } from '../../../model/json.ts'
import {
  isFault,
  readReference,
  type SecretSettings,
  type VaultLogin,
  type VaultSettings,
} from '../../../model/secret-reference.ts'
import { programCommand, programVariables } from '../../../text/source/program-schema.ts'

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))
}

export function isOrigin(text: string): boolean {
  if (!/^https?:\/\/[^\s\\*]+$/i.test(text) || !URL.canParse(text)) return false
  const { username, password, pathname, search, hash, href, origin } = new URL(text)
  return username === '' && password === '' && pathname === '/' && search === '' && hash === '' && href === `${origin}/`
}

export function isClear(text: string): boolean {
  const { protocol, hostname } = new URL(text)
  return protocol === 'http:' && !isLoopback(hostname.replace(/^\[|\]$/g, ''))
}

/** An origin as `URL.origin` writes it; a text that is none as it stands. */
export const originOf = (text: string): string => (URL.canParse(text) ? new URL(text).origin : text)

/** The schema of a reference to a secret: a value in its place is refused and not repeated. */
export function secretReference(example: string) {
  return z
    .string()
    .superRefine((text, { addIssue }) => {
      const read = readReference(text)
      if (read !== undefined && !isFault(read)) return
      addIssue({
        code: 'custom',
        message: read?.fault ?? 'write a reference to the secret here, not the secret',
        params: {
          code: read === undefined ? 'clear-text-secret' : 'bad-reference',
          hint: read?.hint ?? `write where it is kept ('${example}' or a file), and change the one that was here`,
        },
      })
    })
    .meta({ examples: [example] })
}

const mount = z
  .string()
  .regex(/^[A-Za-z0-9._-]+(?:\/[A-Za-z0-9._-]+)*$/, 'the path where it is mounted, for example `jwt`')

const outsideVault = (example: string) =>
  secretReference(example).refine((text) => !text.startsWith('${vault:'), {
    error: 'the login to Vault cannot be kept in Vault itself',
    params: { code: 'vault-in-vault', hint: `keep it in the environment or in a file: ${example}` },
  })

const role = z.string().regex(/^[A-Za-z0-9._-]{1,128}$/, 'letters, digits, `.`, `_` and `-`')

const login = z
  .strictObject({
    token: outsideVault(`\${env:VAULT_TOKEN}`).optional().describe('Where a token of Vault is kept.'),
    jwt: z
      .strictObject({
        role,
        mount: mount.default('jwt'),
        token: z
          .union([z.literal('caller'), outsideVault(`\${env:EOSFLOW_TOKEN}`)])
          .default('caller')
          .describe('Where the JWT is kept. `caller`: that of the identity which calls eosflow.'),
      })
      .optional()
      .describe('Log in with a JWT, so that no secret of Vault is kept anywhere.'),
    approle: z
      .strictObject({
        roleId: z.string().min(1).max(256),
        secretId: outsideVault(`\${file:/etc/eosflow/vault-secret-id}`),
        mount: mount.default('approle'),
      })
      .optional()
      .describe('Log in as an AppRole.'),
  })
  .refine((given) => Object.keys(given).length === 1, {
    error: 'exactly one way to log in is needed',
    params: { code: 'vault-login', hint: 'keep one of `token`, `jwt` and `approle`' },
  })
  .transform(({ token, jwt, approle }): VaultLogin => {
    if (jwt !== undefined) return { method: 'jwt', ...jwt }
    return approle === undefined ? { method: 'token', token: token ?? '' } : { method: 'approle', ...approle }
  })

const vault = z
  .strictObject({
    address: z
      .string()
      .refine(isOrigin, {
        error: 'the address of Vault is a scheme, a name or address, and a port; nothing else',
        params: { code: 'bad-host', hint: 'for example `https://vault.example.com:8200`' },
      })
      .refine((text) => !isOrigin(text) || !isClear(text), {
        error: 'plain http would send its token in clear text',
        params: { code: 'plain-http', hint: 'use https; http is for a Vault on this machine (127.0.0.1)' },
      })
      .transform(originOf)
      .meta({ examples: ['https://vault.example.com:8200'] }),
    namespace: z
      .string()
      .regex(/^[A-Za-z0-9._-]+(?:\/[A-Za-z0-9._-]+)*\/?$/, 'a path such as `net` or `net/dc1`')
      .optional()
      .describe('The namespace, where Vault has several.'),
    ca: z
      .string()
      .min(1)
      .optional()
      .describe('The certificate authority (PEM), relative to the project, instead of those of the system.'),
    login,
  })
  .transform(
    ({ namespace, ca, ...rest }): VaultSettings => ({
      ...rest,
      ...definedMembers({ namespace, ca }),
    }),
  )

const provider = z
  .strictObject({
    command: programCommand()
      .describe('The program and its arguments. `{key}` is replaced with what a reference asks for. No shell is used.')
      .meta({ examples: [['/usr/bin/pass', 'show', '{key}']] }),
    env: programVariables,
    timeout: z.int().min(1).max(60).default(10).describe('How many seconds it may take.'),
  })
  .transform(({ command, env, timeout }) => ({ command, env, seconds: timeout }))

/** `secrets:` of `eosflow.yaml`: where secrets may come from besides the environment and files. */
export const secretSettings = z
  .strictObject({
    exec: z
      .record(
        z.string().regex(/^[A-Za-z][A-Za-z0-9_-]{0,63}$/, 'a letter, then letters, digits, `_` and `-`'),
        provider,
      )
      .default({})
      .describe('Programs that print one secret: `exec:NAME?KEY` in a reference.'),
    vault: vault.optional().describe('The Vault: `vault:kv/data/net/leaf1#password` in a reference.'),
  })
  .transform(({ exec, vault }): SecretSettings => ({ exec, ...definedMembers({ vault }) }))
