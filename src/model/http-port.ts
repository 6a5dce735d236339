/** The methods of a request (RFC 9110, section 9.3; PATCH is RFC 5789). */
export const HTTP_METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const

/** One of the methods. */
export type HttpMethod = (typeof HTTP_METHODS)[number]

/** Whether a request of this method only reads: a safe method (RFC 9110, section 9.2.1). */
export function isSafeMethod(method: HttpMethod): boolean {
  return method === 'GET' || method === 'HEAD'
}

/** Whether a request only reads: it may be given up, and sent again. */
export function isRead({ method, onlyReads }: Pick<HttpRequest, 'method' | 'onlyReads'>): boolean {
  return onlyReads === true || isSafeMethod(method)
}

/** Whether sending a request of this method twice has the effect of sending it once (RFC 9110, section 9.2.2). */
export function isIdempotentMethod(method: HttpMethod): boolean {
  return isSafeMethod(method) || method === 'PUT' || method === 'DELETE'
}

/** One request, complete but for its secrets and its signature. */
export interface HttpRequest {
  /** How messages name it: method and address, without what may be confidential in it. */
  readonly name: string
  readonly method: HttpMethod
  /** Absolute, with its query. */
  readonly url: string
  /** By lower-case name. A value may hold references to secrets, `${env:NAME}` or `${file:/path}`. */
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  /** How long the answer may take, from the connection to its last byte. */
  readonly milliseconds: number
  /** Whether it only reads although its method would write. */
  readonly onlyReads?: true
}

/** What came back, whole. */
export interface HttpAnswer {
  readonly status: number
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

/** One service that the operator allows, and what it is spoken to with. */
export interface AllowedHost {
  /** Scheme, host and port, as `URL.origin` writes them. */
  readonly origin: string
  /** The reference to the key that signs requests to it. */
  readonly key: string
  /** The file of the certificate authority, PEM, that it is trusted by instead of those of the system. */
  readonly ca?: string
  /** The references to secrets that may be sent to it. */
  readonly secrets: readonly string[]
}

/** Services behind HTTP that the operator allows. */
export interface HttpPort {
  /**
   * Sends one request, once, and gives the answer whatever its status. Throws EosflowError: `guard` when the operator's
   * settings do not allow the host or a secret for it, `secret`, `unreachable` and `tls` when nothing of the request was
   * sent, `lost-answer` when something was sent and no complete answer came, `protocol` when the answer is too long or
   * encoded, `cancelled` when `signal` was aborted before anything was sent, or while it was only read. A write
   * under way is waited for.
   */
  send(request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer>
  /** The text without any secret that this port has sent. */
  scrub(text: string): string
}
