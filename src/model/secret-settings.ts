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
