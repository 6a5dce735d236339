/** A program of the operator that prints one secret. Only the project's settings declare one. */
export interface ExecProvider {
  /** The program by its absolute path, and its arguments; `{key}` in one of them is what the reference asks for. */
  readonly command: readonly [string, ...string[]]
  /** The environment variables that it is given; no other. */
  readonly env: readonly string[]
  /** How long it may take. */
  readonly seconds: number
}

/** How eosflow logs in to Vault. Tokens and secret ids are references, never to Vault itself. */
export type VaultLogin =
  | { readonly method: 'token'; readonly token: string }
  /** `token`: a reference to a JWT, or `caller`: the identity that called eosflow. */
  | { readonly method: 'jwt'; readonly mount: string; readonly role: string; readonly token: string }
  | { readonly method: 'approle'; readonly mount: string; readonly roleId: string; readonly secretId: string }

/** The Vault of a project. */
export interface VaultSettings {
  /** Scheme, host and port: https, or http on loopback. */
  readonly address: string
  readonly namespace?: string
  /** The file of the certificate authority, PEM, relative to the project; without it those of the system. */
  readonly ca?: string
  readonly login: VaultLogin
}

/** Where the secrets of a project may come from besides the environment and files. */
export interface SecretSettings {
  readonly exec: Readonly<Record<string, ExecProvider>>
  readonly vault?: VaultSettings
}
