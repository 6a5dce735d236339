import { EosflowError } from '../model/error.ts'

/** Where a secret comes from. */
export type SecretReference =
  | { readonly provider: 'env'; readonly name: string }
  | { readonly provider: 'file'; readonly path: string }

const REFERENCE = /^\$\{([^:}]*):([^}]*)\}$/
const LATER = ['vault', 'exec', 'aws-sm', 'aws-ssm']

/**
 * Reads `${env:NAME}` or `${file:/path}`; undefined when the text is no reference at all. Throws `secret` on a
 * reference that is malformed or of a provider that is unknown or not built yet.
 */
export function parseReference(text: string): SecretReference | undefined {
  const [, provider = '', key = ''] = REFERENCE.exec(text) ?? []
  if (!text.includes('${')) return undefined
  if (provider === 'env') return { provider, name: envName(key) }
  if (provider === 'file') return { provider, path: absolutePath(key) }
  if (LATER.includes(provider)) {
    throw new EosflowError('secret', `secrets from ${provider} are not built yet`, {
      hint: `Use \${env:NAME} or \${file:/path} for now.`,
    })
  }
  // The text itself may be a secret with a dollar sign in it, so it is not shown.
  throw new EosflowError('secret', 'this is not a reference to a secret', {
    hint: `Write \${env:NAME} or \${file:/path}, and nothing around it.`,
  })
}

function envName(name: string): string {
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return name
  throw new EosflowError('secret', `not a name of an environment variable: ${JSON.stringify(name)}`)
}

function absolutePath(path: string): string {
  if (path.startsWith('/')) return path
  throw new EosflowError('secret', `the path of a secret must be absolute: ${JSON.stringify(path)}`)
}
