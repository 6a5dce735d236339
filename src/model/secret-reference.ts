import { definedMembers } from './json.ts'

/** Where a secret is kept: never the secret itself, so a reference may stand in any file. */
export type SecretReference =
  | { readonly provider: 'env'; readonly name: string }
  /** `path` is absolute. */
  | { readonly provider: 'file'; readonly path: string }
  /** `name` is a program of the operator's settings; `key` is what it is asked for. */
  | { readonly provider: 'exec'; readonly name: string; readonly key?: string }
  /** `version` pins one version of a KV v2 secret; without it the newest is meant. */
  | { readonly provider: 'vault'; readonly path: string; readonly field: string; readonly version?: number }

export interface ReferenceFault {
  readonly fault: string
  readonly hint: string
}

const REFERENCE = /^\$\{([a-z0-9-]+):([^{}]*)\}$/
const WRITE = `Write \${env:NAME}, \${file:/path}, \${exec:PROVIDER?KEY} or \${vault:PATH#FIELD}, and nothing around it.`

/** Reads `${env:NAME}`, `${file:/path}`, `${exec:PROVIDER?KEY}` or `${vault:PATH#FIELD@VERSION}`. */
export function readReference(text: string): SecretReference | ReferenceFault | undefined {
  if (!text.includes('${')) return undefined
  const [, provider, key = ''] = REFERENCE.exec(text) ?? []
  switch (provider) {
    case 'env':
      return envReference(key)
    case 'file':
      return fileReference(key)
    case 'exec':
      return execReference(key)
    case 'vault':
      return vaultReference(key)
    case 'aws-sm':
    case 'aws-ssm':
      return {
        fault: `eosflow does not speak to AWS itself (${provider})`,
        hint: `Declare the aws command under secrets: exec: in eosflow.yaml and write \${exec:PROVIDER?KEY}.`,
      }
    default:
      // The text itself may be a secret with a dollar sign in it, so it is not shown.
      return { fault: 'this is not a reference to a secret', hint: WRITE }
  }
}

/** Whether a reading of {@link readReference} failed. */
export function isFault(read: SecretReference | ReferenceFault): read is ReferenceFault {
  return 'fault' in read
}

export function referenceText(reference: SecretReference): string {
  switch (reference.provider) {
    case 'env':
      return `\${env:${reference.name}}`
    case 'file':
      return `\${file:${reference.path}}`
    case 'exec':
      return `\${exec:${reference.name}${reference.key === undefined ? '' : `?${reference.key}`}}`
    case 'vault':
      return `\${vault:${reference.path}#${reference.field}${reference.version === undefined ? '' : `@${reference.version}`}}`
  }
}

function envReference(name: string): SecretReference | ReferenceFault {
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return { provider: 'env', name }
  return { fault: `not a name of an environment variable: ${JSON.stringify(name)}`, hint: WRITE }
}

function fileReference(path: string): SecretReference | ReferenceFault {
  if (path.startsWith('/')) return { provider: 'file', path }
  return { fault: `the path of a secret must be absolute: ${JSON.stringify(path)}`, hint: WRITE }
}

// A key is one word that no program takes for an option.
const EXEC = /^([A-Za-z][A-Za-z0-9_-]{0,63})(?:\?([A-Za-z0-9_./][A-Za-z0-9_./:@#=,+-]{0,511}))?$/

function execReference(text: string): SecretReference | ReferenceFault {
  const [, name, key] = EXEC.exec(text) ?? []
  if (name !== undefined) return { provider: 'exec', name, ...definedMembers({ key }) }
  return {
    fault: `not a program of the settings and a key: ${JSON.stringify(text)}`,
    hint: `Write \${exec:PROVIDER?KEY}: the provider is a name under secrets: exec: in eosflow.yaml, the key is one word.`,
  }
}

const VAULT = /^([A-Za-z0-9._-]+(?:\/[A-Za-z0-9._-]+)+)#([A-Za-z0-9._-]+)(?:@([1-9]\d{0,8}))?$/

function vaultReference(text: string): SecretReference | ReferenceFault {
  const [, path = '', field, version] = VAULT.exec(text) ?? []
  const segments = path.split('/')
  if (field === undefined || segments.some((one) => one === '.' || one === '..') || /^(?:sys|auth)\//.test(path)) {
    return {
      fault: `not a path and a field of Vault: ${JSON.stringify(text)}`,
      hint: `Write \${vault:kv/data/net/leaf1#password} or, pinned, \${vault:kv/data/net/leaf1#password@7}.`,
    }
  }
  if (segments[1] !== 'data' && ['sign', 'issue'].includes(segments.at(-2) ?? '')) {
    return {
      fault: `certificates that Vault signs are not built: ${JSON.stringify(path)}`,
      hint: 'The SSH client (ssh2 1.17) cannot log in with a user certificate: give the user a password or a plain key.',
    }
  }
  return { provider: 'vault', path, field, ...(version === undefined ? {} : { version: Number(version) }) }
}

export interface ExecProvider {
  /** The program by its absolute path, and its arguments; `{key}` in one of them is what the reference asks for. */
  readonly command: readonly [string, ...string[]]
  readonly env: readonly string[]
  readonly seconds: number
}

/** Tokens and secret ids are references, never to Vault itself. */
export type VaultLogin =
  | { readonly method: 'token'; readonly token: string }
  /** `token`: a reference to a JWT, or `caller`: the identity that called eosflow. */
  | { readonly method: 'jwt'; readonly mount: string; readonly role: string; readonly token: string }
  | { readonly method: 'approle'; readonly mount: string; readonly roleId: string; readonly secretId: string }

export interface VaultSettings {
  readonly address: string
  readonly namespace?: string
  readonly ca?: string
  readonly login: VaultLogin
}

export interface SecretSettings {
  readonly exec: Readonly<Record<string, ExecProvider>>
  readonly vault?: VaultSettings
}
