/** Where a secret is kept: never the secret itself, so a reference may stand in any file. */
export interface SecretReference {
  readonly provider: 'env' | 'file' | 'vault' | 'exec'
  /** The variable's name, the file's path, the vault's path and key, or the command line. */
  readonly key: string
}

const REFERENCE = /^\$\{(env|file|vault|exec):([^{}]+)\}$/

/** Reads `${env:NAME}`, `${file:PATH}`, `${vault:PATH}` or `${exec:COMMAND}`; undefined when the text is anything else. */
export function parseReference(text: string): SecretReference | undefined {
  const [, provider, key = ''] = REFERENCE.exec(text) ?? []
  const trimmed = key.trim()
  if (provider === undefined || trimmed === '') return undefined
  if (provider === 'env' && !/^[A-Za-z_][A-Za-z0-9_]*$/.test(trimmed)) return undefined
  return { provider: provider as SecretReference['provider'], key: trimmed }
}
