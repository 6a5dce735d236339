/** A request that brings an event, as it came: nothing of it is read before it is verified. */
export interface HookRequest {
  /** Header fields by their names in small letters. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
  /** The SHA-256 of the certificate that the sender has shown in the handshake of TLS, in hex; absent where it has shown none. */
  readonly certificate?: string
}

/** A header field of a request; undefined where it has none. */
export function headerOf({ headers }: Pick<HookRequest, 'headers'>, name: string): string | undefined {
  return Object.hasOwn(headers, name) ? headers[name] : undefined
}

/** Whether a request is of the sender that the settings name, and else why not. */
export type Verification =
  /** `id`: the name of this event, where the signature says it. */
  { readonly ok: true; readonly id?: string } | { readonly ok: false; readonly reason: string }
