export interface HookRequest {
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
  /** The SHA-256 of the certificate that the sender has shown in the handshake of TLS, in hex; absent where it has shown none. */
  readonly certificate?: string
}

/** A header field of a request; undefined where it has none. */
export function headerOf({ headers }: Pick<HookRequest, 'headers'>, name: string): string | undefined {
  return Object.hasOwn(headers, name) ? headers[name] : undefined
}

export type Verification = { readonly ok: true; readonly id?: string } | { readonly ok: false; readonly reason: string }
